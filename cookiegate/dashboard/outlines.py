"""Makes `data/world.json` of Natural Earth's countries: the outlines of the map, small enough to stand in a page.

Input is TopoJSON: borders are arcs that two countries share, so simplifying arcs keeps neighbours together.
Projection: Equal Earth (Savric, Patterson, Jenny 2018), which shows areas as they are.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from babel.core import get_global

Point = tuple[float, float]
Ring = list[tuple[int, int]]

WIDTH = 2000
FINEST = 14.0
"""Square units of a triangle that a bend must span to be kept."""
SMALLEST = 40.0
"""Square units of an island that is drawn beside larger parts of its country."""
DOT = 60.0
"""Square units below which a country is a dot."""
ANTARCTICA = "AQ"
_A = (1.340264, -0.081106, 0.000893, 0.003796)
_EDGE = math.pi * 2 * math.sqrt(3) / (3 * _A[0])


def outlines(topology: Mapping[str, Any]) -> tuple[int, int, list[list[Any]]]:
    """(width, height, rows) with a row for each country: [alpha-2 code, SVG path or "", x, y of its middle]. Land that
    has no code stands under ""."""
    arcs = [_simplified(arc) for arc in _arcs(topology)]
    shapes: dict[str, list[Ring]] = {}
    for entry in topology["objects"]["countries"]["geometries"]:
        code = _code(entry)
        if code != ANTARCTICA:
            shapes.setdefault(code, []).extend(_rings(entry, arcs))
    top = min(y for rings in shapes.values() for ring in rings for _, y in ring)
    bottom = max(y for rings in shapes.values() for ring in rings for _, y in ring)
    rows = [_row(code, rings, top) for code, rings in sorted(shapes.items())]
    return WIDTH, bottom - top, rows


def _arcs(topology: Mapping[str, Any]) -> Iterable[list[Point]]:
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append(_projected(x * kx + dx, y * ky + dy))
        yield points


def _projected(longitude: float, latitude: float) -> Point:
    a1, a2, a3, a4 = _A
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t) / (3 * slope)
    y = a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t
    return (x / _EDGE + 1) * WIDTH / 2, (1 - y / _EDGE) * WIDTH / 2


def _area(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def _simplified(points: list[Point]) -> list[tuple[int, int]]:
    """Visvalingam's method: bends go in the order of their triangles' areas; both ends stay."""
    left = list(range(-1, len(points) - 1))
    right = list(range(1, len(points) + 1))
    gone = [False] * len(points)
    queue = [(_area(*points[at - 1 : at + 2]), at) for at in range(1, len(points) - 1)]
    heapq.heapify(queue)
    sizes = {at: size for size, at in queue}
    while queue:
        size, at = heapq.heappop(queue)
        if gone[at] or sizes[at] != size:
            continue
        if size > FINEST:
            break
        gone[at] = True
        before, after = left[at], right[at]
        right[before], left[after] = after, before
        for side in (before, after):
            if 0 < side < len(points) - 1:
                sizes[side] = max(size, _area(points[left[side]], points[side], points[right[side]]))
                heapq.heappush(queue, (sizes[side], side))
    return [(round(x), round(y)) for (x, y), lost in zip(points, gone, strict=True) if not lost]


def _rings(entry: Mapping[str, Any], arcs: Sequence[Ring]) -> list[Ring]:
    parts = [entry["arcs"]] if entry["type"] == "Polygon" else entry["arcs"]
    found = []
    for ring in (ring for part in parts for ring in part):
        points: Ring = []
        for number in ring:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += arc if not points else arc[1:]
        found.append(points)
    return found


def _row(code: str, rings: list[Ring], top: int) -> list[Any]:
    sizes = [_size(ring) for ring in rings]
    largest = rings[sizes.index(max(sizes))]
    x = (min(p[0] for p in largest) + max(p[0] for p in largest)) // 2
    y = (min(p[1] for p in largest) + max(p[1] for p in largest)) // 2 - top
    if max(sizes) < DOT:
        return [code, "", x, y]
    kept = [ring for ring, size in zip(rings, sizes, strict=True) if size >= SMALLEST]
    return [code, "".join(_path(ring, top) for ring in kept), x, y]


def _size(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def _path(ring: Ring, top: int) -> str:
    """Relative steps, without a sign's worth of blanks."""
    text = f"M{ring[0][0]} {ring[0][1] - top}l"
    for before, now in pairwise(ring[:-1]):
        dx, dy = now[0] - before[0], now[1] - before[1]
        if (dx, dy) != (0, 0):
            text += f"{'' if text[-1] == 'l' or dx < 0 else ' '}{dx}{'' if dy < 0 else ' '}{dy}"
    return text + "z"


def _code(entry: Mapping[str, Any]) -> str:
    """ISO 3166-1's letters of its number, by CLDR. Kosovo has a code that is in use, and no number."""
    if entry["properties"]["name"] == "Kosovo":
        return "XK"
    found = get_global("territory_aliases").get(str(entry.get("id", "")), ())
    return str(found[0]) if len(found) == 1 else ""
