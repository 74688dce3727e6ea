"""`<style>` in SVG: its sheet is the text between markup, character references resolved."""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterator
from typing import Final, Literal

from .attributes import bounded
from .css import DecodedCss
from .grammar import BOGUS_IN_FOREIGN, CDATA, COMMENT, STRAY

_OPENER: Final = b"<![CDATA["
_CLOSER: Final = b"]]>"
_TEXT = re.compile(
    rb"[^<]*+(?>(?:<(?:" + b"|".join((CDATA, COMMENT, STRAY, BOGUS_IN_FOREIGN)) + rb")[^<]*+)*)"
)
_MARKUP = re.compile(rb"<(?:" + CDATA + rb"|" + COMMENT + rb"|" + BOGUS_IN_FOREIGN + rb")")
_REFERENCE = re.compile(rb"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]{0,31};?)")
_END = re.compile(rb"</[sS][tT][yY][lL][eE][\t\n\f\r />]")
_TAG = re.compile(rb"</?[a-zA-Z]")
_SPLIT = re.compile(rb"<[a-zA-Z/!?]")
_NAMED = html.entities.html5

Closed = Literal["closed", "markup", "open"]


def foreign_text(buffer: bytes, pos: int) -> tuple[int, Closed]:
    """Where the text of a style element in SVG ends, and how: at its end tag, at another tag, or with the
    buffer. Comments and CDATA sections are parts of it."""
    match = _TEXT.match(buffer, pos)
    end = match.end() if match else pos
    if _END.match(buffer, end):
        return end, "closed"
    if _TAG.match(buffer, end) and not b"</style".startswith(buffer[end : end + 7].lower()):
        return end, "markup"
    return end, "open"


def is_split(buffer: bytes, pos: int, stop: int) -> bool:
    """Whether more than text stands in such a sheet: one browser reads that in two ways."""
    return _SPLIT.search(buffer, pos, stop) is not None


class ForeignCss(DecodedCss):
    """The sheet that such text means, and where its bytes stand in it."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(raw, _replaced(raw) if b"&" in raw or b"<" in raw else ())


def _replaced(raw: bytes) -> Iterator[tuple[int, int, bytes]]:
    done = 0
    for markup in _MARKUP.finditer(raw):
        start, end = markup.span()
        yield from _referred(raw, done, start)
        if raw.startswith(_OPENER, start):
            yield start, start + len(_OPENER), b""
            yield end - len(_CLOSER), end, b""
        else:
            yield start, end, b""
        done = end
    yield from _referred(raw, done, len(raw))


def _referred(raw: bytes, start: int, end: int) -> Iterator[tuple[int, int, bytes]]:
    for match in _REFERENCE.finditer(raw, start, end):
        reference = match[0].decode()
        if reference[1] == "#":
            yield match.start(), match.end(), _utf8(html.unescape(bounded(reference)))
        elif name := _longest_name(reference[1:]):
            yield match.start(), match.start() + 1 + len(name), _utf8(_NAMED[name])


def _longest_name(text: str) -> str:
    """What a browser takes of `text` for a reference's name: in text, `&quothttp` begins with a quote."""
    return next((text[:size] for size in range(len(text), 1, -1) if text[:size] in _NAMED), "")


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")
