"""The statements of PostgreSQL's store: each works inside a transaction that `postgres` has begun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import SQLAlchemyError

from ..core.counts import Cell
from ..core.sealing import Count, Piece, Row
from .contract import LATE, Batch, Dated, DatedRow, late_pieces, period_of, week_for
from .ranges import spans_of

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
ROWS = """
SELECT period, panel.text, block.text, label.text, visits, views FROM sealed
JOIN word AS site ON site.id = sealed.site JOIN word AS panel ON panel.id = sealed.panel
JOIN word AS block ON block.id = sealed.block JOIN word AS label ON label.id = sealed.label
WHERE site.text = :site AND kind = :kind AND period BETWEEN :first AND :last {more}
ORDER BY period, panel.text COLLATE "C", block.text COLLATE "C", label.text COLLATE "C"
"""
PART = """
SELECT block, label, visits, views FROM sealed WHERE site = :site AND panel = :panel
AND kind = :kind{at} AND period BETWEEN :first{at} AND :last{at}
"""


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


def add_late(connection: Connection, batch: Batch, closed: set[int]) -> None:
    connection.execute(text("LOCK TABLE piece IN ROW EXCLUSIVE MODE"))
    last = connection.execute(
        text("SELECT MAX(period) FROM closed WHERE site = :site AND kind = 'w'"), {"site": batch.site}
    ).scalar()
    late: dict[int, list[tuple[str, str, int, int]]] = defaultdict(list)
    for day, panel, label, visits, views in batch.rows():
        if day in closed:
            late[week_for(day, last)].append((panel, label, visits, views))
    for week, rows in late.items():
        add_pieces(connection, batch.site, week, late_pieces(rows), LATE)


def cells(connection: Connection, site: str, day: int) -> dict[Cell, Count]:
    query = text("SELECT panel, label, visits, views FROM open_cell WHERE site = :site AND day = :day")
    found = connection.execute(query, {"site": site, "day": day})
    return {(panel, label): Count(visits, views) for panel, label, visits, views in found}


def is_closed(connection: Connection, site: str, kind: str, period: int) -> bool:
    query = text("SELECT 1 FROM closed WHERE site = :site AND kind = :kind AND period = :period")
    return connection.execute(query, {"site": site, "kind": kind, "period": period}).first() is not None


def close(connection: Connection, site: str, kind: str, period: int) -> bool:
    query = text("INSERT INTO closed VALUES (:site, :kind, :period) ON CONFLICT DO NOTHING")
    return bool(connection.execute(query, {"site": site, "kind": kind, "period": period}).rowcount)


def add_pieces(connection: Connection, site: str, when: int, pieces: Iterable[Piece], day: int) -> None:
    rows = []
    for piece in sorted(pieces):
        kind, period = period_of(piece, when)
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


def rows(
    connection: Connection, site: str, kind: str, first: int, last: int, panel: str | None = None
) -> list[DatedRow]:
    query = ROWS.format(more="AND panel.text = :panel" if panel is not None else "")
    values = {"site": site, "kind": kind, "first": first, "last": last, "panel": panel}
    return [(period, Row(*row)) for period, *row in connection.execute(text(query), values)]


def grouped(
    connection: Connection, site: str, panel: str, first: int, last: int, columns: str, order: str
) -> list[Any]:
    found = connection.execute(
        text("SELECT text, id FROM word WHERE text IN (:a, :b)"), {"a": site, "b": panel}
    )
    ids = dict(map(tuple, found))
    if site not in ids or panel not in ids:
        return []
    values: dict[str, Any] = {"site": ids[site], "panel": ids[panel]}
    parts = []
    for at, (kind, start, end) in enumerate(spans_of(first, last)):
        parts.append(PART.format(at=at))
        values |= {f"kind{at}": kind, f"first{at}": start, f"last{at}": end}
    union = " UNION ALL ".join(parts)
    sums = f"SELECT {columns}, SUM(visits) AS v, SUM(views) AS n FROM ({union}) AS part"  # noqa: S608 - our own words
    query = f"{sums} GROUP BY {columns} {order}"
    return list(connection.execute(text(query), values))


def texts(connection: Connection, ids: set[int]) -> dict[int, str]:
    found = connection.execute(text("SELECT id, text FROM word WHERE id = ANY(:ids)"), {"ids": sorted(ids)})
    return dict(map(tuple, found))
