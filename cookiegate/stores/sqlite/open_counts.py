"""Statements on what is not published: open cells, pieces, and which periods are closed."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from ...core.counts import Cell
from ...core.sealing import Count, Piece
from ...core.sealing.periods import week_of
from ..contract import LATE, Dated, late_pieces, month_for, period_of, week_for

ADD_PIECE = """
INSERT INTO piece VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (site, kind, period, day, panel, block, grp, label)
DO UPDATE SET visits = visits + excluded.visits, views = views + excluded.views
"""


DayCell = tuple[int, str, str, int, int]
"""Day, panel, label, visits, views."""


def cells(connection: sqlite3.Connection, site: str, day: int) -> dict[Cell, Count]:
    query = "SELECT panel, label, visits, views FROM open_cell WHERE site = ? AND day = ?"
    return {(panel, label): Count(*count) for panel, label, *count in connection.execute(query, (site, day))}


def is_closed(connection: sqlite3.Connection, site: str, kind: str, period: int) -> bool:
    query = "SELECT 1 FROM closed WHERE site = ? AND kind = ? AND period = ?"
    return connection.execute(query, (site, kind, period)).fetchone() is not None


def is_late(connection: sqlite3.Connection, site: str, day: int) -> bool:
    """Whether counts of this day come after it was closed, or its week without it."""
    return is_closed(connection, site, "d", day) or is_closed(connection, site, "w", week_of(day))


def close(connection: sqlite3.Connection, site: str, kind: str, period: int) -> bool:
    query = "INSERT INTO closed VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    return bool(connection.execute(query, (site, kind, period)).rowcount)


def last_closed(connection: sqlite3.Connection, site: str, kind: str) -> int | None:
    query = "SELECT MAX(period) FROM closed WHERE site = ? AND kind = ?"
    last: int | None = connection.execute(query, (site, kind)).fetchone()[0]
    return last


def add_late(connection: sqlite3.Connection, site: str, rows: Iterable[DayCell]) -> None:
    """Late counts, as pieces of the first week that is open for each."""
    last_week = last_closed(connection, site, "w")
    late: dict[int, list[tuple[str, str, int, int]]] = defaultdict(list)
    for day, panel, label, visits, views in rows:
        late[week_for(day, last_week)].append((panel, label, visits, views))
    for week, found in late.items():
        add_pieces(connection, site, week, late_pieces(found), LATE)


def add_pieces(
    connection: sqlite3.Connection, site: str, when: int, pieces: Iterable[Piece], day: int
) -> None:
    """Pieces of a day, of `when`, whose week is open."""
    month = month_for(when, last_closed(connection, site, "m"))
    rows = [(site, *period_of(piece, when, month), day, *piece) for piece in pieces]
    connection.executemany(ADD_PIECE, rows)


def pieces(connection: sqlite3.Connection, site: str, kind: str, period: int) -> list[Dated]:
    found = connection.execute(
        "SELECT day, panel, block, grp, label, visits, views FROM piece WHERE site = ? AND kind = ? AND period = ? "
        "ORDER BY day, panel, block, grp, label",
        (site, kind, period),
    )
    return [(day, Piece(*piece)) for day, *piece in found]
