"""How people answered: the consent funnel, and how much of the traffic those see who need a consent first.

A rate is of what is told alone: of the days, or weeks, whose prompts are published. Where an answer of such a day is
not told, it can be anything from nothing to what the other answers leave, and the rate is an interval.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..core.sealing.day import read_group
from ..core.sealing.periods import WEEK
from ..core.sealing.regions import country_of
from .filters import Filter, blocks_say, refusal
from .period import Days
from .reading import Reader
from .told import UNKNOWN, Bounds, DayTable, label_bounds, total_bounds

ANSWERS = ("accept", "reject", "custom")
PARTS = (*ANSWERS, "ignored")
BESIDE = ("withdrawn", "signal")
"""Events that are no answers to a prompt: consents taken back, and pages that a signal kept from asking."""
SIDES = ("region", "device", "language", "banner")

Unit = dict[str, Bounds]
"""Prompts of one day or week, which are exact, and what became of them."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of 1, at least and at most."""

    least: float
    most: float

    @property
    def exact(self) -> bool:
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class Funnel:
    """Prompts by what became of them, of the days and weeks that tell of them; `left` is how many days do not.
    `beside` are events of the whole period."""

    label: str
    shown: int = 0
    parts: dict[str, Bounds] = field(default_factory=dict)
    beside: dict[str, Bounds] = field(default_factory=dict)
    left: int = 0

    def share(self, event: str) -> Share | None:
        if not self.shown:
            return None
        part = self.parts[event]
        most = self.shown if part.most is None else part.most
        return Share(part.least / self.shown, most / self.shown)


def side_of(chosen: Filter) -> str:
    """The side of prompts that can answer for the filter."""
    return chosen.values[0][0] if len(chosen.values) == 1 and chosen.values[0][0] in SIDES else "banner"


def whole_funnel(reader: Reader, days: Days, chosen: Filter) -> Funnel:
    """Of all prompts; of one region or device where the filter names that alone."""
    side = side_of(chosen)
    own = chosen.get(side) if refusal(f"prompt:shown:{side}", chosen) is None else None
    return funnel(reader, days, side, own)


def funnels(reader: Reader, days: Days, side: str) -> list[Funnel]:
    """One for each label of a side whose prompts are told; countries as wholes."""
    labels: dict[str, None] = {}
    panel = f"prompt:shown:{side}"
    for _, row in [*reader.rows(panel, days), *reader.week_rows(panel, days)]:
        if (label := _label(side, row.label)) is not None:
            labels[label] = None
    told = _Prompts(reader, days, side)
    rows = [told.funnel(label) for label in labels]
    return sorted((row for row in rows if row.shown), key=lambda row: (-row.shown, row.label))


def funnel(reader: Reader, days: Days, side: str, label: str | None) -> Funnel:
    """Of one label of a side, or of all."""
    return _Prompts(reader, days, side).funnel(label)


def _label(side: str, label: str) -> str | None:
    group = read_group(label)
    if side != "region":
        return None if group is not None else label
    return (country_of(label) or label) if group is None else group[0] or None


class _Prompts:
    """What is told of a side's prompts and answers, by day and by week."""

    def __init__(self, reader: Reader, days: Days, side: str) -> None:
        self._reader, self._days, self._side = reader, days, side
        panels = {event: f"prompt:{event}:{side}" for event in ("shown", *ANSWERS)}
        self._tables = {event: reader.tables(panel, days) for event, panel in panels.items()}
        self._weeks = {event: _by_week(reader, panel, days) for event, panel in panels.items()}

    def funnel(self, label: str | None) -> Funnel:
        shown, told = 0, 0
        least, most = dict.fromkeys(PARTS, 0), dict.fromkeys(PARTS, 0)
        for unit, length in self._units(label):
            shown += unit["shown"].least
            told += length
            for event, bounds in _refined(unit).items():
                least[event] += bounds.least
                most[event] += bounds.most or 0
        parts = {event: Bounds(least[event], most[event]) for event in PARTS}
        beside = {event: _beside(self._reader, self._days, self._side, label, event) for event in BESIDE}
        return Funnel(label or "", shown, parts, beside, max(0, len(self._reader.closed(self._days)) - told))

    def _units(self, label: str | None) -> Iterator[tuple[Unit, int]]:
        """(the unit, how many days it is of)."""
        asked = self._tables["shown"]
        for day in self._reader.closed(self._days):
            if day in asked and _on_day(asked[day], label).exact:
                yield {event: _on_day(found.get(day), label) for event, found in self._tables.items()}, 1
        for week, names in self._weeks["shown"].items():
            if not any(day in asked for day in range(week, week + WEEK)):
                length = WEEK
                for name, visits in names.items():
                    if label is None or (name == label and self._side != "region"):
                        yield self._week(week, name, visits), length
                        length = 0

    def _week(self, week: int, name: str, visits: int) -> Unit:
        unit = {"shown": Bounds(visits, visits)}
        for event in ANSWERS:
            late = self._weeks[event].get(week, {}).get(name, 0)
            apart = not late or any(day in self._tables[event] for day in range(week, week + WEEK))
            unit[event] = Bounds(late, None if apart else late)
        return unit


