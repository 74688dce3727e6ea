"""Sealed figures, over all shards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from ...core.counts import OTHER
from ...core.sealing import Count, Row
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
DAYS = """
SELECT label, uniqExact(period) FROM sealed
WHERE site = %(site)s AND kind = 'd' AND panel = %(panel)s AND period >= %(first)s AND period <= %(last)s
AND block = '' {more} GROUP BY label
"""
PRUNED = "SELECT max(period) FROM mark WHERE site = %(site)s AND kind = 'p'"


class Reading:
    """What was pruned is not read, whether its files are gone yet or not."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def pruned(self, site: str) -> int:
        """The first day of a site that was kept."""
        return max((int(day) for (day,) in self._cluster.ask(PRUNED, {"site": site})), default=0)

    def between(
        self, site: str, kind: str, first: int, last: int, panel: str | None = None
    ) -> list[DatedRow]:
        query = ROWS.format(more="AND panel = %(panel)s" if panel is not None else "")
        values = {
            "site": site,
            "kind": kind,
            "first": max(first, self.pruned(site)),
            "last": last,
            "panel": panel,
        }
        return sorted((period, Row(*row)) for period, *row in self._cluster.ask(query, values))

    def sums(self, site: str, panel: str, first: int, last: int) -> list[Sum]:
        found = self._grouped(site, panel, first, last, "block, label", "", "")
        return sorted(Sum(block, label, v, n) for block, label, v, n in found)

    def days_told(
        self, site: str, panel: str, first: int, last: int, labels: Sequence[str] | None
    ) -> dict[str, int]:
        """A day's rows lie on one shard, so the shards' days add up."""
        if labels is not None and not labels:
            return {}
        query = DAYS.format(more="" if labels is None else "AND label IN %(labels)s")
        values = {"site": site, "panel": panel, "first": max(first, self.pruned(site)), "last": last}
        values |= {} if labels is None else {"labels": tuple(labels)}
        found: Counter[str] = Counter()
        for label, number in self._cluster.ask(query, values):
            found[label] += int(number)
        return dict(found)

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
        spans = spans_of(max(first, self.pruned(site)), last)
        for at, (kind, start, end) in enumerate(spans):
            values |= {f"kind{at}": kind, f"first{at}": start, f"last{at}": end}
        wanted = " OR ".join(
            f"(kind = %(kind{at})s AND period >= %(first{at})s AND period <= %(last{at})s)"
            for at in range(len(spans))
        )
        query = GROUPED.format(columns=columns, spans=wanted, more=more, order=order)
        return self._cluster.each(lambda node: node.ask(query, values))
