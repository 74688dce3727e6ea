"""The map: countries in five tints by visits, each a link that filters the page. The table of regions says the same.

One colour alone would not do: every tint is named in the key, and every figure stands in the table beside it.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache

from ..core.sealing.regions import country_of
from ..face.folders import PACKAGE
from .panel_view import panel_table
from .panels import BY_ID
from .question import Question
from .reading import Reader
from .told import label_bounds, total_bounds
from .words import number, region_name, told

TINTS = 5
DOT = 5
"""Radius of a country that is too small to draw."""
CLOSEST = 260
"""Width at least of what is shown around a country that is filtered by."""


@dataclass(frozen=True, slots=True)
class Outline:
    code: str
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class World:
    width: int
    height: int
    outlines: tuple[Outline, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A country with figures. `tint` is 1 to TINTS; `path` is "" for a dot at x, y."""

    name: str
    visits: str
    tint: int
    path: str
    x: int
    y: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class MapView:
    """`land` is the path of every country without a figure; `steps` are the tints that a figure can have, each with the
    least visits of it."""

    box: str
    land: str
    places: tuple[Place, ...]
    steps: tuple[tuple[int, str], ...]
    dot: float


@cache
def world() -> World:
    found = json.loads((PACKAGE / "data" / "world.json").read_text("utf-8"))
    return World(found["width"], found["height"], tuple(Outline(*row) for row in found["countries"]))


def map_view(reader: Reader, question: Question) -> MapView | None:
    """None where no country has a figure."""
    visits = _visits(reader, question)
    drawn = {outline.code for outline in world().outlines if outline.code}
    most = max((count for code, (count, _) in visits.items() if code in drawn), default=0)
    if not most:
        return None
    chosen = country_of(question.chosen.get("region") or "")
    places, land = [], []
    for outline in world().outlines:
        count, exact = visits.get(outline.code, (0, False))
        if count and outline.code:
            places.append(_place(outline, count, exact, most, question))
        else:
            land.append(outline.path)
    box = _box(chosen)
    tints = steps(question.k, most)
    return MapView(" ".join(map(str, box)), "".join(land), tuple(places), tints, DOT * box[2] / world().width)


def _visits(reader: Reader, question: Question) -> dict[str, tuple[int, bool]]:
    """By country: how many visits, and whether that is all of them. Under a filter by region, what it lets through:
    its table has the parts of a country that are told alone."""
    region = question.chosen.get("region")
    if region:
        bounds = total_bounds(reader, question.days, question.chosen)
        return {country_of(region): (bounds.least, bounds.exact)} if bounds.least else {}
    found = {}
    for line in panel_table(BY_ID["regions"], reader, question).lines:
        bounds = label_bounds(reader, "region", line.label, question.days, question.chosen.values)
        found[line.label] = line.count.visits, bounds.exact and bounds.least == line.count.visits
    return found


def steps(k: int, most: int) -> tuple[tuple[int, str], ...]:
    """(tint, its least visits), without the tints that end below k."""
    least = [-(-most * tint**2 // TINTS**2) for tint in range(TINTS + 1)]
    return tuple((tint + 1, number(max(k, least[tint]))) for tint in range(TINTS) if least[tint + 1] > k)


def _place(outline: Outline, count: int, exact: bool, most: int, question: Question) -> Place:
    """Tints go by the root of visits: else the largest country would be alone in its own."""
    tint = min(TINTS, 1 + int(TINTS * math.sqrt(count / most)))
    region = question.chosen.get("region") or ""
    here = outline.code == country_of(region)
    href = question.query(region=None if here else outline.code)
    name = region_name(region if here else outline.code)
    return Place(name, told(count, exact=exact), tint, outline.path, outline.x, outline.y, href, here)


def _box(chosen: str) -> tuple[int, int, int, int]:
    """x, y, width, height of what is shown: the world, or a country with its surroundings."""
    whole = world()
    found = next((one for one in whole.outlines if one.code == chosen and chosen), None)
    if found is None:
        return 0, 0, whole.width, whole.height
    left, top, right, bottom = _extent(found)
    ratio = whole.height / whole.width
    width = min(whole.width, max(CLOSEST, int(1.4 * (right - left)), int(1.4 * (bottom - top) / ratio)))
    height = int(width * ratio)
    x = min(max(0, (left + right - width) // 2), whole.width - width)
    y = min(max(0, (top + bottom - height) // 2), whole.height - height)
    return x, y, width, height


def _extent(outline: Outline) -> tuple[int, int, int, int]:
    """Of the part of the country that its middle is in: overseas parts would show half the world."""
    best = (outline.x, outline.y, outline.x, outline.y)
    for start_x, start_y, steps in re.findall(r"M(-?\d+) (-?\d+)l([^z]*)z", outline.path):
        numbers = list(map(int, re.findall(r"-?\d+", steps)))
        xs, ys = [int(start_x)], [int(start_y)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            xs.append(xs[-1] + dx)
            ys.append(ys[-1] + dy)
        found = min(xs), min(ys), max(xs), max(ys)
        if (found[2] - found[0]) * (found[3] - found[1]) > (best[2] - best[0]) * (best[3] - best[1]):
            best = found
    return best
