"""Deleting figures that were kept long enough."""

from __future__ import annotations

import sqlite3

from ...core.sealing.periods import WEEK, month_of, next_month, week_of
from ..contract import BATCH_DAYS


def prune(connection: sqlite3.Connection, before: int) -> int:
    """Sums of a week and a month are made anew where some of their days went."""
    gone = connection.execute(
        "DELETE FROM sealed WHERE period < ? AND kind IN ('d', 'w')", (before,)
    ).rowcount
    connection.execute("DELETE FROM sealed WHERE period < ? AND kind = 'm'", (before,))
    for kind, start, end in (
        ("r", month_of(before), next_month(month_of(before)) - 1),
        ("v", week_of(before), week_of(before) + WEEK - 1),
    ):
        connection.execute("DELETE FROM sealed WHERE period <= ? AND kind = ?", (start, kind))
        connection.execute(
            "INSERT INTO sealed SELECT site, ?, panel, ?, block, label, SUM(visits), SUM(views) FROM sealed "
            "WHERE kind = 'd' AND period BETWEEN ? AND ? GROUP BY site, panel, block, label",
            (kind, start, start, end),
        )
    connection.execute("DELETE FROM closed WHERE period < ?", (before - WEEK,))
    connection.execute("DELETE FROM batch WHERE sent < (SELECT MAX(sent) FROM batch) - ?", (BATCH_DAYS,))
    connection.execute(
        "DELETE FROM word WHERE id NOT IN (SELECT label FROM sealed UNION SELECT block FROM sealed "
        "UNION SELECT panel FROM sealed UNION SELECT site FROM sealed)"
    )
    return gone
