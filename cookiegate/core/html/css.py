"""Where style sheets name what they load: `url()`, `@import`, `image-set()`, `image()`, `src()`.

A held URL stays where it is, behind `PREFIX`: `url(data:,gate#https://…)` loads nothing, and taking the prefix
out gives the input back. Comments are not told apart from code: an edit there changes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from .attributes import references

PREFIX = b"data:,gate#"

_STRING = rb"(?:\"((?>(?:[^\"\\\n]++|\\[\s\S])*))(?:\"|\Z)|'((?>(?:[^'\\\n]++|\\[\s\S])*))(?:'|\Z))"
_FILLER = rb"(?>(?:[\t\n\f\r ]++|/\*(?>(?:[^*]++|\*(?!/))*)\*/)*)"
_ARGUMENT = re.compile(rb"[\t\n\f\r ]*+(?:" + _STRING + rb"|([^\"'()\t\n\f\r ][^()\"'\t\n\f\r ]*+))")
_IMPORTED = re.compile(_FILLER + _STRING)
_STRINGS = re.compile(rb"[()]|" + _STRING)
_ESCAPED_NAME = re.compile(rb"\\[-a-zA-Z0-9_\\ ]{0,48}\(")
_ESCAPED_RULE = re.compile(rb"@[-a-zA-Z]*+\\[-a-zA-Z0-9_\\]*+ ?")
_ESCAPE = re.compile(rb"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[\t\n\f\r ])?|\r\n|[\n\f\r]|([\s\S]))")

_WITH_STRINGS = (b"image-set(", b"image(", b"src(")

Span = tuple[int, int]


def may_reach_out(css: bytes) -> bool:
    """Whether some URL in `css` might name a host: most sheets name none, and this is cheap to see."""
    return b"//" in css or b"\\" in css or b"ttp:" in css or b"ttps:" in css or b"TTP" in css


def url_spans(css: bytes) -> list[Span]:
    """Where each URL stands that `css` may load, in order; escapes are still in it."""
    lower = css.lower()
    found: set[Span] = set()
    for at in _each(lower, b"url("):
        found.update(_one(_ARGUMENT, css, at + 4))
    for at in _each(lower, b"@import"):
        found.update(_one(_IMPORTED, css, at + 7))
    openers = [(at, len(opener)) for opener in _WITH_STRINGS for at in _each(lower, opener)]
    if b"\\" in css:
        for match in _ESCAPED_NAME.finditer(css):
            found.update(_one(_ARGUMENT, css, match.end()))
            openers.append((match.end(), 0))
        for match in _ESCAPED_RULE.finditer(css):
            found.update(_one(_IMPORTED, css, match.end()))
    looked_at = 0
    for at, length in sorted(openers):
        if at >= looked_at:  # else its strings were seen as those of a function around it
            looked_at = _strings(css, at + length, found)
    return sorted(found)


def unescape(css: bytes) -> bytes:
    """`css` with its escapes resolved."""
    return _ESCAPE.sub(_meant, css) if b"\\" in css else css


def _meant(match: re.Match[bytes]) -> bytes:
    if match[1]:
        code = int(match[1], 16)
        good = 0 < code < 0xD800 or 0xDFFF < code < 0x110000
        return chr(code if good else 0xFFFD).encode()
    return match[2] or b""


def _each(text: bytes, needle: bytes) -> Iterator[int]:
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + len(needle))


def _one(pattern: re.Pattern[bytes], css: bytes, at: int) -> list[Span]:
    match = pattern.match(css, at)
    return [match.span(match.lastindex)] if match and match.lastindex else []


def _strings(css: bytes, at: int, found: set[Span]) -> int:
    """Add the strings up to the parenthesis that closes the function whose arguments begin at `at`; return
    where it stands."""
    depth = 1
    for match in _STRINGS.finditer(css, at):
        if match.lastindex:
            found.add(match.span(match.lastindex))
        else:
            depth += 1 if match[0] == b"(" else -1
        if not depth:
            return match.end()
    return len(css)


class AttributeCss:
    """The style sheet that a raw `style` value means, and where its bytes stand in the raw value."""

    def __init__(self, raw: bytes) -> None:
        self.css = raw
        self._starts: list[int] = []
        self._shifts: list[int] = []
        if b"&" in raw:
            self._decode(raw)

    def _decode(self, raw: bytes) -> None:
        pieces, done, size = [], 0, 0
        for start, end, meant in references(raw.decode("latin-1")):
            piece = raw[done:start] + meant.encode("utf-8", "replace")
            pieces.append(piece)
            size += len(piece)
            done = end
            self._starts.append(size)
            self._shifts.append(end - size)
        self.css = b"".join([*pieces, raw[done:]])

    def raw_position(self, at: int) -> int:
        """The offset in the raw value of the offset `at` in `css`."""
        index = bisect_right(self._starts, at) - 1
        return at if index < 0 else at + self._shifts[index]