def _on_day(tables: dict[str, DayTable] | None, label: str | None) -> Bounds:
    """Prompts are in no block: a day has one table of a side."""
    if tables is None:
        return UNKNOWN
    (table,) = tables.values()
    return Bounds(table.everything, table.everything) if label is None else table.of(label)


def _by_week(reader: Reader, panel: str, days: Days) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for week, row in reader.week_rows(panel, days):
        if read_group(row.label) is None:
            found.setdefault(week, {})[row.label] = row.visits
    return found


def _refined(unit: Unit) -> Unit:
    """An answer is at most what the others leave of the prompts; what no answer can be is no answer."""
    shown = unit["shown"].least
    least = {event: min(unit[event].least, shown) for event in ANSWERS}
    found = {}
    for event in ANSWERS:
        rest = max(least[event], shown - sum(least.values()) + least[event])
        most = unit[event].most
        found[event] = Bounds(least[event], rest if most is None else max(least[event], min(most, rest)))
    ignored = shown - sum(least.values())
    sure = shown - sum(bounds.most or 0 for bounds in found.values())
    found["ignored"] = Bounds(max(0, sure), max(0, ignored))
    return found


def _beside(reader: Reader, days: Days, side: str, label: str | None, event: str) -> Bounds:
    panel = f"prompt:{event}:{side}"
    if label is not None:
        return label_bounds(reader, panel, label, days)
    tables = reader.tables(panel, days)
    late = sum(visits for week in _by_week(reader, panel, days).values() for visits in week.values())
    found = Bounds(late, late)
    for day in reader.closed(days):
        found = found.plus(_on_day(tables.get(day), None))
    return found


# -- coverage


@dataclass(frozen=True, slots=True)
class Coverage:
    """Visits of a group, of the days that tell of them, beside those in it of whoever had accepted all, or allowed a
    part."""

    label: str
    visits: Bounds
    granted: Bounds
    partial: Bounds

    @property
    def share(self) -> Share | None:
        if not self.visits.least or not self.visits.most:
            return None
        most = self.visits.least if self.granted.most is None else self.granted.most
        return Share(min(1.0, self.granted.least / self.visits.most), min(1.0, most / self.visits.least))


def coverage(reader: Reader, days: Days, chosen: Filter) -> Coverage:
    """Of the period, or of its days whose visits are told where some are not. Of the whole site where the filter
    cannot be honoured."""
    if refusal("state", chosen) is not None:
        chosen = Filter()
    only = None
    if total_bounds(reader, days, chosen).most is None:
        known = reader.tables("total", days)
        only = [day for day in reader.closed(days) if day in known]
    granted, partial = (
        label_bounds(reader, "state", name, days, chosen.values, only) for name in ("granted", "partial")
    )
    return Coverage("", total_bounds(reader, days, chosen, only), granted, partial)


def coverage_by(reader: Reader, days: Days, depth: int, chosen: Filter) -> list[Coverage]:
    """By the part of blocks' paths at `depth` (0 country, 2 channel): of the days on which it is large enough to be
    published, of those visits alone."""
    if refusal("state", chosen) is not None:
        chosen = Filter()
    found: dict[str, dict[str, Bounds]] = {}
    for blocks in reader.tables("state", days).values():
        for block, table in blocks.items():
            path = block.split("/") if block else []
            if (
                len(path) <= depth
                or path[depth].startswith("(other)")
                or not blocks_say(block, chosen.values)
            ):
                continue
            sums = found.setdefault(path[depth], {name: Bounds() for name in ("", "granted", "partial")})
            sums[""] = sums[""].plus(Bounds(table.everything, table.everything))
            for name in ("granted", "partial"):
                sums[name] = sums[name].plus(table.of(name))
    rows = [Coverage(label, sums[""], sums["granted"], sums["partial"]) for label, sums in found.items()]
    return sorted(rows, key=lambda row: (-row.visits.least, row.label))
