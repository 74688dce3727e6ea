"""Statements on sealed rows, whose words are interned: each stands once in the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from ...core.sealing import Row
from ...core.sealing.periods import WEEK
from ..contract import DatedRow, Sum
from ..ranges import Span, spans_of

ADD_ROW = """
INSERT INTO sealed VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (site, kind, panel, period, block, label)
DO UPDATE SET visits = visits + excluded.visits, views = views + excluded.views
"""
PART = """
SELECT block, label, visits, views FROM sealed
WHERE site = ? AND kind = ? AND panel = ? AND period BETWEEN ? AND ?
"""
PANEL_ROWS = """
SELECT period, block, label, visits, views FROM sealed
WHERE site = ? AND kind = ? AND panel = ? AND period BETWEEN ? AND ?
"""
SUMS = """
SELECT block, label, SUM(visits), SUM(views) FROM ({parts}) GROUP BY block, label
"""

DAYS = """
SELECT label, COUNT(*) FROM sealed WHERE site = ? AND kind = 'd' AND panel = ? AND period BETWEEN ? AND ?
AND block IN (SELECT id FROM word WHERE text = '') GROUP BY label
"""
SOME_DAYS = """
SELECT label, COUNT(*) FROM sealed
WHERE site = ? AND kind = 'd' AND panel = ? AND period IN (SELECT value FROM json_each(?))
AND block IN (SELECT id FROM word WHERE text = '')
AND label IN (SELECT id FROM word WHERE text IN (SELECT value FROM json_each(?))) GROUP BY label
"""


def publish(connection: sqlite3.Connection, site: str, kind: str, period: int, rows: Sequence[Row]) -> None:
    ids = intern(connection, {site, *(word for row in rows for word in row[:3])})
    connection.executemany(
        ADD_ROW,
        [
            (ids[site], kind, ids[panel], period, ids[block], ids[label], visits, views)
            for panel, block, label, visits, views in rows
        ],
    )


def intern(connection: sqlite3.Connection, words: set[str]) -> dict[str, int]:
    order = sorted(words)
    connection.executemany(
        "INSERT INTO word (text) VALUES (?) ON CONFLICT DO NOTHING", [(word,) for word in order]
    )
    return {
        word: connection.execute("SELECT id FROM word WHERE text = ?", (word,)).fetchone()[0]
        for word in order
    }


def texts(connection: sqlite3.Connection, ids: set[int]) -> dict[int, str]:
    query = "SELECT id, text FROM word WHERE id IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(query, (json.dumps(sorted(ids)),)).fetchall())


def week_rows(connection: sqlite3.Connection, site: str, week: int) -> list[DatedRow]:
    where = "site.text = ? AND kind = 'd' AND period BETWEEN ? AND ?"
    return rows(connection, where, (site, week, week + WEEK - 1))


def rows(connection: sqlite3.Connection, where: str, values: tuple[object, ...]) -> list[DatedRow]:
    found = connection.execute(
        "SELECT period, panel.text, block.text, label.text, visits, views FROM sealed "  # noqa: S608
        "JOIN word AS site ON site.id = sealed.site JOIN word AS panel ON panel.id = sealed.panel "
        "JOIN word AS block ON block.id = sealed.block JOIN word AS label ON label.id = sealed.label "
        f"WHERE {where} ORDER BY period, panel.text, block.text, label.text",
        values,
    )
    return [(period, Row(*row)) for period, *row in found]


def panel_rows(
    connection: sqlite3.Connection, site: str, kind: str, panel: str, periods: tuple[int, int]
) -> list[DatedRow]:
    """The rows of one panel. A label's word is looked up once, not for each day."""
    ids = ids_of(connection, site, panel)
    if ids is None:
        return []
    found = connection.execute(PANEL_ROWS, (ids[0], kind, ids[1], *periods)).fetchall()
    words = texts(connection, {word for row in found for word in row[1:3]})
    return sorted(
        (period, Row(panel, words[block], words[label], visits, views))
        for period, block, label, visits, views in found
    )


def ids_of(connection: sqlite3.Connection, site: str, panel: str) -> tuple[int, int] | None:
    """The numbers of a site and a panel, or None where nothing of them is published."""
    query = "SELECT site.id, panel.id FROM word AS site, word AS panel WHERE site.text = ? AND panel.text = ?"
    found: tuple[int, int] | None = connection.execute(query, (site, panel)).fetchone()
    return found


def parts(ids: tuple[int, int], spans: Sequence[Span]) -> tuple[str, tuple[object, ...]]:
    """The rows of these spans as one sub-query, and its values."""
    query = " UNION ALL ".join([PART] * len(spans))
    return query, tuple(v for kind, start, end in spans for v in (ids[0], kind, ids[1], start, end))


def sums(connection: sqlite3.Connection, site: str, panel: str, first: int, last: int) -> list[Sum]:
    ids = ids_of(connection, site, panel)
    if ids is None:
        return []
    query, values = parts(ids, spans_of(first, last))
    found = connection.execute(SUMS.format(parts=query), values).fetchall()
    words = texts(connection, {word for row in found for word in row[:2]})
    return sorted(Sum(words[block], words[label], visits, views) for block, label, visits, views in found)


def days_told(
    connection: sqlite3.Connection, site: str, panel: str, days: tuple[int, int], labels: Sequence[str] | None
) -> dict[str, int]:
    ids = ids_of(connection, site, panel)
    if ids is None:
        return {}
    if labels is None:
        counted = connection.execute(DAYS, (ids[0], ids[1], *days)).fetchall()
    else:
        # Each day's few rows are looked up by the whole key: a page shows a dozen labels of many thousands.
        query = SOME_DAYS
        values = (json.dumps(list(range(days[0], days[1] + 1))), json.dumps(list(labels)))
        counted = connection.execute(query, (ids[0], ids[1], *values)).fetchall()
    words = texts(connection, {label for label, _ in counted})
    return {words[label]: number for label, number in counted}
