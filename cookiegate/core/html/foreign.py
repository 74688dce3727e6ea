"""Whether the tokenizer stands in foreign content (SVG, MathML), where `<style>` or `<title>` hold markup.

A simulation of the parts of tree construction that matter (HTML standard, 13.2.6.5): the open `svg` and `math`
elements and their integration points. What it cannot know is which HTML elements are open inside an integration
point; there an end tag of a foreign ancestor is believed.
"""

from __future__ import annotations

import re

BREAKOUT = frozenset(
    b"b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu"
    b" meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var".split()
)
"""Start tags that close foreign content; `font` does with some attributes."""

_UNQUOTED_SLASH = re.compile(rb"=[\t\n\f\r ]*+[^\t\n\f\r \"'>][^\t\n\f\r >]*+>\Z")
"""A slash before `>` that belongs to an unquoted value closes nothing."""

DEEPEST = 512
"""Browsers nest no deeper; a page that does cannot cost more than this a tag."""

ROOTS = (b"svg", b"math")
_SVG_POINTS = frozenset([b"foreignobject", b"desc", b"title"])
_MATH_TEXT_POINTS = frozenset([b"mi", b"mo", b"mn", b"ms", b"mtext"])
_TRACKED = frozenset([*ROOTS, *_SVG_POINTS, *_MATH_TEXT_POINTS, b"annotation-xml"])


class ForeignContent:
    """The stack of open foreign roots and integration points, innermost last."""

    __slots__ = ("open",)

    def __init__(self) -> None:
        self.open: list[bytes] = []

    @property
    def inside(self) -> bool:
        """Whether the next token is read by the rules for foreign content."""
        return bool(self.open) and self.open[-1] in (b"svg", b"math", b"annotation-xml")

    def start(self, name: bytes, tag: bytes) -> bool:
        """Take a start tag in; return whether its element is foreign."""
        stack = self.open
        if not self.inside:
            if name in ROOTS:
                self._push(name, tag)
                return True
            return bool(stack) and stack[-1] in _MATH_TEXT_POINTS and name in (b"mglyph", b"malignmark")
        if stack[-1] == b"annotation-xml" and name == b"svg":
            self._push(name, tag)
            return True
        if name in BREAKOUT or (name == b"font" and _breaking_font(tag)):
            self._break_out()
            return False
        if self._tracks(name, tag):
            self._push(name, tag)
        return True

    def end(self, name: bytes) -> None:
        """Take an end tag in (`name` without its slash)."""
        if not self.open:
            return
        if name in (b"p", b"br") and self.inside:
            self._break_out()
        elif name in _TRACKED and name in self.open:
            while self.open.pop() != name:
                pass

    def _tracks(self, name: bytes, tag: bytes) -> bool:
        if name in ROOTS:
            return True
        if self.open[-1] == b"svg":
            return name in _SVG_POINTS
        if name == b"annotation-xml":
            return True
        return name in _MATH_TEXT_POINTS

    def _push(self, name: bytes, tag: bytes) -> None:
        if tag.endswith(b"/>") and not _UNQUOTED_SLASH.search(tag):
            return
        if len(self.open) >= DEEPEST:
            return
        if name == b"annotation-xml" and _html_annotation(tag):
            name = b"foreignobject"
        self.open.append(name)

    def _break_out(self) -> None:
        while self.inside:
            self.open.pop()


def _breaking_font(tag: bytes) -> bool:
    lower = tag.lower()
    return any(word in lower for word in (b"color", b"face", b"size"))


def _html_annotation(tag: bytes) -> bool:
    lower = tag.lower()
    return b"text/html" in lower or b"application/xhtml+xml" in lower
