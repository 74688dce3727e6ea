"""The geometry of charts: plain numbers that the templates write as inline SVG.

Own SVG, not a chart library's: docs/decisions/0011-charts-as-inline-svg.md. Nothing here knows colours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 960.0
HEIGHT = 220.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale: its value, and its height from the top."""

    value: int
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One step: `x` and `width` of its column, `height` of its bar; None where nothing is published."""

    x: float
    width: float
    y: float
    height: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    before: str
    """The path of the compared period's line, or ""."""
    ticks: tuple[Tick, ...]


def draw(values: Sequence[int | None], before: Sequence[int | None] = ()) -> Chart:
    """Bars for a period, a line for the one that it is compared with, by the place of each step."""
    top = _round_up(max((v for v in [*values, *before] if v is not None), default=0))
    column = WIDTH / max(1, len(values))
    gap = min(4.0, column * 0.2)
    bars = []
    for place, value in enumerate(values):
        height = None if value is None else HEIGHT * value / top
        bars.append(
            Bar(
                round(place * column + gap / 2, 2),
                round(column - gap, 2),
                round(HEIGHT - (height or 0), 2),
                None if height is None else round(height, 2),
            )
        )
    ticks = tuple(Tick(int(top * part / 2), round(HEIGHT * (1 - part / 2), 2)) for part in (1, 2))
    return Chart(tuple(bars), _line(before, column, top, len(values)), ticks)


def _line(values: Sequence[int | None], column: float, top: int, most: int) -> str:
    """Straight pieces through the middle of columns, broken where nothing is published."""
    path, pen = [], "M"
    for place, value in enumerate(values[:most]):
        if value is None:
            pen = "M"
            continue
        path.append(f"{pen}{place * column + column / 2:.1f} {HEIGHT * (1 - value / top):.1f}")
        pen = "L"
    return "".join(path)


def _round_up(value: int) -> int:
    """The least of 2, 4, 6, 8 or 10 times a power of ten that is not below, so that its half is a whole number."""
    if value <= 10:
        return 10
    size: int = 10 ** (len(str(value)) - 1)
    for factor in (2, 3, 4, 5, 6, 8, 10):
        if value <= factor * size:
            return int(math.ceil(factor * size / 2) * 2)
    return 10 * size
