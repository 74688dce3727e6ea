"""Labels: the only words of a request that are counted under, and what never becomes one.

A label is shown to the operator, so whatever looks like a person's own (an e-mail address, a token, a long
number) becomes a placeholder before it is counted, and control characters go: they separate parts inside a
stored label.
"""

from __future__ import annotations

import re
from html import unescape
from unicodedata import normalize
from urllib.parse import unquote

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

_ENCODED = re.compile(r"[%&\\\x80-\U0010ffff]")
"""Without any of these a text is in plain letters."""

_ESCAPED = re.compile(r"[%\\]u([0-9a-f]{4})|\\x([0-9a-f]{2})", re.IGNORECASE)
_MOST_DECODED = 4
"""Times that a text is decoded; nothing harmless is encoded more often."""


def clean_label(text: str) -> str:
    """`text` as a label: one line of at most `LONGEST` characters, `(hidden)` where it may be somebody's own.

    "" stays "". Parentheses at its start would imitate our own labels and go. What is kept is the text as it came:
    decoded further, it is judged alone.
    """
    text = " ".join(_UNPRINTABLE.sub(" ", text[: 4 * LONGEST]).split()).lstrip("( ")
    if _is_personal(text):
        return HIDDEN
    return text[:LONGEST].rstrip()


def _is_personal(text: str) -> bool:
    """Whether it may be somebody's own, however it is spelt: a full-width sign, a character reference, an escape, or
    percent signs that were encoded once more by each redirect on the way."""
    for _ in range(_MOST_DECODED):
        if _PERSONAL.search(text):
            return True
        decoded = _decoded(text)
        if decoded == text:
            return False
        text = decoded
    return _PERSONAL.search(text) is not None or _decoded(text) != text


def _decoded(text: str) -> str:
    """Once: escapes, percent signs, character references, and compatibility forms as what they stand for."""
    if not _ENCODED.search(text):
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1] or match[2], 16)), text)
    return normalize("NFKC", unescape(unquote(text, errors="replace")))
