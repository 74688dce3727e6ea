"""The labels of most visits in a range, without adding up the range.

Each period lists its rows by size, and of every list some are read from the top. A label that is not among them can
have no more than the last figures of all lists together: while the first labels have more, it is none of them.
Labels that might still be among the first are looked up. Where sizes are too even for that, everything is added up.
(R. Fagin, A. Lotem, M. Naor: Optimal aggregation algorithms for middleware, 2003.)
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from ...core.counts import OTHER
from ...core.sealing.periods import WEEK, next_month, week_of
from ..contract import Sum
from ..ranges import Span, spans_of
from . import sealed

DEPTHS = (60, 300)
"""Rows of each list that are read before everything is added up."""

FEW = 50
"""Labels that may be looked up one by one."""

BLOCKS = """
WITH RECURSIVE b (id) AS (
  SELECT MIN(block) FROM sealed WHERE site = ?1 AND kind = ?2 AND panel = ?3 AND period = ?4
  UNION ALL
  SELECT (SELECT MIN(block) FROM sealed WHERE site = ?1 AND kind = ?2 AND panel = ?3 AND period = ?4 AND block > b.id)
  FROM b WHERE b.id IS NOT NULL
) SELECT id FROM b WHERE id IS NOT NULL
"""
HEAD = """
SELECT label, visits FROM sealed WHERE site = ? AND panel = ? AND kind = ? AND period = ?
ORDER BY visits DESC LIMIT ?
"""
SOME = """
SELECT label, visits, views FROM sealed
WHERE site = ? AND kind = ? AND panel = ? AND period = ? AND block = ? AND label IN ({marks})
"""
ALL = "SELECT label, SUM(visits), SUM(views) FROM ({parts}) GROUP BY label"

Ids = tuple[int, int]
Found = list[tuple[int, int, int]]
"""Label, visits, views."""


@dataclass(slots=True)
class Head:
    """The largest rows of one period. `least`: what a row that was not read can have at most."""

    kind: str
    period: int
    blocks: list[int]
    rows: list[tuple[int, int]]
    least: int


def top(
    connection: sqlite3.Connection, site: str, panel: str, first: int, last: int, limit: int
) -> list[Sum]:
    ids = sealed.ids_of(connection, site, panel)
    if ids is None or limit < 1:
        return []
    spans = spans_of(first, last)
    words = _Words(connection)
    found = _found_from_heads(connection, ids, spans, limit, words)
    if found is None:
        parts, values = sealed.parts(ids, spans)
        found = connection.execute(ALL.format(parts=parts), values).fetchall()
    ordered = sorted((-visits, -views, words[label]) for label, visits, views in found)
    shown = [Sum("", word, -visits, -views) for visits, views, word in ordered if not word.startswith(OTHER)]
    return shown[:limit]


class _Words(dict[int, str]):
    """Words by their numbers, read when they are asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __missing__(self, number: int) -> str:
        query = "SELECT text FROM word WHERE id = ?"
        self[number] = text = str(self._connection.execute(query, (number,)).fetchone()[0])
        return text


def _found_from_heads(
    connection: sqlite3.Connection, ids: Ids, spans: list[Span], limit: int, words: _Words
) -> Found | None:
    for depth in DEPTHS:
        heads = list(_heads(connection, ids, spans, depth))
        labels = _candidates(heads, limit, words)
        if labels is not None:
            return _sums_of(connection, ids, heads, labels)
    return None


def _heads(connection: sqlite3.Connection, ids: Ids, spans: list[Span], depth: int) -> Iterator[Head]:
    site, panel = ids
    for kind, period in (found for span in spans for found in _periods(span)):
        blocks = [block for (block,) in connection.execute(BLOCKS, (site, kind, panel, period))]
        if not blocks:
            continue
        rows = connection.execute(HEAD, (site, panel, kind, period, depth)).fetchall()
        yield Head(kind, period, blocks, rows, rows[-1][1] if len(rows) == depth else 0)


def _periods(span: Span) -> Iterator[tuple[str, int]]:
    kind, first, last = span
    period = week_of(first + WEEK - 1) if kind in "wv" else first
    while period <= last:
        yield kind, period
        period = period + 1 if kind == "d" else period + WEEK if kind in "wv" else next_month(period)


def _candidates(heads: list[Head], limit: int, words: _Words) -> list[int] | None:
    """Labels that may be among the first, or None where more has to be read."""
    seen: dict[int, int] = defaultdict(int)
    covered: dict[int, int] = defaultdict(int)
    unseen = sum(head.least * len(head.blocks) for head in heads)
    for head in heads:
        for number, visits in head.rows:
            seen[number] += visits
            covered[number] += head.least
    ordered = (label for label in sorted(seen, key=lambda label: -seen[label]))
    shown: list[int] = []
    while len(shown) < limit and (label := next(ordered, None)) is not None:
        if not words[label].startswith(OTHER):
            shown.append(label)
    least = seen[shown[-1]] if len(shown) == limit else 0
    if unseen and unseen >= least:
        return None
    some = [label for label, visits in seen.items() if visits + unseen - covered[label] >= least]
    return some if len(some) <= FEW + limit else None


def _sums_of(connection: sqlite3.Connection, ids: Ids, heads: list[Head], labels: list[int]) -> Found:
    site, panel = ids
    query = SOME.format(marks=",".join("?" * len(labels)))
    visits: dict[int, int] = defaultdict(int)
    views: dict[int, int] = defaultdict(int)
    for head in heads:
        for block in head.blocks:
            for label, v, n in connection.execute(
                query, (site, head.kind, panel, head.period, block, *labels)
            ):
                visits[label] += v
                views[label] += n
    return [(label, visits[label], views[label]) for label in visits]
