"""The default store: one SQLite file beside the site, for several processes.

WAL, so that a reader never waits for a flush; `secure_delete`, so that small numbers which sealing takes away are
gone from the file too; what the log still holds of them is emptied after each sealing.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from ..core.counts import OTHER, Cell
from ..core.sealing import Count, Piece, Row
from ..core.sealing.periods import WEEK, month_of, next_month, week_of
from ..errors import StoreError
from ..sqlite_file import Connection, Kind
from .contract import (
    BATCH_DAYS,
    LATE,
    Batch,
    Dated,
    DatedRow,
    SealDay,
    SealMonth,
    SealWeek,
    Sum,
    late_pieces,
    period_of,
    week_for,
)
from .ranges import spans_of

PATIENCE = 10.0
"""Seconds that a flush waits for other writers. No page ever waits for it."""

ADD_CELL = """
INSERT INTO open_cell VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET visits = visits + excluded.visits, views = views + excluded.views
"""
ADD_PIECE = """
INSERT INTO piece VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET visits = visits + excluded.visits, views = views + excluded.views
"""
ADD_ROW = """
INSERT INTO sealed VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET visits = visits + excluded.visits, views = views + excluded.views
"""
SUMS = """
SELECT block, label, SUM(visits), SUM(views) FROM ({parts}) GROUP BY block, label
"""
PART = """
SELECT block, label, visits, views FROM sealed
WHERE site = ? AND kind = ? AND panel = ? AND period BETWEEN ? AND ?
"""
TOP = """
SELECT label, SUM(visits) AS v, SUM(views) AS n FROM ({parts}) GROUP BY label ORDER BY v DESC, n DESC LIMIT ?
"""
GROUPS = 40
"""Labels fetched beyond those asked for: groups are among them, and are left out."""


class SqliteStore:
    """Opens nothing until it is used."""

    def __init__(self, path: str | os.PathLike[str], *, patience: float = PATIENCE) -> None:
        self._path = Path(path)
        self._connection = Connection(self._path, patience, _kind())

    # -- open cells

    def add(self, batch: Batch) -> bool:
        with self._connection.write() as connection:
            new = connection.execute(
                "INSERT INTO batch VALUES (?, ?) ON CONFLICT DO NOTHING", (batch.id, batch.sent)
            ).rowcount
            if not new:
                return False
            closed = {day for day in batch.days if _is_closed(connection, batch.site, "d", day)}
            connection.executemany(
                ADD_CELL, [(batch.site, *row) for row in batch.rows() if row[0] not in closed]
            )
            if closed:
                self._add_late(connection, batch, closed)
        return True

    def _add_late(self, connection: sqlite3.Connection, batch: Batch, closed: set[int]) -> None:
        last = connection.execute(
            "SELECT MAX(period) FROM closed WHERE site = ? AND kind = 'w'", (batch.site,)
        ).fetchone()[0]
        late: dict[int, list[tuple[str, str, int, int]]] = defaultdict(list)
        for day, *row in batch.rows():
            if day in closed:
                late[week_for(day, last)].append((row[0], row[1], row[2], row[3]))  # type: ignore[arg-type]
        for week, rows in late.items():
            _add_pieces(connection, batch.site, week, late_pieces(rows), LATE)

    def sites(self) -> list[str]:
        with self._connection.read() as connection:
            found = connection.execute(
                "SELECT site FROM open_cell UNION SELECT site FROM closed UNION SELECT site FROM piece"
            )
            return sorted(site for (site,) in found)

    def open_days(self, site: str) -> list[int]:
        with self._connection.read() as connection:
            found = connection.execute(
                "SELECT DISTINCT day FROM open_cell WHERE site = ? ORDER BY day", (site,)
            )
            return [day for (day,) in found]

    def cells(self, site: str, day: int) -> dict[Cell, Count]:
        with self._connection.read() as connection:
            return _cells(connection, site, day)

    # -- sealing

    def close_day(self, site: str, day: int, seal: SealDay) -> None:
        with self._connection.write() as connection:
            if not _close(connection, site, "d", day):
                return
            sealed = seal(_cells(connection, site, day))
            _publish(connection, site, "d", day, sealed.rows)
            _publish(connection, site, "r", month_of(day), sealed.rows)
            _publish(connection, site, "v", week_of(day), sealed.rows)
            _add_pieces(connection, site, day, sealed.pieces, day)
            connection.execute("DELETE FROM open_cell WHERE site = ? AND day = ?", (site, day))
        self._forget()

    def open_weeks(self, site: str) -> list[int]:
        with self._connection.read() as connection:
            days = connection.execute(
                "SELECT period FROM closed WHERE site = ? AND kind = 'd'", (site,)
            ).fetchall()
            pieces = connection.execute(
                "SELECT DISTINCT period FROM piece WHERE site = ? AND kind = 'w'", (site,)
            ).fetchall()
            weeks = {week_of(day) for (day,) in days} | {week for (week,) in pieces}
            return sorted(week for week in weeks if not _is_closed(connection, site, "w", week))

    def week(self, site: str, week: int) -> tuple[list[Dated], list[DatedRow]]:
        with self._connection.read() as connection:
            return _pieces(connection, site, "w", week), _week_rows(connection, site, week)

    def close_week(self, site: str, week: int, seal: SealWeek) -> None:
        self._close_period(site, "w", week, lambda pieces, rows: seal(pieces, rows()))

    def open_months(self, site: str) -> list[int]:
        with self._connection.read() as connection:
            found = connection.execute(
                "SELECT DISTINCT period FROM piece WHERE site = ? AND kind = 'm'", (site,)
            )
            return sorted(month for (month,) in found)

    def month(self, site: str, month: int) -> list[Piece]:
        with self._connection.read() as connection:
            return [piece for _, piece in _pieces(connection, site, "m", month)]

    def close_month(self, site: str, month: int, seal: SealMonth) -> None:
        self._close_period(site, "m", month, lambda pieces, _: seal([piece for _, piece in pieces]))

    def _close_period(
        self,
        site: str,
        kind: str,
        period: int,
        seal: Callable[[list[Dated], Callable[[], list[DatedRow]]], list[Row]],
    ) -> None:
        with self._connection.write() as connection:
            if not _close(connection, site, kind, period):
                return
            pieces = _pieces(connection, site, kind, period)
            rows = seal(pieces, lambda: _week_rows(connection, site, period))
            _publish(connection, site, kind, period, rows)
            connection.execute(
                "DELETE FROM piece WHERE site = ? AND kind = ? AND period = ?", (site, kind, period)
            )
        self._forget()

    def _forget(self) -> None:
        """The write-ahead log keeps old pages until it starts anew. A reader may hold it up: the next sealing
        empties it then."""
        with self._connection.read() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # -- reading

    def rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._between(site, "d", panel, first, last)

    def week_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._between(site, "w", panel, first, last - WEEK + 1)

    def month_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._between(site, "m", panel, first, last)

    def _between(self, site: str, kind: str, panel: str, first: int, last: int) -> list[DatedRow]:
        where = "site.text = ? AND kind = ? AND panel.text = ? AND period BETWEEN ? AND ?"
        with self._connection.read() as connection:
            return _rows(connection, where, (site, kind, panel, first, last))

    def sums(self, site: str, panel: str, first: int, last: int) -> list[Sum]:
        with self._connection.read() as connection:
            parts, values = _parts(connection, site, panel, first, last)
            if not parts:
                return []
            found = connection.execute(SUMS.format(parts=parts), values).fetchall()
            words = _texts(connection, {word for row in found for word in row[:2]})
        return sorted(Sum(words[block], words[label], visits, views) for block, label, visits, views in found)

    def top(self, site: str, panel: str, first: int, last: int, limit: int) -> list[Sum]:
        with self._connection.read() as connection:
            parts, values = _parts(connection, site, panel, first, last)
            if not parts:
                return []
            wanted = limit + GROUPS
            while True:
                found = connection.execute(TOP.format(parts=parts), (*values, wanted)).fetchall()
                words = _texts(connection, {label for label, *_ in found})
                order = sorted((-visits, -views, words[label]) for label, visits, views in found)
                top = [Sum("", text, -v, -n) for v, n, text in order if not text.startswith(OTHER)]
                if len(found) < wanted or (len(top) > limit and top[limit - 1][2:] != top[-1][2:]):
                    return top[:limit]
                wanted *= 4

    # -- care

    def prune(self, before: int) -> int:
        """Sums of a week and a month are made anew where some of their days went."""
        with self._connection.write() as connection:
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
            connection.execute(
                "DELETE FROM batch WHERE sent < (SELECT MAX(sent) FROM batch) - ?", (BATCH_DAYS,)
            )
            connection.execute(
                "DELETE FROM word WHERE id NOT IN (SELECT label FROM sealed UNION SELECT block FROM sealed "
                "UNION SELECT panel FROM sealed UNION SELECT site FROM sealed)"
            )
        self._forget()
        return gone

    @contextlib.contextmanager
    def lock(self) -> Iterator[bool]:
        """A lock of the operating system on a file beside the store: a sealer that dies lets go of it."""
        place = self._path.with_name(self._path.name + ".sealing")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with place.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

    def check(self) -> str | None:
        try:
            with self._connection.read() as connection:
                found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except StoreError as error:
            return str(error)
        return None if found == "ok" else f"the counts in {self._path.name} are damaged: {found}"

    def inventory(self) -> list[tuple[str, str]]:
        with self._connection.read() as connection:
            return list(
                connection.execute(
                    "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c "
                    "WHERE m.type = 'table' ORDER BY m.name, c.cid"
                )
            )

    def migrate(self) -> list[str]:
        """A file gets its tables when it is first used; one of a later version is refused."""
        with self._connection.read() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        return [f"{self._path.name} has format {version}, which is this version's."]

    def close(self) -> None:
        self._connection.close()


@cache
def _kind() -> Kind:
    schema = resources.files(__package__).joinpath("schema.sql").read_text("utf-8")
    # A flush that a power cut takes back is one interval of counts: NORMAL never damages the file.
    pragmas = ("synchronous = NORMAL", "secure_delete = ON", "mmap_size = 268435456", "cache_size = -16000")
    return Kind(name="the store of counts", error=StoreError, schema=schema, version=1, pragmas=pragmas)


def _cells(connection: sqlite3.Connection, site: str, day: int) -> dict[Cell, Count]:
    query = "SELECT panel, label, visits, views FROM open_cell WHERE site = ? AND day = ?"
    return {(panel, label): Count(*count) for panel, label, *count in connection.execute(query, (site, day))}


def _is_closed(connection: sqlite3.Connection, site: str, kind: str, period: int) -> bool:
    query = "SELECT 1 FROM closed WHERE site = ? AND kind = ? AND period = ?"
    return connection.execute(query, (site, kind, period)).fetchone() is not None


def _close(connection: sqlite3.Connection, site: str, kind: str, period: int) -> bool:
    query = "INSERT INTO closed VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    return bool(connection.execute(query, (site, kind, period)).rowcount)


def _add_pieces(
    connection: sqlite3.Connection, site: str, when: int, pieces: Iterable[Piece], day: int
) -> None:
    connection.executemany(ADD_PIECE, [(site, *period_of(piece, when), day, *piece) for piece in pieces])


def _pieces(connection: sqlite3.Connection, site: str, kind: str, period: int) -> list[Dated]:
    found = connection.execute(
        "SELECT day, panel, block, grp, label, visits, views FROM piece WHERE site = ? AND kind = ? AND period = ? "
        "ORDER BY day, panel, block, grp, label",
        (site, kind, period),
    )
    return [(day, Piece(*piece)) for day, *piece in found]


def _publish(connection: sqlite3.Connection, site: str, kind: str, period: int, rows: Sequence[Row]) -> None:
    ids = _intern(connection, {site, *(word for row in rows for word in row[:3])})
    connection.executemany(
        ADD_ROW,
        [
            (ids[site], kind, ids[panel], period, ids[block], ids[label], visits, views)
            for panel, block, label, visits, views in rows
        ],
    )


def _intern(connection: sqlite3.Connection, words: set[str]) -> dict[str, int]:
    order = sorted(words)
    connection.executemany(
        "INSERT INTO word (text) VALUES (?) ON CONFLICT DO NOTHING", [(word,) for word in order]
    )
    return {
        word: connection.execute("SELECT id FROM word WHERE text = ?", (word,)).fetchone()[0]
        for word in order
    }


def _texts(connection: sqlite3.Connection, ids: set[int]) -> dict[int, str]:
    return {
        number: connection.execute("SELECT text FROM word WHERE id = ?", (number,)).fetchone()[0]
        for number in ids
    }


def _week_rows(connection: sqlite3.Connection, site: str, week: int) -> list[DatedRow]:
    where = "site.text = ? AND kind = 'd' AND period BETWEEN ? AND ?"
    return _rows(connection, where, (site, week, week + WEEK - 1))


def _rows(connection: sqlite3.Connection, where: str, values: tuple[object, ...]) -> list[DatedRow]:
    found = connection.execute(
        "SELECT period, panel.text, block.text, label.text, visits, views FROM sealed "  # noqa: S608
        "JOIN word AS site ON site.id = sealed.site JOIN word AS panel ON panel.id = sealed.panel "
        "JOIN word AS block ON block.id = sealed.block JOIN word AS label ON label.id = sealed.label "
        f"WHERE {where} ORDER BY period, panel.text, block.text, label.text",
        values,
    )
    return [(period, Row(*row)) for period, *row in found]


def _parts(
    connection: sqlite3.Connection, site: str, panel: str, first: int, last: int
) -> tuple[str, tuple[object, ...]]:
    """The sub-queries of a range: whole months added up, the days beside them, and whole weeks."""
    words = {
        word: connection.execute("SELECT id FROM word WHERE text = ?", (word,)).fetchone()
        for word in (site, panel)
    }
    if None in words.values():
        return "", ()
    key = (words[site][0], words[panel][0])
    spans = spans_of(first, last)
    parts = " UNION ALL ".join([PART] * len(spans))
    return parts, tuple(v for kind, start, end in spans for v in (key[0], kind, key[1], start, end))
