"""Reads published sums for one question, and says how much of it is hidden, and why.

Every figure anywhere on the dashboard, in its files and its interface comes through a `Reader`: the same
question has one answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..core.counts.labels import OTHER
from ..core.sealing import Count
from ..core.sealing.day import read_group
from ..core.sealing.periods import WEEK, week_of
from ..core.sealing.regions import country_of
from ..stores import Sum
from ..stores.contract import DatedRow
from .filters import Filter, filtered, refusal
from .period import Days
from .told import VISIT_PANELS, Bounds, Tables, tables_of

NONE = Count()


class Figures(Protocol):
    """What a reader needs of a store: what is published, and nothing else."""

    def sites(self) -> list[str]: ...
    def rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]: ...
    def week_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]: ...
    def month_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]: ...
    def sums(self, site: str, panel: str, first: int, last: int) -> list[Sum]: ...
    def days_told(
        self, site: str, panel: str, first: int, last: int, labels: Sequence[str] | None = None
    ) -> dict[str, int]: ...


@dataclass(frozen=True, slots=True)
class Line:
    """A label's figures over the period, and over the compared one where they are told there: what is hidden, or
    was not there, is None and not nought. `whole`: all of it is told, on every day."""

    label: str
    count: Count
    before: Count | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A panel's answer. `everything` is what all of it adds up to; `grouped` stands under `(other)`, `apart` is in
    blocks that are not cut as finely as the filter asks. `leads` are labels that were in the group on some days.
    `before` are all labels of the compared period, those that are not told now among them."""

    panel: str
    lines: tuple[Line, ...]
    everything: Count
    grouped: Count = NONE
    apart: Count = NONE
    leads: tuple[str, ...] = ()
    refusal: str | None = None
    before: Mapping[str, Count] = field(default_factory=dict)
    grouped_before: bool = False
    """Whether anything is in a group in the compared period."""

    def hidden(self, measure: str) -> int:
        return int(getattr(self.grouped, measure)) + int(getattr(self.apart, measure))

    def share_hidden(self, measure: str) -> float:
        whole = getattr(self.everything, measure)
        return max(0.0, min(1.0, self.hidden(measure) / whole)) if whole > 0 else 0.0


