"""Deleting figures that were kept long enough."""

from __future__ import annotations

import sqlite3

from ...core.sealing.periods import WEEK, month_of, next_month, week_of
from ..contract import BATCH_DAYS, forgotten_before

WORDS = """
DELETE FROM word WHERE id NOT IN (SELECT label FROM sealed UNION SELECT block FROM sealed
UNION SELECT panel FROM sealed UNION SELECT site FROM sealed)
"""

STUCK = """
DELETE FROM piece WHERE site = ? AND (kind, period) IN (SELECT kind, period FROM closed WHERE closed.site = piece.site)
"""


def prune(connection: sqlite3.Connection, site: str, before: int, today: int) -> int:
    """Rows of one site; of all sites, batches that are old today and words that nobody uses."""
    found = connection.execute("SELECT id FROM word WHERE text = ?", (site,)).fetchone()
    gone = _rows(connection, found[0], before) if found is not None else 0
    if gone:
        connection.execute(WORDS)
    connection.execute(STUCK, (site,))
    known = forgotten_before(before)
    connection.execute("DELETE FROM closed WHERE site = ? AND period < ?", (site, known))
    connection.execute("DELETE FROM batch WHERE sent < ?", (today - BATCH_DAYS,))
    return gone


def _rows(connection: sqlite3.Connection, site: int, before: int) -> int:
    """Sums of a week and a month are made anew where some of their days went."""
    gone = connection.execute(
        "DELETE FROM sealed WHERE site = ? AND kind IN ('d', 'w') AND period < ?", (site, before)
    ).rowcount
    connection.execute("DELETE FROM sealed WHERE site = ? AND kind = 'm' AND period < ?", (site, before))
    if not gone:
        return 0
    for kind, start, end in (
        ("r", month_of(before), next_month(month_of(before)) - 1),
        ("v", week_of(before), week_of(before) + WEEK - 1),
    ):
        connection.execute(
            "DELETE FROM sealed WHERE site = ? AND kind = ? AND period <= ?", (site, kind, start)
        )
        connection.execute(
            "INSERT INTO sealed SELECT site, ?, panel, ?, block, label, SUM(visits), SUM(views) FROM sealed "
            "WHERE site = ? AND kind = 'd' AND period BETWEEN ? AND ? GROUP BY site, panel, block, label",
            (kind, start, site, start, end),
        )
    return gone
