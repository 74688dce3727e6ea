"""Deleting figures that were kept long enough: what is read ends at a day, what is destroyed is whole partitions."""

from __future__ import annotations

from ...core.sealing.periods import month_of
from ..contract import BATCH_DAYS, forgotten_before
from .cluster import Cluster
from .reading import Reading

OLD_ROWS = """
SELECT count() FROM (SELECT DISTINCT kind, panel, period, block, label FROM sealed
WHERE site = %(site)s AND kind IN ('d', 'w') AND period >= %(first)s AND period < %(before)s)
"""
OLD_MONTHS = """
SELECT DISTINCT toYYYYMM(toDate(period)) FROM sealed WHERE site = %(site)s AND period < %(before)s
"""
OLD_MARKS = """
SELECT DISTINCT intDiv(period + 3, 70) AS part FROM mark WHERE site = %(site)s AND (part + 1) * 70 - 3 <= %(before)s
"""
OLD_BATCHES = "SELECT DISTINCT intDiv(day, 7) AS part FROM batch WHERE (part + 1) * 7 <= %(before)s"
"""The parts of `tables.sql`: a batch is remembered until all of its week is old."""


def prune(cluster: Cluster, reading: Reading, site: str, before: int, today: int) -> int:
    """Mark where the site's figures begin, destroy whole months before that, and whatever nobody needs who has no
    older figures. Returns the rows of days and weeks."""
    known = reading.pruned(site)
    gone = sum(n for (n,) in cluster.ask(OLD_ROWS, {"site": site, "first": known, "before": before}))
    if before > known:
        cluster.each(lambda node: node.insert("mark", [[site], ["p"], [before], [2]]))
        cluster.settle("mark")
    for part in _parts(cluster, OLD_MONTHS, {"site": site, "before": month_of(before)}):
        cluster.drop_of_site("sealed", site, part)
    for part in _parts(cluster, OLD_MARKS, {"site": site, "before": forgotten_before(before)}):
        cluster.drop_of_site("mark", site, part)
    for part in _parts(cluster, OLD_BATCHES, {"before": today - BATCH_DAYS}):
        cluster.drop("batch", str(part))
    return int(gone)


def _parts(cluster: Cluster, query: str, values: dict[str, object]) -> list[int]:
    return sorted({int(part) for (part,) in cluster.ask(query, values)})
