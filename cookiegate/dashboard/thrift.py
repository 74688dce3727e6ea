"""Published figures under a higher threshold than they were sealed with: what a link shows.

Each published figure is looked at on its own day, or week, and what stands for too few is told together by the same
rules as sealing's (`core.sealing.table`). It can only take away: all that is left was published before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.sealing import Count, Row, Rule, seal_table
from ..core.sealing.day import group_label, read_group
from ..core.sealing.known import COMMON
from ..core.sealing.regions import country_of
from ..stores import Store, Sum
from ..stores.contract import DatedRow
from .told import VISIT_PANELS

GROUP = group_label("", ())
SINGLE = ("total", "unique", "held")
"""Panels of single figures, which no group adds up with."""


@dataclass(slots=True)
class Thrifty:
    """A store's published figures, of k visits or more."""

    store: Store
    rule: Rule

    def sites(self) -> list[str]:
        return self.store.sites()

    def rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        rows = self._told(self.store.rows(site, panel, first, last), panel)
        if panel not in VISIT_PANELS:
            return rows
        known = {day for day, row in self.store.rows(site, "total", first, last) if row.visits >= self.rule.k}
        return [(day, row) for day, row in rows if day in known]

    def week_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        rows = self.store.week_rows(site, panel, first, last)
        if panel.partition(":")[0] in SINGLE:
            return self._told(rows, panel)
        weeks: dict[tuple[int, str], list[Row]] = defaultdict(list)
        for week, row in rows:
            weeks[week, row.block].append(row)
        return [(week, row) for (week, _), found in weeks.items() for row in self._of_week(panel, found)]

    def _of_week(self, panel: str, rows: list[Row]) -> list[Row]:
        """What a week releases has left a group; what is too few goes back into it."""
        left = {group[0]: Count(row.visits, row.views) for row in rows if (group := read_group(row.label))}
        kept = []
        for row in rows:
            if read_group(row.label) is not None:
                continue
            if row.visits >= self.rule.k:
                kept.append(row)
                continue
            country = country_of(row.label) if panel.endswith("region") and "-" in row.label else ""
            name = country if country in left else ""
            left[name] = left.get(name, Count()).plus(Count(row.visits, row.views))
        block = rows[0].block
        groups = [Row(panel, block, group_label(name, ()), *count) for name, count in left.items()]
        return kept + [row for row in groups if row.visits or row.views]

    def month_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._told(self.store.month_rows(site, panel, first, last), panel)

    def sums(self, site: str, panel: str, first: int, last: int) -> list[Sum]:
        added: dict[tuple[str, str], Count] = defaultdict(Count)
        for _, row in [*self.rows(site, panel, first, last), *self.week_rows(site, panel, first, last)]:
            key = row.block, row.label
            added[key] = added[key].plus(Count(row.visits, row.views))
        return [Sum(block, label, *count) for (block, label), count in sorted(added.items())]

    def days_told(
        self, site: str, panel: str, first: int, last: int, labels: Sequence[str] | None = None
    ) -> dict[str, int]:
        days = {(day, row.label) for day, row in self.rows(site, panel, first, last) if not row.block}
        return Counter(label for _, label in days if labels is None or label in labels)

    def _told(self, rows: list[DatedRow], panel: str) -> list[DatedRow]:
        kind = panel.partition(":")[0]
        if kind in ("total", "unique"):
            return [(day, row) for day, row in rows if row.visits >= self.rule.k]
        if kind == "held":
            return [(day, row) for day, row in rows if row.views >= self.rule.k]
        tables: dict[tuple[int, str], dict[str, Count]] = defaultdict(dict)
        for day, row in rows:
            tables[day, row.block][row.label] = Count(row.visits, row.views)
        return [
            (day, row) for (day, block), counts in tables.items() for row in self._table(panel, block, counts)
        ]

    def _table(self, panel: str, block: str, counts: dict[str, Count]) -> list[Row]:
        """A group of the day's own stays one, and joins the new one first: its label begins with a parenthesis."""
        sealed = seal_table(counts, self.rule, None, COMMON.get(panel.rpartition(":")[2], ()))
        if sealed is None:
            return []
        found = [Row(panel, block, label, *count) for label, count in sealed.shown.items()]
        if sealed.group is not None:
            same = [row for row in found if read_group(row.label) == ("", ()) and row.label == GROUP]
            count = sealed.group.count
            for row in same:
                found.remove(row)
                count = count.plus(Count(row.visits, row.views))
            found.append(Row(panel, block, GROUP, *count))
        return found
