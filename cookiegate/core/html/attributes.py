"""A tag's attributes where they stand, and what a browser reads in their values."""

from __future__ import annotations

import html
import html.entities
import re

from .grammar import UNWATCHED_ATTRIBUTES

_WITH_VALUE = (
    rb"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\t\n\f\r >\"'][^\t\n\f\r >]*+)|(?=>)))?"
)
_NEXT = re.compile(rb"[\t\n\f\r /]*+(?:([^\t\n\f\r />][^\t\n\f\r />=]*+)" + _WITH_VALUE + rb"|>)")
"""Both patterns match right where the match before ended, up to the tag's `>`: a search never skips."""
_WATCHED_NEXT = re.compile(
    UNWATCHED_ATTRIBUTES + rb"(?:([^\t\n\f\r />][^\t\n\f\r />=]*+)" + _WITH_VALUE + rb"|>)"
)
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]*;?)")
_NAMED = html.entities.html5


Attribute = tuple[bytes, bytes]
"""Name in lower case and raw value: the bytes between the quotes. A plain tuple: a page has thousands."""

Place = tuple[int, int]
"""Where an attribute's name and its value begin in the buffer."""


def attributes(buffer: bytes, name_end: int, end: int, *, watched: bool = False) -> list[Attribute]:
    """The attributes of the tag whose name ends at `name_end` and whose `>` is at `end - 1`, in order.

    `watched` leaves out what few elements have a use for (`WHOLE` in `rewriter`).
    """
    found = (_WATCHED_NEXT if watched else _NEXT).findall(buffer, name_end, end)
    return [(name.lower(), double or single or bare) for name, double, single, bare in found if name]


def places(buffer: bytes, name_end: int, end: int, *, watched: bool = False) -> list[Place]:
    """Where the same attributes stand. Only a tag that is edited needs to know."""
    found = []
    for match in (_WATCHED_NEXT if watched else _NEXT).finditer(buffer, name_end, end):
        if group := match.lastindex:
            found.append((match.start(1), match.start(group) if group > 1 else match.end()))
    return found


def name_ends(buffer: bytes, name_end: int, end: int) -> set[int]:
    """Where the names of the same attributes end."""
    return {match.end(1) for match in _NEXT.finditer(buffer, name_end, end) if match.lastindex}


def value_of(found: list[Attribute], name: bytes) -> bytes | None:
    """The raw value of the first attribute `name`: the one that counts."""
    for own, value in found:
        if own == name:
            return value
    return None


def self_closing(buffer: bytes, name_end: int, end: int) -> bool:
    """Whether the tag with its name's end at `name_end` and its `>` at `end - 1` ends in a slash of its own."""
    if buffer[end - 2 : end - 1] != b"/":
        return False
    found = attributes(buffer, name_end, end)
    return not found or places(buffer, name_end, end)[-1][1] + len(found[-1][1]) < end - 1


def text_of(raw: bytes) -> str:
    """A raw value as text. Bytes that are not UTF-8 become U+FFFD: no host of ours is spelt so."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
    if "&" not in text:
        return text
    if text.count("&") == text.count("&amp;"):
        return text.replace("&amp;", "&")
    return unescape(text)


def unescape(text: str) -> str:
    """Character references as an attribute's value has them (HTML standard, 13.2.5.73): `&copy=1` stays."""
    return _REFERENCE.sub(lambda match: _referred(match, text), text)


def references(text: str) -> list[tuple[int, int, str]]:
    """Where the character references of an attribute's value stand and what they mean: start, end, text."""
    found = [(match.start(), match.end(), _referred(match, text)) for match in _REFERENCE.finditer(text)]
    return [(start, end, meant) for start, end, meant in found if meant != text[start:end]]


def _referred(match: re.Match[str], text: str) -> str:
    name = match[0][1:]
    if name[0] == "#":
        return html.unescape(bounded(match[0]))
    if name.endswith(";") and name in _NAMED:
        return _NAMED[name]
    if name in _NAMED and text[match.end() : match.end() + 1] != "=":
        return _NAMED[name]
    return match[0]


def bounded(reference: str) -> str:
    """A numeric reference with no more digits than a character can have: Python refuses to read thousands."""
    if reference[1] != "#" or len(reference) < 32:
        return reference
    digits = reference.rstrip(";").lstrip("&#xX").lstrip("0")
    mark = "&#x" if reference[2] in "xX" else "&#"
    return f"{mark}{digits[:16] or '0'};"
