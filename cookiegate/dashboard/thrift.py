"""Published figures under a higher threshold than they were sealed with: what a link shows.

Each day, or week, is looked at on its own and sealed once more (`core.sealing.again`). It can only take away: all that
is left was published before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.sealing import Count, Row, Rule
from ..core.sealing.again import beside, seal_again, week_again
from ..stores import Sum
from ..stores.contract import DatedRow
from .reading import Figures
from .told import VISIT_PANELS


@dataclass(slots=True)
class Thrifty:
    """A store's published figures, of k visits or more."""

    store: Figures
    rule: Rule

    def sites(self) -> list[str]:
        return self.store.sites()

    def rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        days: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for name in dict.fromkeys((panel, *beside(panel))):
            for day, row in self.store.rows(site, name, first, last):
                days[day][name].append(row)
        return [(day, row) for day, found in days.items() for row in seal_again(panel, found, self.rule)]

    def week_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        weeks: dict[int, list[Row]] = defaultdict(list)
        for week, row in self.store.week_rows(site, panel, first, last):
            weeks[week].append(row)
        untold: set[int] = set()
        if panel in VISIT_PANELS:
            totals = self.store.week_rows(site, "total", first, last)
            untold = {week for week, row in totals if row.visits < self.rule.k}
        return [
            (week, row)
            for week, found in weeks.items()
            for row in week_again(panel, found, self.rule, is_told=week not in untold)
        ]

    def month_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        months: dict[int, list[Row]] = defaultdict(list)
        for month, row in self.store.month_rows(site, panel, first, last):
            months[month].append(row)
        return [
            (month, row)
            for month, found in months.items()
            for row in seal_again(panel, {panel: found}, self.rule)
        ]

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
