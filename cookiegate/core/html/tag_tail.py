"""The rest of a start or end tag that is too long to be held back, byte ranges at a time."""

from __future__ import annotations

import re
from typing import NamedTuple


class _State(NamedTuple):
    run: re.Pattern[bytes]  # what stays in this state
    next: dict[bytes, str]  # the byte after the run -> the next state, the byte consumed
    otherwise: str  # any other byte -> the next state, the byte not consumed


def _run(byte_class: bytes) -> re.Pattern[bytes]:
    return re.compile(byte_class + rb"*+")


_SPACE = dict.fromkeys([b"\t", b"\n", b"\f", b"\r", b" "])
_STATES = {
    "name": _State(_run(rb"[^\t\n\f\r />]"), {}, "before"),
    "before": _State(_run(rb"[\t\n\f\r /]"), {b">": "done", b"=": "attribute"}, "attribute"),
    "attribute": _State(_run(rb"[^\t\n\f\r />=]"), {b"=": "value", b"/": "before", b">": "done"}, "after"),
    "after": _State(_run(rb"[\t\n\f\r ]"), {b"=": "value", b">": "done"}, "before"),
    "value": _State(_run(rb"[\t\n\f\r ]"), {b'"': "double", b"'": "single", b">": "done"}, "unquoted"),
    "double": _State(_run(rb'[^"]'), {b'"': "before"}, "before"),
    "single": _State(_run(rb"[^']"), {b"'": "before"}, "before"),
    "unquoted": _State(_run(rb"[^\t\n\f\r >]"), {b">": "done"}, "before"),
}


class TagTail:
    """The attribute states of the HTML standard (13.2.5.32 to 13.2.5.40) as a machine that can stop anywhere."""

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state = "name"

    def end(self, buffer: bytes, pos: int) -> int:
        """The position after the tag's `>`, or -1 where the buffer ends before it."""
        while self.state != "done":
            run, following, otherwise = _STATES[self.state]
            match = run.match(buffer, pos)
            pos = match.end() if match else pos
            if pos == len(buffer):
                return -1
            byte = buffer[pos : pos + 1]
            self.state = following.get(byte, otherwise)
            pos += byte in following
        return pos