@dataclass(slots=True)
class Reader:
    """One site's figures. Keeps what it has read: make one for each request. `noted` gives the operator's notes on
    days, as (day, text); `end` is the last day that can be sealed by now."""

    store: Figures
    site: str
    noted: Callable[[Days], list[tuple[int, str]]] = lambda days: []
    end: int = 10**6
    bounds: dict[Any, Bounds] = field(default_factory=dict)
    _span: list[tuple[int | None, int]] = field(default_factory=list)
    _tables: dict[tuple[str, Days], Tables] = field(default_factory=dict)
    _weeks: dict[tuple[str, Days], list[DatedRow]] = field(default_factory=dict)
    _sums: dict[tuple[str, Days], list[Sum]] = field(default_factory=dict)
    _rows: dict[tuple[str, Days], list[DatedRow]] = field(default_factory=dict)

    def sums(self, panel: str, days: Days) -> list[Sum]:
        key = (panel, days)
        if key not in self._sums:
            self._sums[key] = self.store.sums(self.site, panel, days.first, days.last)
        return self._sums[key]

    def rows(self, panel: str, days: Days) -> list[DatedRow]:
        """The rows of days, without what weeks added."""
        key = (panel, days)
        if key not in self._rows:
            self._rows[key] = self.store.rows(self.site, panel, days.first, days.last)
        return self._rows[key]

    def week_rows(self, panel: str, days: Days) -> list[DatedRow]:
        """What whole weeks of the days added."""
        key = (panel, days)
        if key not in self._weeks:
            self._weeks[key] = self.store.week_rows(self.site, panel, days.first, days.last)
        return self._weeks[key]

    def tables(self, panel: str, days: Days) -> Tables:
        """The rows of days as the tables that they were sealed as."""
        key = (panel, days)
        if key not in self._tables:
            self._tables[key] = tables_of(panel, self.rows(panel, days))
        return self._tables[key]

    def days_told(self, panel: str, days: Days, labels: Sequence[str] | None) -> dict[str, int]:
        """On how many days each label's own figure is published."""
        return self.store.days_told(self.site, panel, days.first, days.last, labels)

    def total(self, days: Days, chosen: Filter) -> Count:
        """Visits and views of all that the filter lets through, as far as they are published."""
        if not chosen:
            return _added(self.sums("total", days))
        panel = chosen.narrowest
        return _added(filtered(self.sums(panel, days), panel, chosen))

    def table(self, panel: str, days: Days, chosen: Filter, against: Days | None = None) -> Table:
        """A panel's lines, in no order. One that cannot honour the filter answers for the whole site."""
        reason = refusal(panel, chosen)
        if reason is not None:
            chosen = Filter()
        shown, grouped, leads = self._split(panel, days, chosen)
        before, hidden, _ = ({}, NONE, ()) if against is None else self._split(panel, against, chosen)
        lines = [Line(label, count, before.get(label)) for label, count in shown.items()]
        found = _added_counts(shown.values()).plus(grouped)
        everything = self._whole(panel, days, chosen, found)
        apart = Count(max(0, everything.visits - found.visits), max(0, everything.views - found.views))
        return Table(
            panel, tuple(lines), everything, grouped, apart, leads, reason, before, hidden.visits > 0
        )

    def _split(
        self, panel: str, days: Days, chosen: Filter
    ) -> tuple[dict[str, Count], Count, tuple[str, ...]]:
        """(label -> count, what is in groups, labels that were in a group on some days)."""
        shown: dict[str, Count] = defaultdict(Count)
        grouped = Count()
        leads: set[str] = set()
        for found in filtered(self.sums(panel, days), panel, chosen):
            count = Count(found.visits, found.views)
            group = read_group(found.label) if found.label.startswith(OTHER) else None
            if group is None:
                # A goal is a population of its own: its name stands where others have the block.
                label = found.block if panel == "goal" else found.label
                shown[label] = shown[label].plus(count) if label in shown else count
            elif group[0] and not chosen.get("region"):
                # A group within a country: the country is told, its part is not.
                shown[f"{group[0]}-"] = shown[f"{group[0]}-"].plus(count)
            else:
                grouped = grouped.plus(count)
                leads.update(group[1])
        return dict(shown), Count(max(0, grouped.visits), max(0, grouped.views)), tuple(sorted(leads))

    def _whole(self, panel: str, days: Days, chosen: Filter, found: Count) -> Count:
        if panel not in VISIT_PANELS:
            return found
        whole = self.total(days, chosen)
        if panel in ("referrer", "channel"):
            whole = Count(whole.visits, whole.visits)
        return Count(max(whole.visits, found.visits), max(whole.views, found.views))

    # -- which days there are

    def since(self) -> int | None:
        """The first day that was ever published."""
        return self._published()[0]

    def _published(self) -> tuple[int | None, int]:
        """The first day and the last one of which there is anything."""
        if not self._span:
            days = [day for day, _ in self.store.rows(self.site, "total", 0, 10**6)]
            weeks = [week for week, _ in self.store.week_rows(self.site, "total", 0, 10**6)]
            self._span.append((min([*days, *weeks], default=None), max(days, default=0)))
        return self._span[0]

    def closed(self, days: Days) -> range:
        """The days of a period that can be sealed by now, or are, from the first one published on."""
        since, latest = self._published()
        first = days.first if since is None else max(days.first, since)
        return range(first, max(first, min(days.last, max(self.end, latest)) + 1))

    def withheld_days(self, days: Days) -> int:
        """Of these, how many have no total of their own: too few visits, or not to be told safely."""
        if self.since() is None:
            return 0
        known = {day for day, _ in self.rows("total", days)}
        return sum(day not in known for day in self.closed(days))

    def open_week(self, days: Days, end: int) -> int | None:
        """The Monday of a week that is still to close and has days in the period."""
        week = week_of(end)
        return week if days.last >= week and week + WEEK - 1 > end else None


def by_country(table: Table) -> list[Line]:
    """Lines of regions added up to countries. A country's compared figure is of all its regions then, whichever of
    them are told now."""
    counts = _countries((line.label, line.count) for line in table.lines)
    before = _countries(table.before.items())
    return [Line(name, count, before.get(name)) for name, count in counts.items()]


def _countries(regions: Iterable[tuple[str, Count]]) -> dict[str, Count]:
    found: dict[str, Count] = defaultdict(Count)
    for label, count in regions:
        country = country_of(label) or label
        found[country] = found[country].plus(count)
    return dict(found)


def _added(sums: Iterable[Sum]) -> Count:
    return _added_counts(Count(found.visits, found.views) for found in sums)


def _added_counts(counts: Iterable[Count]) -> Count:
    visits = views = 0
    for count in counts:
        visits, views = visits + count.visits, views + count.views
    return Count(visits, views)
