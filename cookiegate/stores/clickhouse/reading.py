"""Sealed figures, over all shards."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from ...core.counts import OTHER
from ...core.sealing import Count, Row
from ...core.sealing.periods import month_of
from ..contract import DatedRow, Sum
from ..ranges import spans_of
from .cluster import Cluster

ROWS = """
SELECT period, panel, block, label, sum(visits), sum(views) FROM sealed
WHERE site = %(site)s AND kind = %(kind)s AND period >= %(first)s AND period <= %(last)s {more}
GROUP BY period, panel, block, label
"""
GROUPED = """
SELECT {columns}, sum(visits) AS v, sum(views) AS n FROM sealed
WHERE site = %(site)s AND panel = %(panel)s AND ({spans}) {more}
GROUP BY {columns} {order}
"""
PRUNED = "SELECT max(period) FROM mark WHERE site = '' AND kind = 'p'"


class Reading:
    """What was pruned is not read, whether its files are gone yet or not."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def pruned(self) -> int:
        """The first day that was kept."""
        return max((int(day) for (day,) in self._cluster.ask(PRUNED)), default=0)

    def between(
        self, site: str, kind: str, first: int, last: int, panel: str | None = None
    ) -> list[DatedRow]:
        query = ROWS.format(more="AND panel = %(panel)s" if panel is not None else "")
        values = {
            "site": site,
            "kind": kind,
            "first": max(first, self.pruned()),
            "last": last,
            "panel": panel,
        }
        return sorted((period, Row(*row)) for period, *row in self._cluster.ask(query, values))

    def sums(self, site: str, panel: str, first: int, last: int) -> list[Sum]:
        found = self._grouped(site, panel, first, last, "block, label", "", "")
        return sorted(Sum(block, label, v, n) for block, label, v, n in found)

    def top(self, site: str, panel: str, first: int, last: int, limit: int) -> list[Sum]:
        """A site's rows lie on one shard, so each shard's top is whole; where shards were added since, on two,
        and the sums of all labels are needed."""
        shown = "AND NOT startsWith(label, %(other)s)"
        order = f"ORDER BY v DESC, n DESC, label LIMIT {limit:d}"
        each = self._each(site, panel, first, last, "label", shown, order)
        if sum(map(bool, each)) > 1:
            each = self._each(site, panel, first, last, "label", shown, "")
        sums: dict[str, Count] = defaultdict(Count)
        for label, v, n in (row for rows in each for row in rows):
            sums[label] = sums[label].plus(Count(v, n))
        ordered = sorted(sums.items(), key=lambda item: (-item[1].visits, -item[1].views, item[0]))
        return [Sum("", label, *count) for label, count in ordered[:limit]]

    def _grouped(
        self, site: str, panel: str, first: int, last: int, columns: str, more: str, order: str
    ) -> list[tuple[Any, ...]]:
        sums: dict[tuple[Any, ...], Count] = defaultdict(Count)
        for rows in self._each(site, panel, first, last, columns, more, order):
            for *key, v, n in rows:
                sums[tuple(key)] = sums[tuple(key)].plus(Count(v, n))
        return [(*key, *count) for key, count in sums.items()]

    def _each(
        self, site: str, panel: str, first: int, last: int, columns: str, more: str, order: str
    ) -> list[list[tuple[Any, ...]]]:
        values: dict[str, Any] = {"site": site, "panel": panel, "other": OTHER}
        spans = spans_of(max(first, self.pruned()), last)
        for at, (kind, start, end) in enumerate(spans):
            values |= {f"kind{at}": kind, f"first{at}": start, f"last{at}": end}
        wanted = " OR ".join(
            f"(kind = %(kind{at})s AND period >= %(first{at})s AND period <= %(last{at})s)"
            for at in range(len(spans))
        )
        query = GROUPED.format(columns=columns, spans=wanted, more=more, order=order)
        return self._cluster.each(lambda node: node.ask(query, values))

    def prune(self, before: int) -> int:
        """Mark where the figures begin, and destroy whole months before that. Returns the rows of days and weeks."""
        query = (
            "SELECT count() FROM (SELECT DISTINCT site, kind, panel, period, block, label FROM sealed "
            "WHERE kind IN ('d', 'w') AND period >= %(first)s AND period < %(before)s)"
        )
        gone = sum(int(n) for (n,) in self._cluster.ask(query, {"first": self.pruned(), "before": before}))
        if before > self.pruned():
            self._cluster.each(lambda node: node.insert("mark", [[""], ["p"], [before], [2]]))
            self._cluster.settle("mark")
        months = "SELECT DISTINCT toYYYYMM(toDate(period)) FROM sealed WHERE period < %(month)s"
        for month in {m for (m,) in self._cluster.ask(months, {"month": month_of(before)})}:
            self._cluster.drop("sealed", str(int(month)))
        return gone
