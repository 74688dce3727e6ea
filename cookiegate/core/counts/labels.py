"""Labels: the only words of a request that are counted under, and what never becomes one.

A label is shown to the operator, so whatever looks like a person's own (an e-mail address, a token, a long
number) becomes a placeholder before it is counted, and control characters go: they separate parts inside a
stored label.
"""

from __future__ import annotations

import re

OTHER = "(other)"
"""Begins the label of a sealed group; nothing is counted under it."""

REST = "(rest)"
"""Where a label is counted that came after a panel had its fill of labels."""

UNKNOWN = "(unknown)"
HIDDEN = "(hidden)"
"""Stands for a value that may be somebody's own."""

LONGEST = 96
"""Characters of a label."""

SEPARATOR = "\x1f"
"""Between the parts of a label: no part holds a control character."""

_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]"
)
# Each begins where a run of its letters does, and nowhere in it: else a long path would cost its square.
_PERSONAL = re.compile(
    r"@|%40"  # an e-mail address, or an account
    r"|\d{6,}"  # a telephone number, an order, a date of birth
    r"|(?:\d[ .+()/-]{0,2}){8,}"  # the same, spaced out
    r"|(?<![0-9a-f])[0-9a-f]{4,}-[0-9a-f]{4,}-"  # a UUID
    r"|(?<![0-9a-z_-])(?=[0-9a-z_-]{16})(?=[0-9a-z_-]*\d[a-z]+\d)"  # a token
    r"|\d{1,3}(?:\.\d{1,3}){3}"  # an address
    r"|:[0-9a-f:]*:",
    re.IGNORECASE,
)


def clean_label(text: str) -> str:
    """`text` as a label: one line of at most `LONGEST` characters, `(hidden)` where it may be somebody's own.

    "" stays "". Parentheses at its start would imitate our own labels and go.
    """
    text = " ".join(_UNPRINTABLE.sub(" ", text[: 4 * LONGEST]).split()).lstrip("( ")
    if _PERSONAL.search(text):
        return HIDDEN
    return text[:LONGEST].rstrip()
