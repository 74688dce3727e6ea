"""Whether the tokenizer stands in foreign content (SVG, MathML), where `<style>` or `<title>` hold markup.

A simulation of the parts of tree construction that matter (HTML standard, 13.2.6.5): the open elements from the
outermost `svg` or `math` on. It is exact where each end tag closes the innermost element. Where one does not,
what it closes may depend on elements outside, or on the browser: then `doubtful` is set, and stays.
"""

from __future__ import annotations

import re

from .attributes import attributes, self_closing, text_of, value_of

BREAKOUT = frozenset(
    b"b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu"
    b" meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var".split()
)
"""Start tags that close foreign content; `font` does with some attributes."""

DEEPEST = 128
"""Deeper elements are not followed, so that no tag costs more than this; then all is doubtful."""

ROOTS = (b"svg", b"math")
_SVG_POINTS = frozenset([b"foreignobject", b"desc", b"title"])
_MATH_TEXT_POINTS = frozenset([b"mi", b"mo", b"mn", b"ms", b"mtext"])
_VOID = frozenset(
    b"area base basefont bgsound br col embed frame hr image img input keygen link meta param source track"
    b" wbr".split()
)
_NAME = re.compile(rb"<[^\t\n\f\r />]*+")

_POINT, _TEXT_POINT, _ANNOTATION, _SVG, _MATH, _HTML = range(6)
"""Kinds of open elements. In the first two an HTML start tag opens an HTML element."""


class ForeignContent:
    """The stack of open elements, (kind, name in lower case), innermost last; empty outside foreign content."""

    __slots__ = ("doubtful", "open")

    def __init__(self) -> None:
        self.open: list[tuple[int, bytes]] = []
        self.doubtful = False

    @property
    def inside(self) -> bool:
        """Whether the next token is read by the rules for foreign content."""
        return bool(self.open) and self.open[-1][0] in (_ANNOTATION, _SVG, _MATH)

    def start(self, name: bytes, tag: bytes) -> bool:
        """Take a start tag in; return whether its element is foreign."""
        if self.inside:
            kind = self.open[-1][0]
            if not (kind == _ANNOTATION and name == b"svg") and _breaks_out(name, tag):
                while self.inside:
                    self.open.pop()
            else:
                self._push(name, tag)
                return True
        kind = self.open[-1][0] if self.open else _HTML
        if name in ROOTS or (kind == _TEXT_POINT and name in (b"mglyph", b"malignmark")):
            self._push(name, tag)
            return True
        if self.open and name not in _VOID:
            self._grow(_HTML, name)
        return False

    def end(self, name: bytes) -> None:
        """Take an end tag in (`name` without its slash)."""
        stack = self.open
        if not stack:
            return
        kind, own = stack[-1]
        if own == name:
            stack.pop()
            return
        if kind != _HTML:
            if name in (b"p", b"br"):
                self.doubtful = True  # the standard once ignored these
                while self.inside:
                    stack.pop()
                return
            for index in range(len(stack) - 1, -1, -1):
                if stack[index][0] == _HTML:
                    break
                if stack[index][1] == name:
                    del stack[index:]
                    return
        self.doubtful = True
        for index in range(len(stack) - 1, -1, -1):
            if stack[index][1] == name:
                del stack[index:]
                return

    def _push(self, name: bytes, tag: bytes) -> None:
        if tag.endswith(b"/>") and self_closing(tag, _name_end(tag), len(tag)):
            return
        self._grow(self._kind(name, tag), name)

    def _grow(self, kind: int, name: bytes) -> None:
        if len(self.open) < DEEPEST:
            self.open.append((kind, name))
        else:
            self.doubtful = True

    def _kind(self, name: bytes, tag: bytes) -> int:
        """The kind of a new element; inside foreign content a root is of its parent's namespace."""
        parent = self.open[-1][0] if self.open else _HTML
        if name == b"svg" and parent not in (_SVG, _MATH):
            return _SVG
        if parent == _SVG:
            return _POINT if name in _SVG_POINTS else _SVG
        if name == b"annotation-xml":
            return _POINT if _html_annotation(tag) else _ANNOTATION
        return _TEXT_POINT if name in _MATH_TEXT_POINTS else _MATH


def _name_end(tag: bytes) -> int:
    match = _NAME.match(tag)
    return match.end() if match else 0


def _breaks_out(name: bytes, tag: bytes) -> bool:
    if name != b"font":
        return name in BREAKOUT
    found = attributes(tag, _name_end(tag), len(tag))
    return any(value_of(found, word) is not None for word in (b"color", b"face", b"size"))


def _html_annotation(tag: bytes) -> bool:
    encoding = value_of(attributes(tag, _name_end(tag), len(tag)), b"encoding") or b""
    return text_of(encoding).lower() in ("text/html", "application/xhtml+xml")
