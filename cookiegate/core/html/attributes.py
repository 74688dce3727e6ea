"""A tag's attributes where they stand, and what a browser reads in their values."""

from __future__ import annotations

import html
import html.entities
import re
from typing import NamedTuple

from .grammar import ATTRIBUTE

_EACH = re.compile(
    rb"([^\t\n\f\r />][^\t\n\f\r />=]*+)"
    rb"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\t\n\f\r >\"'][^\t\n\f\r >]*+)|(?=>)))?"
)
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]*;?)")
_NAMED = html.entities.html5
_LONGEST_NAME = 32


class Attribute(NamedTuple):
    """`name` in lower case; offsets into the buffer. `value` is raw: the bytes between the quotes."""

    name: bytes
    start: int
    value: bytes
    value_start: int


def attributes(buffer: bytes, name_end: int, end: int) -> list[Attribute]:
    """The attributes of the tag whose name ends at `name_end` and whose `>` is at `end - 1`, in order."""
    found = []
    for match in _EACH.finditer(buffer, name_end, end):
        group = match.lastindex or 1
        if group == 1:
            found.append(Attribute(match[1].lower(), match.start(), b"", match.end()))
        else:
            found.append(Attribute(match[1].lower(), match.start(), match[group], match.start(group)))
    return found


def value_of(found: list[Attribute], name: bytes) -> bytes | None:
    """The raw value of the first attribute `name`: the one that counts."""
    for attribute in found:
        if attribute.name == name:
            return attribute.value
    return None


def text_of(raw: bytes) -> str:
    """A raw value as text. Bytes that are not UTF-8 become U+FFFD: no host of ours is spelt so."""
    text = raw.decode("utf-8", "replace")
    return unescape(text) if "&" in text else text


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
        return html.unescape(match[0])
    if name.endswith(";") and name in _NAMED:
        return _NAMED[name]
    if name in _NAMED and text[match.end() : match.end() + 1] != "=":
        return _NAMED[name]
    return match[0]


__all__ = ["ATTRIBUTE", "Attribute", "attributes", "references", "text_of", "unescape", "value_of"]
