"""What a streaming rewriter reads and writes: a buffer of input that is not decided yet, and edits of it.

A step is a method that takes a position in `_buffer` and returns the next one, or `MORE` when it cannot go on:
then `_keep` says from where on the buffer must be kept. Steps edit through `_edit`, in increasing order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

LIMIT: Final = 256 * 1024
"""Bytes of one construct, or of one element's content, that are held back at most."""

MORE: Final = -1
_SHORT: Final = 4096
"""A longer stretch of input is not copied before the output is joined."""

Step = Callable[[int], int]
Insertion = tuple[int, bytes]
"""A place and what goes in there."""


class Tape:
    """A subclass has the steps, and names the first as `_step`."""

    _buffer = b""
    _copied = 0
    _keep = 0
    _passed = 0  # bytes of the page before the buffer
    _waiting_size = 0
    _final = False
    _cut_off = False  # the input ended inside a construct
    _step: Step

    def __init__(self) -> None:
        self._pieces: list[bytes | memoryview] = []
        self._waiting: list[bytes] = []

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes of the page and return those that are ready."""
        if self._buffer:
            if b">" not in data and self._waiting_size + len(data) <= LIMIT:
                self._waiting.append(data)  # every construct ends with this byte: none can have finished
                self._waiting_size += len(data)
                return b""
            data = b"".join([self._buffer, *self._waiting, data])
            self._waiting.clear()
            self._waiting_size = 0
        self._run(data)
        return self._taken(self._keep)

    def whole(self, data: bytes) -> bytes:
        """All of the page at once: `feed` and `close`."""
        self._waiting.append(data)
        return self.close()

    @property
    def pending(self) -> bytes:
        """What was fed and not yet given back."""
        return b"".join([self._buffer, *self._waiting])

    def close(self) -> bytes:
        """Return what is left. The end of the input ends every construct."""
        data = self.pending
        self._waiting.clear()
        self._run_out(data)
        return self._taken(len(data))

    def _run_out(self, data: bytes) -> None:
        self._final = True
        self._run(data)
        self._cut_off = self._cut_off or self._keep < len(data)
        self._at_end(self._keep)

    def _insertions(self) -> list[Insertion]:
        """The edits of a tape that only inserts, since the last output."""
        found, at = [], 0
        edits = iter(self._pieces)
        for kept, text in zip(edits, edits, strict=True):
            at += len(kept)
            found.append((at, bytes(text)))
        return found

    def _run(self, data: bytes) -> None:
        self._buffer = data
        self._copied = 0
        pos = 0
        while pos != MORE:
            pos = self._step(pos)

    def _taken(self, upto: int) -> bytes:
        """The output up to `upto`; what follows stays in the buffer."""
        buffer = self._buffer
        self._passed += upto
        if self._pieces:
            self._pieces.append(self._kept(upto))
            out = b"".join(self._pieces)
            self._pieces.clear()
        else:
            out = buffer[:upto]
        self._buffer = buffer[upto:]
        return out

    def _edit(self, at: int, until: int, text: bytes) -> None:
        """Put `text` in the place of the input's bytes from `at` to `until`."""
        self._pieces.append(self._kept(at))
        self._pieces.append(text)
        self._copied = until

    def _edit_all(self, edits: Iterable[Insertion], origin: int = 0) -> None:
        """Insert each text at its place, counted from `origin`."""
        pieces, buffer, done = self._pieces, self._buffer, self._copied
        for offset, text in edits:
            at = origin + offset
            pieces.append(buffer[done:at] if at - done < _SHORT else memoryview(buffer)[done:at])
            pieces.append(text)
            done = at
        self._copied = done

    def _kept(self, upto: int) -> bytes | memoryview:
        """The input from the last edit on."""
        if upto - self._copied < _SHORT:
            return self._buffer[self._copied : upto]
        return memoryview(self._buffer)[self._copied : upto]

    def _more(self, keep: int) -> int:
        self._keep = keep
        return MORE

    def _at_end(self, at: int) -> None:
        """The input has ended; `at` is where its unfinished construct, if any, begins."""
