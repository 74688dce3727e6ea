"""Which page a view counts for: the path with placeholders in the place of whatever names one thing alone.

    /users/4711/orders/7d0c9f3e-52a1-4a5e-8a0e-0f6f2f9f2b9c  ->  /users/:number/orders/:id

The query never counts. A framework's own route (Flask's `url_rule`) is better where there is one: it is
written by the site's developer and holds nothing of a request.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from .labels import HIDDEN, LONGEST, clean_label

MOST_SEGMENTS = 8
LONGEST_SEGMENT = 48
LONGEST_PATH = 1024
"""Characters of a path that are read."""

_PLAIN = re.compile(r"(?:/[a-z][a-z_.-]{0,23}){1,4}\Z")
"""The usual path: nothing in it can be a placeholder."""

_NUMBER = re.compile(r"[+-]?\d[\d.,_]*\Z")
_DATED = re.compile(r"(?:19|20)\d\d(?:-\d\d){0,2}\Z")
_HEX = re.compile(r"(?=[^/]*\d)[0-9a-fA-F]{7,}\Z|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")
_BETWEEN_WORDS = re.compile(r"[-_.~+, ]+")
_WORD = re.compile(r"[^\W\d_]{1,28}\Z|\d{1,4}\Z")
_WORD_WITH_NUMBER = re.compile(
    r"(?:[^\W\d_]{1,12}\d{1,4}|\d{1,4}[^\W\d_]{1,12}|[^\W\d_]{1,6}\d[^\W\d_]{1,8})\Z"
)
"""covid19, 4k, mp3player."""

_ODD_CASE = re.compile(r"(?:[a-z]+[A-Z]+){3}|[A-Z]{2,}[a-z]+[A-Z]")
"""What no word looks like, and random letters soon do."""

_NO_VOWEL = re.compile(r"(?<![a-z])[b-df-hj-np-tv-xz]{7,}(?![a-z])|[b-df-hj-np-tv-xz]{9}")
"""Seven letters by themselves, nine in a word: German goes up to eight (Angstschweiss)."""

_ODD_PAIR = re.compile(
    r"q[b-df-hj-np-tv-xz]|[bfghjkmpvwxz]q|[bcfghjkmqsvwz]x|x[djkqrvwxz]|v[bfghjkmqwxz]|w[jqvx]|z[fjqrx]|j[fgqvwx]"
)
"""Letters that no language has side by side, but for names and what is put together: two of them are no word."""

_FOR_ONE = frozenset(
    (
        *(
            "s",
            "r",
            "t",
            "l",
            "reset",
            "verify",
            "confirm",
            "confirmation",
            "invite",
            "invitation",
            "unsubscribe",
        ),
        *(
            "token",
            "share",
            "activate",
            "activation",
            "magic",
            "login",
            "auth",
            "callback",
            "download",
            "tracking",
        ),
    )
)
"""After these comes what was made for one person: a word, or a token."""

_NUMBERED = frozenset(
    (
        *(
            "users",
            "user",
            "u",
            "members",
            "member",
            "customers",
            "customer",
            "clients",
            "client",
            "accounts",
        ),
        *(
            "account",
            "profiles",
            "profile",
            "people",
            "persons",
            "person",
            "patients",
            "patient",
            "orders",
            "order",
        ),
        *("invoices", "invoice", "tickets", "ticket", "ids", "id"),
    )
)
"""After these a number is never a year."""

_REMEMBERED = 4096
_known: set[str] = set()
"""Paths that are their own label: they are among the counts anyway, and asked for again at once."""


def page_key(path: str) -> str:
    """The label of a path (`PATH_INFO`, decoded, without query): placeholders, 8 segments, 96 characters."""
    if path in _known:
        return path
    label = _label(path)
    if label == path:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        _known.add(path)
    return label


def _label(path: str) -> str:
    if _PLAIN.match(path) and len(path) <= LONGEST and not _is_random(path):
        return path
    before, kept = "", []
    for part in path[:LONGEST_PATH].split("/")[1:]:
        kept.append(_segment(part, before))
        before = part.lower()
    if len(kept) > MOST_SEGMENTS:
        kept = [*kept[:MOST_SEGMENTS], "…"]
    label = "/" + "/".join(kept)
    return label if len(label) <= LONGEST else label[: LONGEST - 1] + "…"


def _segment(text: str, before: str) -> str:
    """`before` is the segment before this one."""
    text = unquote(text.partition(";")[0], errors="replace")
    if not text:
        return ""
    if "@" in text:
        return ":email"
    if _DATED.match(text) and before not in _NUMBERED and before not in _FOR_ONE:
        return text
    if _NUMBER.match(text):
        return ":number"
    if _HEX.match(text):
        return ":id"
    label = clean_label(text)
    if label == HIDDEN or not all(map(_is_word, _BETWEEN_WORDS.split(label))):
        return ":token"
    if before in _FOR_ONE and any(map(str.isdigit, label)):
        return ":token"
    label = label.replace("/", "")
    return label if len(label) <= LONGEST_SEGMENT else label[: LONGEST_SEGMENT - 1] + "…"


def _is_word(piece: str) -> bool:
    if _is_random(piece):
        return False
    if not piece or _WORD.match(piece):
        return not _ODD_CASE.search(piece)
    return _WORD_WITH_NUMBER.match(piece) is not None


def _is_random(text: str) -> bool:
    """Letters at random, as far as they can be told from the words of many languages."""
    lowered = text.lower()
    return _NO_VOWEL.search(lowered) is not None or len(_ODD_PAIR.findall(lowered)) > 1
