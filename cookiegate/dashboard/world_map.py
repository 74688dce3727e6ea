"""The map: countries in five tints by visits, each a link that filters the page. The table of regions says the same.

One colour alone would not do: every tint is named in the key, and every figure stands in the table beside it.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache

from ..face.folders import PACKAGE
from .panel_view import panel_table
from .panels import BY_ID
from .question import Question
from .reading import Reader, by_country
from .words import number, region_name

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
    """`land` is the path of every country without a figure; `steps` are the least visits of each tint."""

    box: str
    land: str
    places: tuple[Place, ...]
    steps: tuple[str, ...]
    dot: float


@cache
def world() -> World:
    found = json.loads((PACKAGE / "data" / "world.json").read_text("utf-8"))
    return World(found["width"], found["height"], tuple(Outline(*row) for row in found["countries"]))


def map_view(reader: Reader, question: Question) -> MapView | None:
    """None where no country has a figure."""
    lines = by_country(panel_table(BY_ID["regions"], reader, question))
    visits = {line.label: line.count.visits for line in lines if line.count.visits > 0}
    drawn = {outline.code for outline in world().outlines if outline.code}
    most = max((count for code, count in visits.items() if code in drawn), default=0)
    if not most:
        return None
    chosen = (question.chosen.get("region") or "").partition("-")[0]
    places, land = [], []
    for outline in world().outlines:
        count = visits.get(outline.code, 0)
        if count and outline.code:
            places.append(_place(outline, count, most, question, chosen))
        else:
            land.append(outline.path)
    box = _box(chosen)
    steps = tuple(number(max(question.k, math.ceil(most * (tint / TINTS) ** 2))) for tint in range(TINTS))
    return MapView(" ".join(map(str, box)), "".join(land), tuple(places), steps, DOT * box[2] / world().width)


def _place(outline: Outline, count: int, most: int, question: Question, chosen: str) -> Place:
    """Tints go by the root of visits: else the largest country would be alone in its own."""
    tint = min(TINTS, 1 + int(TINTS * math.sqrt(count / most)))
    here = outline.code == chosen
    href = question.query(region=None if here else outline.code)
    name = region_name(outline.code)
    return Place(name, number(count), tint, outline.path, outline.x, outline.y, href, here)


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
