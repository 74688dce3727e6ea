"""How much of a figure is told: the least and the most that a label's visits can be, by the published rows alone.

A day's panel is a partition: a label is shown, or stands in a group, or nobody had it. A day without the panel was
withheld as a whole. Nothing is taken for granted of what a group holds but its sum, so that the bounds stay true
whatever sealing puts together. What a page prints without "at least" is what `Bounds.exact` says of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ..core.counts.labels import OTHER
from ..core.sealing.day import read_group
from ..core.sealing.known import CUBE, VISITS
from ..core.sealing.periods import WEEK, week_of
from ..core.sealing.regions import country_of
from ..stores.contract import DatedRow
from .filters import DIMENSIONS, Filter
from .period import Days

if TYPE_CHECKING:
    from .reading import Reader

VISIT_PANELS = frozenset({*VISITS, *CUBE})
"""Panels of all visits: what a panel lacks of their total is hidden in it."""

Fixed = tuple[tuple[str, str], ...]
Path = tuple[str, ...]


class Bounds(NamedTuple):
    """Visits: `most` is None where nothing says how many they may be."""

    least: int = 0
    most: int | None = 0

    @property
    def exact(self) -> bool:
        return self.least == self.most

    def plus(self, other: Bounds) -> Bounds:
        known = self.most is not None and other.most is not None
        return Bounds(self.least + other.least, (self.most or 0) + (other.most or 0) if known else None)


UNKNOWN = Bounds(0, None)


@dataclass(slots=True)
class DayTable:
    """One panel of one block on one day. `groups` are by country ("" for the group of all), `countries` are whole."""

    region: bool
    shown: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    countries: dict[str, int] = field(default_factory=dict)

    everything: int = 0

    def add(self, label: str, group: str | None, country: str, visits: int) -> None:
        """`group` is the country whose group the label is, "" for the group of all, None for a label that is shown;
        `country` is the label's, "" for none."""
        self.everything += visits
        if group is None:
            self.shown[label] = self.shown.get(label, 0) + visits
        else:
            self.groups[group] = self.groups.get(group, 0) + visits
        if country:
            self.countries[country] = self.countries.get(country, 0) + visits

    def of(self, label: str) -> Bounds:
        shown = self.countries if self.region and "-" not in label else self.shown
        if label in shown:
            return Bounds(shown[label], shown[label])
        country = country_of(label) if self.region and "-" in label else ""
        if country in self.groups:
            return Bounds(0, self.groups[country])
        if country and country in self.countries:
            return Bounds()
        return Bounds(0, self.groups.get("", 0))


Tables = dict[int, dict[str, DayTable]]
"""Day -> block -> table."""


def tables_of(panel: str, rows: Iterable[DatedRow]) -> Tables:
    found: Tables = {}
    region = panel.endswith("region")
    # A year's days have the same labels.
    read: dict[str, tuple[str | None, str]] = {}
    for day, (_, block, label, visits, _) in rows:
        if label not in read:
            read[label] = _read(label, region=region)
        blocks = found.get(day)
        if blocks is None:
            blocks = found[day] = {}
        table = blocks.get(block)
        if table is None:
            table = blocks[block] = DayTable(region)
        table.add(label, *read[label], visits)
    return found


def _read(label: str, *, region: bool) -> tuple[str | None, str]:
    """A label's group and country, as `DayTable.add` takes them."""
    group = read_group(label)
    name = None if group is None else group[0]
    return name, (country_of(label) if name is None else name) if region else ""


def total_bounds(reader: Reader, days: Days, chosen: Filter, only: Sequence[int] | None = None) -> Bounds:
    """Of all visits that a filter lets through."""
    if not chosen:
        return label_bounds(reader, "total", "", days, (), only)
    panel = chosen.narrowest
    return label_bounds(reader, panel, chosen.get(panel) or "", days, chosen.without(panel), only)


def label_bounds(
    reader: Reader, panel: str, label: str, days: Days, fixed: Fixed = (), only: Sequence[int] | None = None
) -> Bounds:
    """Of a label of a panel, under the other values of a filter; of some days alone where they are named. A region
    without a dash is a whole country."""
    key = (panel, label, days, fixed, None if only is None else tuple(only))
    if key not in reader.bounds:
        reader.bounds[key] = _label_bounds(reader, panel, label, days, fixed, only)
    return reader.bounds[key]


