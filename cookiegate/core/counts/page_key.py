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


def page_key(path: str) -> str:
    """The label of a path (`PATH_INFO`, decoded, without query): placeholders, 8 segments, 96 characters."""
    if _PLAIN.match(path) and len(path) <= LONGEST:
        return path
    kept = [_segment(part) for part in path[:LONGEST_PATH].split("/")[1:]]
    if len(kept) > MOST_SEGMENTS:
        kept = [*kept[:MOST_SEGMENTS], "…"]
    label = "/" + "/".join(kept)
    return label if len(label) <= LONGEST else label[: LONGEST - 1] + "…"


def _segment(text: str) -> str:
    text = unquote(text.partition(";")[0], errors="replace")
    if not text:
        return ""
    if "@" in text:
        return ":email"
    if _DATED.match(text):
        return text
    if _NUMBER.match(text):
        return ":number"
    if _HEX.match(text):
        return ":id"
    label = clean_label(text)
    if label == HIDDEN or not all(map(_is_word, _BETWEEN_WORDS.split(label))):
        return ":token"
    label = label.replace("/", "")
    return label if len(label) <= LONGEST_SEGMENT else label[: LONGEST_SEGMENT - 1] + "…"


def _is_word(piece: str) -> bool:
    if not piece or _WORD.match(piece):
        return not _ODD_CASE.search(piece)
    return _WORD_WITH_NUMBER.match(piece) is not None
