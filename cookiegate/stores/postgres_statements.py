"""The statements of PostgreSQL's store: each works inside a transaction that `postgres` has begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import SQLAlchemyError

from ..core.counts import Cell
from ..core.sealing import Count, Piece, Row
from ..core.sealing.periods import week_of
from .contract import LATE, Dated, late_pieces, month_for, period_of, week_for

INCOMING = """
CREATE TEMPORARY TABLE IF NOT EXISTS incoming
(site TEXT, day INTEGER, panel TEXT, label TEXT, visits BIGINT, views BIGINT) ON COMMIT DELETE ROWS
"""
ADD_CELLS = """
INSERT INTO open_cell SELECT * FROM incoming ORDER BY site, day, panel, label
ON CONFLICT (site, day, panel, label)
DO UPDATE SET visits = open_cell.visits + excluded.visits, views = open_cell.views + excluded.views
"""
ADD_PIECE = """
INSERT INTO piece VALUES (:site, :kind, :period, :day, :panel, :block, :grp, :label, :visits, :views)
ON CONFLICT (site, kind, period, day, panel, block, grp, label)
DO UPDATE SET visits = piece.visits + excluded.visits, views = piece.views + excluded.views
"""
ADD_ROW = """
INSERT INTO sealed VALUES (:site, :kind, :panel, :period, :block, :label, :visits, :views)
ON CONFLICT (site, kind, panel, period, block, label)
DO UPDATE SET visits = sealed.visits + excluded.visits, views = sealed.views + excluded.views
"""

DayCell = tuple[int, str, str, int, int]
"""Day, panel, label, visits, views."""


def kind(error: SQLAlchemyError) -> str:
    inner = getattr(error, "orig", None)
    return type(inner or error).__name__


def lock_day(connection: Connection, site: str, day: int, *, shared: bool) -> None:
    name = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    connection.execute(text(f"SELECT {name}(hashtext(:site), :day)"), {"site": site, "day": day})


def copy_in(connection: Connection, rows: Sequence[tuple[object, ...]]) -> None:
    if not rows:
        return
    connection.execute(text(INCOMING))
    cursor: Any = connection.connection.cursor()
    with cursor.copy("COPY incoming FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute(text(ADD_CELLS))


def add_late(connection: Connection, site: str, rows: Iterable[DayCell]) -> None:
    """Late counts, as pieces of the first week that is open for each."""
    connection.execute(text("LOCK TABLE piece IN ROW EXCLUSIVE MODE"))
    last_week = last_closed(connection, site, "w")
    late: dict[int, list[tuple[str, str, int, int]]] = defaultdict(list)
    for day, panel, label, visits, views in rows:
        late[week_for(day, last_week)].append((panel, label, visits, views))
    for week, found in late.items():
        add_pieces(connection, site, week, late_pieces(found), LATE)


def last_closed(connection: Connection, site: str, kind: str) -> int | None:
    query = text("SELECT MAX(period) FROM closed WHERE site = :site AND kind = :kind")
    last: int | None = connection.execute(query, {"site": site, "kind": kind}).scalar()
    return last


def cells(connection: Connection, site: str, day: int) -> dict[Cell, Count]:
    query = text("SELECT panel, label, visits, views FROM open_cell WHERE site = :site AND day = :day")
    found = connection.execute(query, {"site": site, "day": day})
    return {(panel, label): Count(visits, views) for panel, label, visits, views in found}


def is_closed(connection: Connection, site: str, kind: str, period: int) -> bool:
    query = text("SELECT 1 FROM closed WHERE site = :site AND kind = :kind AND period = :period")
    return connection.execute(query, {"site": site, "kind": kind, "period": period}).first() is not None


def is_late(connection: Connection, site: str, day: int) -> bool:
    """Whether counts of this day come after it was closed, or its week without it."""
    return is_closed(connection, site, "d", day) or is_closed(connection, site, "w", week_of(day))


def close(connection: Connection, site: str, kind: str, period: int) -> bool:
    query = text("INSERT INTO closed VALUES (:site, :kind, :period) ON CONFLICT DO NOTHING")
    return bool(connection.execute(query, {"site": site, "kind": kind, "period": period}).rowcount)


def add_pieces(connection: Connection, site: str, when: int, pieces: Iterable[Piece], day: int) -> None:
    """Pieces of a day, of `when`, whose week is open."""
    month = month_for(when, last_closed(connection, site, "m"))
    rows = []
    for piece in sorted(pieces):
        kind, period = period_of(piece, when, month)
        values = {"grp": piece.group, **piece._asdict()}
        rows.append({"site": site, "kind": kind, "period": period, "day": day, **values})
    many(connection, text(ADD_PIECE), rows)


def many(connection: Connection, query: TextClause, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(query, rows)


def pieces(connection: Connection, site: str, kind: str, period: int) -> list[Dated]:
    found = connection.execute(
        text(
            "SELECT day, panel, block, grp, label, visits, views FROM piece "
            "WHERE site = :site AND kind = :kind AND period = :period "
            'ORDER BY day, panel COLLATE "C", block COLLATE "C", grp COLLATE "C", label COLLATE "C"'
        ),
        {"site": site, "kind": kind, "period": period},
    )
    return [(day, Piece(*piece)) for day, *piece in found]


def publish(connection: Connection, site: str, kind: str, period: int, rows: Sequence[Row]) -> None:
    words = sorted({site, *(word for row in rows for word in row[:3])})
    many(
        connection,
        text("INSERT INTO word (text) VALUES (:word) ON CONFLICT DO NOTHING"),
        [{"word": word} for word in words],
    )
    found = connection.execute(text("SELECT text, id FROM word WHERE text = ANY(:words)"), {"words": words})
    ids = dict(map(tuple, found))
    columns = ("panel", "block", "label")
    many(
        connection,
        text(ADD_ROW),
        [
            {
                "site": ids[site],
                "kind": kind,
                "period": period,
                **{name: ids[word] for name, word in zip(columns, row[:3], strict=True)},
                "visits": row.visits,
                "views": row.views,
            }
            for row in rows
        ],
    )