def _label_bounds(
    reader: Reader, panel: str, label: str, days: Days, fixed: Fixed, only: Sequence[int] | None
) -> Bounds:
    tables = reader.tables(panel, days)
    released = {} if fixed or only is not None else _released(reader, panel, label, days)
    least = most = sum(released.values())
    known = True
    for day in reader.closed(days) if only is None else only:
        blocks = tables.get(day)
        if blocks is None:
            known = known and _comes_later(reader, panel, days, day, released)
            continue
        if len(blocks) == 1 and "" in blocks and not fixed:
            found = blocks[""].of(label)
        else:
            found = _on_day(reader, panel, label, days, day, blocks, fixed)
        least += found.least
        known = known and found.most is not None
        most += found.most or 0
    return Bounds(least, most if known else None)


def untold_days(reader: Reader, days: Days) -> list[int]:
    """The days without a total of their own."""
    known = reader.tables("total", days)
    return [day for day in reader.closed(days) if day not in known]


def told_whole(reader: Reader, days: Days, bucket: Days, untold: Sequence[int]) -> bool:
    """Whether the total of a part of a period is told, by its days or their weeks."""
    late = {week for week, _ in reader.week_rows("total", days)}
    return all(
        week_of(day) in late and bucket.first <= week_of(day) and week_of(day) + WEEK - 1 <= bucket.last
        for day in untold
        if bucket.first <= day <= bucket.last
    )


def goal_bounds(reader: Reader, goal: str, days: Days) -> Bounds:
    """A goal is a population of its own, with one figure a day, or a week."""
    tables = reader.tables("goal", days)
    weeks = {week: row.visits for week, row in reader.week_rows("goal", days) if row.block == goal}
    found = Bounds(sum(weeks.values()), sum(weeks.values()))
    for day in reader.closed(days):
        table = tables.get(day, {}).get(goal)
        if table is not None:
            found = found.plus(Bounds(table.everything, table.everything))
        elif week_of(day) not in weeks:
            found = found.plus(UNKNOWN)
    return found


def _released(reader: Reader, panel: str, label: str, days: Days) -> dict[int, int]:
    """By week, what it told of the label once more: all that its days had kept back, but for days on which the
    label stood in a group for others' sake."""
    found: dict[int, int] = {}
    for week, row in reader.week_rows(panel, days):
        if row.label == label and read_group(row.label) is None:
            found[week] = found.get(week, 0) + row.visits
    return found


def _comes_later(reader: Reader, panel: str, days: Days, day: int, released: Mapping[int, int]) -> bool:
    """Whether the week has told what a withheld day kept back. Of a panel of all visits it does so only with
    their total; of a country, never of all its regions; of a population of its own, what left groups may be all."""
    week = week_of(day)
    if week not in released or panel.endswith("region"):
        return False
    if panel not in VISIT_PANELS:
        tables = reader.tables(panel, days)
        return not any(other in tables for other in range(week, week + WEEK))
    return any(found == week for found, _ in reader.week_rows("total", days))


def _on_day(
    reader: Reader, panel: str, label: str, days: Days, day: int, blocks: Mapping[str, DayTable], fixed: Fixed
) -> Bounds:
    found = Bounds()
    paths = [_path(block) for block in blocks]
    own = ((panel, country_of(label) if panel == "region" else label),) if panel in DIMENSIONS else ()
    for block, table in blocks.items():
        lies = _lies(_path(block), paths, fixed)
        if _lies(_path(block), paths, own) is False:
            continue
        if lies is None:
            most = [table.of(label).most]
            for dimension, value in fixed:
                other = reader.tables(dimension, days).get(day, {}).get(block)
                most.append(None if other is None else other.of(value).most)
            known = [number for number in most if number is not None]
            found = found.plus(Bounds(0, min(known) if known else None))
        elif lies:
            found = found.plus(table.of(label))
    return found


def _path(block: str) -> Path:
    return tuple(block.split("/")) if block else ()


def _lies(path: Path, paths: Iterable[Path], fixed: Fixed) -> bool | None:
    """Whether a block's visits all have the values, or none; None where only some may."""
    some = False
    for dimension, value in fixed:
        depth = DIMENSIONS.index(dimension)
        if len(path) <= depth:
            some = True
        elif path[depth] == OTHER:
            if any(other[:depth] == path[:depth] and other[depth : depth + 1] == (value,) for other in paths):
                return False
            some = True
        elif path[depth] != value:
            return False
    return None if some else True


def whole_by_days(
    reader: Reader, panel: str, days: Days, labels: Sequence[str] | None, *, grouped: bool
) -> set[str] | None:
    """The labels of a large panel that are told on every day; None where all are, since nothing is grouped."""
    closed = reader.closed(days)
    if panel in VISIT_PANELS and not grouped and reader.withheld_days(days) == 0:
        return None
    found = reader.days_told(panel, Days(closed.start, closed.stop - 1), labels)
    return {label for label, count in found.items() if count == len(closed)}
