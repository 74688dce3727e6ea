"""The regions that ship, in a flat file that is mapped into memory: no time to load, shared by all workers.

Addresses are looked up truncated, so the file knows /24 and /48 alone, and only where the region changes. As a
MaxMind database the same data takes over 40 MB; as below 16 MB in place and 9 MB in the wheel, which is deflated.

    8 bytes     length of the header
    header      JSON: source, licence, date, labels, and the sections with their types and places
    v4_top      for each first two octets, where its entries begin
    v4_low, _id third octet from which on a region holds, and the region's number
    v6_key      the first 32 bits of those networks that have entries
    v6_top, v6_low, v6_id   likewise: bits 33 to 48, and the region's number
"""

from __future__ import annotations

import json
import mmap
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import GeoError

FORMAT = 1
TYPES = {
    "v4_top": "I",
    "v4_low": "B",
    "v4_id": "H",
    "v6_key": "I",
    "v6_top": "I",
    "v6_low": "H",
    "v6_id": "H",
}
Runs = Iterable[tuple[int, int]]
"""(first /24 or /48, as a number; the region's number from there on), in order."""


class FlatRegions:
    """`of` takes the first bytes of an address: 3 or 4 of IPv4, 6 or more of IPv6. Raises GeoError where the
    file is not one of ours."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            size = int.from_bytes(self._map[:8], "little")
            header = json.loads(self._map[8 : 8 + size])
            if header["format"] != FORMAT:
                raise ValueError
            self.header: Mapping[str, Any] = header
            self._labels: Sequence[str] = header["labels"]
            whole = memoryview(self._map)
            parts = {name: whole[start:end] for name, (start, end) in header["sections"].items()}
            numbers = {name: _numbers(parts[name], kind) for name, kind in TYPES.items()}
            if any(len(parts[name]) == 0 for name in TYPES):
                raise ValueError
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            raise GeoError(
                f"{path.name} is no database of regions, or damaged: install the package again"
            ) from None
        self._v4 = numbers["v4_top"], numbers["v4_low"], numbers["v4_id"]
        self._v6_key, self._v6_top = numbers["v6_key"], numbers["v6_top"]
        self._v6_low, self._v6_id = numbers["v6_low"], numbers["v6_id"]

    def of(self, packed: bytes) -> str:
        """The label of an address, "" where nobody knows."""
        if len(packed) < 5:
            bucket = packed[0] << 8 | packed[1]
            top, low, ids = self._v4
            return self._labels[ids[bisect_right(low, packed[2], top[bucket], top[bucket + 1]) - 1]]
        key = int.from_bytes(packed[:4], "big")
        bucket = bisect_right(self._v6_key, key) - 1
        if bucket < 0:
            return ""
        # Beyond the bucket's own network its last region goes on.
        rest = packed[4] << 8 | packed[5] if self._v6_key[bucket] == key else 0xFFFF
        at = bisect_right(self._v6_low, rest, self._v6_top[bucket], self._v6_top[bucket + 1])
        return self._labels[self._v6_id[at - 1]]


def _numbers(part: memoryview, kind: str) -> Sequence[int]:
    if sys.byteorder == "little":
        return part.cast(kind)  # type: ignore[call-overload, no-any-return]
    numbers = array(kind, bytes(part))
    numbers.byteswap()
    return numbers


def write_flat(path: Path, labels: Sequence[str], v4: Runs, v6: Runs, about: Mapping[str, Any]) -> int:
    """Write a file. Returns its size in bytes."""
    arrays = {**_v4(v4), **_v6(v6)}
    sections: dict[str, tuple[int, int]] = {}
    header = {"format": FORMAT, **about, "labels": list(labels), "sections": sections}
    for _ in range(2):  # the places stand in the header, whose length they change
        place = 8 + _padded(len(_json(header)))
        for name, kind in TYPES.items():
            size = len(arrays[name]) * array(kind).itemsize
            sections[name] = (place, place + size)
            place = _padded(place + size)
        header["sections"] = sections
    text = _json(header)
    text += b" " * (_padded(len(text)) - len(text))
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name in TYPES:
            file.seek(sections[name][0])
            numbers = arrays[name]
            if sys.byteorder == "big":
                numbers.byteswap()
            file.write(numbers.tobytes())
    return path.stat().st_size


def _json(header: Mapping[str, Any]) -> bytes:
    return json.dumps(header, ensure_ascii=False, indent=0).encode()


def _padded(size: int) -> int:
    return -(-size // 64) * 64


def _v4(runs: Runs) -> dict[str, array[int]]:
    top, low, ids = array("I"), array("B"), array("H")
    current = 0
    for start, number in [*runs, (1 << 24, 0)]:
        while len(top) <= min(start >> 8, 0xFFFF):
            top.append(len(low))
            if start & 0xFF or len(top) <= start >> 8:
                low.append(0)
                ids.append(current)
        if start < 1 << 24:
            low.append(start & 0xFF)
            ids.append(number)
        current = number
    top.append(len(low))
    return {"v4_top": top, "v4_low": low, "v4_id": ids}


def _v6(runs: Runs) -> dict[str, array[int]]:
    key, top, low, ids = array("I"), array("I"), array("H"), array("H")
    current = 0
    for start, number in runs:
        if not key or key[-1] != start >> 16:
            key.append(start >> 16)
            top.append(len(low))
            if start & 0xFFFF:
                low.append(0)
                ids.append(current)
        low.append(start & 0xFFFF)
        ids.append(number)
        current = number
    top.append(len(low))
    return {"v6_key": key, "v6_top": top, "v6_low": low, "v6_id": ids}
