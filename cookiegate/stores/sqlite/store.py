"""The default store: one SQLite file beside the site, for several processes.

WAL, so that a reader never waits for a flush; `secure_delete`, so that small numbers which sealing takes away are
gone from the file too; what the log still holds of them is emptied after each sealing.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from ...core.counts import Cell
from ...core.sealing import Count, Piece, Row
from ...core.sealing.periods import WEEK, month_of, week_of
from ...errors import StoreError
from ...sqlite_file import Connection, Kind
from ..contract import (
    Batch,
    Dated,
    DatedRow,
    SealDay,
    SealMonth,
    SealWeek,
    Sum,
)
from . import open_counts, sealed
from .pruning import prune
from .top import top

PATIENCE = 10.0
"""Seconds that a flush waits for other writers. No page ever waits for it."""

ADD_CELL = """
INSERT INTO open_cell VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (site, day, panel, label)
DO UPDATE SET visits = visits + excluded.visits, views = views + excluded.views
"""


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
            late = {day for day in batch.days if open_counts.is_late(connection, batch.site, day)}
            connection.executemany(
                ADD_CELL, [(batch.site, *row) for row in batch.rows() if row[0] not in late]
            )
            if late:
                rows = (row for row in batch.rows() if row[0] in late)
                open_counts.add_late(connection, batch.site, rows)
        return True

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
            return open_counts.cells(connection, site, day)

    # -- sealing

    def close_day(self, site: str, day: int, seal: SealDay) -> None:
        with self._connection.write() as connection:
            if not open_counts.close(connection, site, "d", day):
                return
            cells = open_counts.cells(connection, site, day)
            if open_counts.is_closed(connection, site, "w", week_of(day)):
                rows = ((day, *cell, *count) for cell, count in cells.items())
                open_counts.add_late(connection, site, rows)
            else:
                result = seal(cells)
                for kind, period in (("d", day), ("r", month_of(day)), ("v", week_of(day))):
                    sealed.publish(connection, site, kind, period, result.rows)
                open_counts.add_pieces(connection, site, day, result.pieces, day)
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
            return sorted(week for week in weeks if not open_counts.is_closed(connection, site, "w", week))

    def week(self, site: str, week: int) -> tuple[list[Dated], list[DatedRow]]:
        with self._connection.read() as connection:
            return open_counts.pieces(connection, site, "w", week), sealed.week_rows(connection, site, week)

    def close_week(self, site: str, week: int, seal: SealWeek) -> None:
        self._close_period(site, "w", week, lambda pieces, rows: seal(pieces, rows()))

    def open_months(self, site: str) -> list[int]:
        with self._connection.read() as connection:
            found = connection.execute(
                "SELECT period FROM piece WHERE site = ? AND kind = 'm' EXCEPT "
                "SELECT period FROM closed WHERE site = ? AND kind = 'm'",
                (site, site),
            )
            return sorted(month for (month,) in found)

    def month(self, site: str, month: int) -> list[Piece]:
        with self._connection.read() as connection:
            return [piece for _, piece in open_counts.pieces(connection, site, "m", month)]

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
            if not open_counts.close(connection, site, kind, period):
                return
            pieces = open_counts.pieces(connection, site, kind, period)
            rows = seal(pieces, lambda: sealed.week_rows(connection, site, period))
            sealed.publish(connection, site, kind, period, rows)
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
        with self._connection.read() as connection:
            return sealed.panel_rows(connection, site, kind, panel, (first, last))

    def sums(self, site: str, panel: str, first: int, last: int) -> list[Sum]:
        with self._connection.read() as connection:
            return sealed.sums(connection, site, panel, first, last)

    def days_told(
        self, site: str, panel: str, first: int, last: int, labels: Sequence[str] | None = None
    ) -> dict[str, int]:
        with self._connection.read() as connection:
            return sealed.days_told(connection, site, panel, (first, last), labels)

    def top(self, site: str, panel: str, first: int, last: int, limit: int) -> list[Sum]:
        with self._connection.read() as connection:
            return top(connection, site, panel, first, last, limit)

    # -- care

    def last_closed(self, site: str) -> int | None:
        with self._connection.read() as connection:
            return open_counts.last_closed(connection, site, "d")

    def prune(self, site: str, before: int, today: int) -> int:
        with self._connection.write() as connection:
            gone = prune(connection, site, before, today)
        self._forget()
        return gone

    @contextlib.contextmanager
    def lock(self) -> Iterator[bool]:
        """A lock of the operating system on a file beside the store: a sealer that dies lets go of it."""
        place = self._path.with_name(self._path.name + ".sealing")
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = place.open("w")
        except OSError as error:
            raise StoreError(f"the sealer's lock {place.name} cannot be opened: {error.strerror}") from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True

    def check(self) -> str | None:
        if not self._path.exists():
            return (
                f"there is no {self._path.name} in {self._path.parent.name}: nothing has been counted into it yet, or "
                f"the setting store means another; cookiegate migrate makes it"
            )
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

    def begin_anew(self) -> None:
        """Nothing: the connection knows which process it is of."""

    def close(self) -> None:
        self._connection.close()


@cache
def _kind() -> Kind:
    schema = resources.files(__package__).joinpath("schema.sql").read_text("utf-8")
    # A flush that a power cut takes back is one interval of counts: NORMAL never damages the file.
    pragmas = ("synchronous = NORMAL", "secure_delete = ON", "mmap_size = 268435456", "cache_size = -16000")
    return Kind(name="the store of counts", error=StoreError, schema=schema, version=1, pragmas=pragmas)
