"""Attributes that paint any element, where it is not known whose they are: `style="…url(…)…"` in a stretch of bytes.

Wherever a browser is, an attribute begins after white space, a slash or a quote, and its value reads on alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from .grammar import any_of
from .vectors import ANY_ELEMENT

_SPACE: Final = 200
_HEAD: Final = 2 * _SPACE + 32
"""Bytes of an attribute's name, its equal sign and the white space around that."""
_VALUE: Final = 4096
FARTHEST: Final = _HEAD + _VALUE
"""Bytes from the beginning of an attribute that are looked at."""

_NAMES = b"|".join(any_of(name.decode()) for name, shape in sorted(ANY_ELEMENT.items()) if shape != "mark")
_SPACES = rb"[\t\n\f\r ]{0,%d}+" % _SPACE
_BEGUN = re.compile(rb"(?<=[\t\n\f\r /\"'])(" + _NAMES + rb")%s=%s" % (_SPACES, _SPACES))
_GIVEN = re.compile(rb"\"([^\"]*+)\"|'([^']*+)'|([^\t\n\f\r >\"'][^\t\n\f\r >]{0,1023}+)|(?=>)")
"""Of a value without quotes no more is read: others may begin in it."""

Paints = Callable[[bytes, bytes], bool]
"""(name in lower case, raw value) -> whether it is held."""


class NextPaint:
    """Where in `buffer`, up to `stop`, the next attribute begins that is held; each byte is looked at once."""

    __slots__ = ("_buffer", "_found", "_paints", "_stop", "_upto")

    def __init__(self, buffer: bytes, stop: int, paints: Paints) -> None:
        self._buffer = buffer
        self._stop = stop
        self._paints = paints
        self._found = -1
        self._upto = 0

    def begins(self, pos: int, most: int) -> bool:
        """Whether one does between `pos` and `most`. Neither ever goes back."""
        if self._found < pos and self._upto < most:
            self._found = self._next(max(pos, self._upto), min(self._stop, most + FARTHEST))
        return pos <= self._found < most

    def _next(self, pos: int, reach: int) -> int:
        for begun in _BEGUN.finditer(self._buffer, pos, reach):
            value = _GIVEN.match(self._buffer, begun.end(), min(self._stop, begun.end() + _VALUE))
            if value is None or self._paints(begun[1].lower(), value[value.lastindex or 0]):
                self._upto = begun.end()
                return begun.start()
        self._upto = reach if reach == self._stop else reach - _HEAD
        return -1
