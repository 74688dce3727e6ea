"""The held form of one tag: attributes put aside under `data-gate-*`, and what stands in for them.

Every edit is an insertion. Right after the tag's name come the stand-ins and `data-gate="<categories>"`; each
attribute that is put aside gets `data-gate-` before its name, and so does one that the page itself called
`data-gate…`. Taking these out again gives the tag as it was, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from .attributes import Attribute

MARKER: Final = b"data-gate"
ASIDE: Final = b"data-gate-"

_STAND_INS: Final = {
    b"script": b"type",
    b"img": b"src",
    b"image": b"src",
    b"input": b"src",
    b"track": b"src",
    b"bgsound": b"src",
    b"source": b"src|srcset|media",
    b"iframe": b"src|srcdoc",
    b"frame": b"src",
    b"embed": b"src",
    b"object": b"data",
    b"link": b"href",
    b"base": b"href",
}
_MARK = rb' data-gate="[^"]*+"'
_MARKED = {
    name: re.compile(rb'(?>(?: (?:%s)="[^"]*+")*)%s' % (stand_ins, _MARK)) for name, stand_ins in _STAND_INS.items()
}
_MARKED[b"meta"] = re.compile(rb'(?: name="gate")?' + _MARK)
_MARKED_OTHERWISE = re.compile(_MARK)


def ours(name: bytes, buffer: bytes, name_end: int) -> int:
    """Where, after the tag's name (in lower case), our own attributes end; -1 where there are none."""
    match = _MARKED.get(name, _MARKED_OTHERWISE).match(buffer, name_end)
    return match.end() if match else -1


Insertion = tuple[int, bytes]

Reason = tuple[str, str, str]
"""(element, category, service id or else host)"""


class HeldTag:
    """Collects the edits of one tag. `aside` takes names; every attribute of such a name is put aside."""

    __slots__ = ("_asides", "_inside", "_stand_ins", "reasons")

    def __init__(self) -> None:
        self.reasons: list[Reason] = []
        self._asides: set[bytes] = set()
        self._stand_ins: list[bytes] = []
        self._inside: list[Insertion] = []

    def put_aside(self, name: bytes, stand_in: bytes | None = None) -> None:
        self._asides.add(name)
        if stand_in is not None:
            self._stand_ins.append(b' %s="%s"' % (name, stand_in))

    def put_in(self, name: bytes, value: bytes) -> None:
        """Let `name="value"` (escaped by the caller) come before the tag's own attributes."""
        self._stand_ins.append(b' %s="%s"' % (name, value))

    def insert(self, positions: Iterable[int], text: bytes) -> None:
        """Let `text` go in at these offsets into the buffer: in a value of this tag, or in its content."""
        self._inside += [(at, text) for at in positions]

    def insertions(self, name_end: int, found: list[Attribute]) -> list[Insertion]:
        """All edits in order: offsets into the buffer and the bytes to put in there."""
        categories = " ".join(dict.fromkeys(category for _, category, _ in self.reasons))
        edits = [(name_end, b"".join(self._stand_ins) + b' data-gate="%s"' % categories.encode())]
        edits += [
            (attribute.start, ASIDE)
            for attribute in found
            if attribute.name in self._asides or attribute.name.startswith(MARKER)
        ]
        return sorted(edits + self._inside)


def escaped(value: bytes) -> bytes:
    """`value` as it may stand between double quotes."""
    return value.replace(b"&", b"&amp;").replace(b'"', b"&quot;").replace(b"<", b"&lt;")
