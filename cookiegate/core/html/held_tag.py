"""The held form of one tag: attributes put aside under `data-gate-*`, and what stands in for them.

Every edit is an insertion. Right after the tag's name come the stand-ins and `data-gate="<categories>"`; each
attribute that is put aside gets `data-gate-` before its name, and so does one that the page itself called
`data-gate…`. Taking these out again gives the tag as it was, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Final

from ..consent import UNCLASSIFIED
from .attributes import Attribute, Place
from .css import PREFIX
from .tape import Insertion

MARKER: Final = b"data-gate"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
ASIDE: Final = b"data-gate-"

_STAND_INS: Final = {
    b"script": b"type",
    b"style": b"type",
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
    name: re.compile(rb'(?>(?: (?:%s)="[^"]*+")*)%s' % (stand_ins, _MARK))
    for name, stand_ins in _STAND_INS.items()
}
_MARKED[b"meta"] = re.compile(rb'(?: http-equiv="")?(?: name="gate")?' + _MARK)
_MARKED_OTHERWISE = re.compile(_MARK)

LONG_STAND_INS: Final = {
    b"script": b' type="text/plain"',
    b"link": b' href="data:,"',
    b"meta": b' http-equiv="" name="gate"',
    b"base": b' href=""',
    b"iframe": b' srcdoc=""',
    b"frame": b' src="data:,"',
    b"embed": b' src="data:,"',
    b"object": b' data="data:,"',
}
"""First attributes, the ones that count, of tags too long to look into that no policy would hold."""
_HEAD: Final = 4096
"""Bytes after the name of a long tag in which a mark is looked for."""


def ours(name: bytes, buffer: bytes, name_end: int) -> int:
    """Where, after the tag's name (in lower case), our own attributes end; -1 where there are none."""
    match = _MARKED.get(name, _MARKED_OTHERWISE).match(buffer, name_end)
    return match.end() if match else -1


Reason = tuple[str, str, str]
"""(element, category, service id or else host)"""


def ours_in_long(name: bytes, buffer: bytes, name_end: int) -> int:
    """As `ours`, for a tag of which only the beginning may be looked at."""
    size = ours(name, buffer[name_end : name_end + _HEAD], 0)
    return name_end + size if size >= 0 else -1


def long_insertion(name: bytes, buffer: bytes, name_end: int) -> bytes:
    """What goes in after the name (in lower case) of a tag too long to look into, b"" where it may pass."""
    stand_ins = LONG_STAND_INS.get(name, b"")
    if not stand_ins and ours_in_long(name, buffer, name_end) < 0:
        return b""
    return b'%s data-gate="unclassified"' % stand_ins


class HeldTag:
    """Collects the edits of one tag. `aside` takes names; every attribute of such a name is put aside."""

    __slots__ = ("_asides", "_inside", "_renames", "_stand_ins", "_values", "reasons")

    def __init__(self) -> None:
        self.reasons: list[Reason] = []
        self._asides: list[bytes] = []
        self._stand_ins = b""
        self._inside: tuple[Insertion, ...] = ()
        self._renames: tuple[Insertion, ...] = ()
        self._values: tuple[tuple[int, int], ...] = ()

    def put_aside(self, name: bytes, stand_in: bytes | None = None) -> None:
        self._asides.append(name)
        if stand_in is not None:
            self._stand_ins += b' %s="%s"' % (name, stand_in)

    def puts_aside(self, name: bytes) -> bool:
        return name in self._asides

    def put_all_aside(self, names: Iterable[bytes]) -> None:
        self._asides.extend(names)

    def put_in(self, name: bytes, value: bytes) -> None:
        """Let `name="value"` (escaped by the caller) come before the tag's own attributes."""
        self._stand_ins += b' %s="%s"' % (name, value)

    def insert(self, positions: Iterable[int], text: bytes) -> None:
        """Let `text` go in at these offsets into the buffer: in a value of this tag, or in its content."""
        self._inside += tuple((at, text) for at in positions)

    def rename(self, edits: Iterable[Insertion]) -> None:
        """Let these go in at suspects in this tag or its content: before anything else that stands there, so that
        they can be taken out first."""
        self._renames += tuple(edits)

    def insert_prefixes(self, positions: Iterable[int]) -> None:
        self.insert(positions, PREFIX)

    def insert_in_value(self, index: int, positions: Iterable[int]) -> None:
        """Let prefixes go in at these offsets into the raw value of the tag's attribute number `index`."""
        self._values += tuple((index, at) for at in positions)

    def take(self, other: HeldTag) -> HeldTag:
        """Take over what was decided of the same tag elsewhere."""
        self.reasons += [reason for reason in other.reasons if reason not in self.reasons]
        self._asides += other._asides
        self._stand_ins += other._stand_ins
        self._inside += other._inside
        self._renames += other._renames
        self._values += other._values
        return self

    def insertions(
        self, name_end: int, found: list[Attribute], where: list[Place], mark: Callable[[Reason], str]
    ) -> list[Insertion]:
        """All edits in order: offsets into the buffer and the bytes to put in there. `where` are the places
        of the attributes `found`; `mark` says what a reason is called in the page."""
        if len(self.reasons) == 1:
            marks = mark(self.reasons[0])
        else:
            marks = " ".join(dict.fromkeys(map(mark, self.reasons)))
        edits = [(name_end, b'%s data-gate="%s"' % (self._stand_ins, marks.encode()))]
        asides = self._asides
        for (name, _), (start, _) in zip(found, where, strict=True):
            if name in asides or name.startswith(MARKER):
                edits.append((start, ASIDE))
        if not self._inside and not self._values and not self._renames:
            return edits
        values = [(where[index][1] + at, PREFIX) for index, at in self._values]
        return sorted([*self._renames, *edits, *values, *self._inside], key=itemgetter(0))


_SCRIPT_ASIDES = re.compile(
    rb" (?:(src|type|async|defer|nomodule|crossorigin|integrity|referrerpolicy)(?=[ =>])|[a-z-]++)"
    rb'(?:="[^"]*+")?'
)


def by_category(reason: Reason) -> str:
    """The usual mark."""
    return reason[1]


def by_name(reason: Reason) -> str:
    """For pages whose own script releases what is held: the service, else the host, that a choice names."""
    return reason[2] if _NAME.fullmatch(reason[2]) else UNCLASSIFIED


def usual_image(mark: str, name_end: int, source: int) -> list[Insertion]:
    """As `HeldTag.insertions`, for an image in the spelling of `grammar.USUAL_WOKEN` whose source, at `source`,
    holds it."""
    gate = b' src="data:," data-gate="%s"' % mark.encode()
    return [(name_end, gate), (source - len('src="'), ASIDE)]


def usual_script(buffer: bytes, mark: str, name_end: int, end: int) -> list[Insertion]:
    """As `usual_image`, for a script."""
    edits = [(name_end, b' type="text/plain" data-gate="%s"' % mark.encode())]
    for part in _SCRIPT_ASIDES.finditer(buffer, name_end, end):
        if part.lastindex:
            edits.append((part.start(1), ASIDE))
    return edits


def escaped(value: bytes) -> bytes:
    """`value` as it may stand between double quotes."""
    return value.replace(b"&", b"&amp;").replace(b'"', b"&quot;").replace(b"<", b"&lt;")
