"""The store of several web nodes: PostgreSQL, through SQLAlchemy Core and psycopg.

A flush is copied into a table of the session and added from there in the order of its keys, so two nodes never
wait for each other in a circle. It holds a shared lock on its days, which a sealing takes for itself: a flush comes
before the sealing or is late, never lost between. Deleted small numbers would stay in the table's file, so
sealing rewrites the two tables that held them; the server's own write-ahead log keeps them until it is recycled.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from ..core.counts import Cell
from ..core.sealing import Count, Piece, Row
from ..core.sealing.periods import WEEK, month_of, week_of
from ..errors import StoreError
from . import postgres_care as care
from . import postgres_reading as reading
from . import postgres_statements as statements
from .contract import Batch, Dated, DatedRow, SealDay, SealMonth, SealWeek, Sum

log = logging.getLogger("cookiegate")

SEALER = 0x6761_7465
"""The number of the lock that one sealer holds."""

PATIENCE_MS = 10_000


class PostgresStore:
    """Connects when it is first used. `cookiegate migrate` makes its tables."""

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self._name = f"PostgreSQL at {place.hostname or 'its socket'}"
        self._address = place._replace(scheme="postgresql+psycopg").geturl()
        self._made: Engine | None = None
        self._guard = threading.Lock()

    @property
    def _engine(self) -> Engine:
        with self._guard:
            if self._made is None:
                options = f"-c lock_timeout={PATIENCE_MS} -c statement_timeout=600000"
                arguments = {"connect_timeout": 5, "options": options}
                self._made = create_engine(self._address, pool_pre_ping=True, connect_args=arguments)
            return self._made

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            # The driver's own text may quote a row.
            raise StoreError(f"{self._name} failed ({statements.kind(error)})") from None

    # -- open cells

    def add(self, batch: Batch) -> bool:
        with self._transaction() as connection:
            new = connection.execute(
                text("INSERT INTO batch VALUES (:id, :sent) ON CONFLICT DO NOTHING"),
                {"id": batch.id, "sent": batch.sent},
            ).rowcount
            if not new:
                return False
            for day in sorted(batch.days):
                statements.lock_day(connection, batch.site, day, shared=True)
            late = {day for day in batch.days if statements.is_late(connection, batch.site, day)}
            statements.copy_in(connection, [(batch.site, *row) for row in batch.rows() if row[0] not in late])
            if late:
                statements.add_late(connection, batch.site, (row for row in batch.rows() if row[0] in late))
        return True

    def sites(self) -> list[str]:
        query = "SELECT site FROM open_cell UNION SELECT site FROM closed UNION SELECT site FROM piece"
        return sorted(site for (site,) in self._read(query))

    def open_days(self, site: str) -> list[int]:
        query = "SELECT DISTINCT day FROM open_cell WHERE site = :site ORDER BY day"
        return [day for (day,) in self._read(query, site=site)]

    def cells(self, site: str, day: int) -> dict[Cell, Count]:
        with self._transaction() as connection:
            return statements.cells(connection, site, day)

    def _read(self, query: str, **values: object) -> list[Any]:
        with self._transaction() as connection:
            return list(connection.execute(text(query), values))

    # -- sealing

    def close_day(self, site: str, day: int, seal: SealDay) -> None:
        with self._transaction() as connection:
            statements.lock_day(connection, site, day, shared=False)
            if not statements.close(connection, site, "d", day):
                return
            cells = statements.cells(connection, site, day)
            if statements.is_closed(connection, site, "w", week_of(day)):
                rows = ((day, *cell, *count) for cell, count in cells.items())
                statements.add_late(connection, site, rows)
            else:
                sealed = seal(cells)
                for kind, period in (("d", day), ("r", month_of(day)), ("v", week_of(day))):
                    statements.publish(connection, site, kind, period, sealed.rows)
                statements.add_pieces(connection, site, day, sealed.pieces, day)
            connection.execute(
                text("DELETE FROM open_cell WHERE site = :site AND day = :day"), {"site": site, "day": day}
            )
            care.to_rewrite(connection, "open_cell")

    def open_weeks(self, site: str) -> list[int]:
        days = self._read("SELECT period FROM closed WHERE site = :site AND kind = 'd'", site=site)
        pieces = self._read("SELECT DISTINCT period FROM piece WHERE site = :site AND kind = 'w'", site=site)
        closed = {
            week
            for (week,) in self._read(
                "SELECT period FROM closed WHERE site = :site AND kind = 'w'", site=site
            )
        }
        return sorted(({week_of(day) for (day,) in days} | {week for (week,) in pieces}) - closed)

    def week(self, site: str, week: int) -> tuple[list[Dated], list[DatedRow]]:
        with self._transaction() as connection:
            return statements.pieces(connection, site, "w", week), reading.rows(
                connection, site, "d", week, week + WEEK - 1
            )

    def close_week(self, site: str, week: int, seal: SealWeek) -> None:
        def sealed(connection: Connection, pieces: list[Dated]) -> list[Row]:
            return seal(pieces, reading.rows(connection, site, "d", week, week + WEEK - 1))

        self._close_period(site, "w", week, sealed)

    def open_months(self, site: str) -> list[int]:
        query = (
            "SELECT period FROM piece WHERE site = :site AND kind = 'm' EXCEPT "
            "SELECT period FROM closed WHERE site = :site AND kind = 'm' ORDER BY period"
        )
        return [month for (month,) in self._read(query, site=site)]

    def month(self, site: str, month: int) -> list[Piece]:
        with self._transaction() as connection:
            return [piece for _, piece in statements.pieces(connection, site, "m", month)]

    def close_month(self, site: str, month: int, seal: SealMonth) -> None:
        self._close_period(site, "m", month, lambda _, pieces: seal([piece for _, piece in pieces]))

    def _close_period(
        self, site: str, kind: str, period: int, seal: Callable[[Connection, list[Dated]], list[Row]]
    ) -> None:
        with self._transaction() as connection:
            # A late flush adds pieces: none may come between.
            connection.execute(text("LOCK TABLE piece IN SHARE ROW EXCLUSIVE MODE"))
            if not statements.close(connection, site, kind, period):
                return
            statements.publish(
                connection,
                site,
                kind,
                period,
                seal(connection, statements.pieces(connection, site, kind, period)),
            )
            connection.execute(
                text("DELETE FROM piece WHERE site = :site AND kind = :kind AND period = :period"),
                {"site": site, "kind": kind, "period": period},
            )
            care.to_rewrite(connection, "piece")

    def _forget(self) -> None:
        """Write tables anew, without what was deleted: once for all that this sealer closed, and for one that ended
        before it could. Where a flush is in the way for too long, the operator is told, and whoever seals next
        tries again."""
        table = "its tables"
        try:
            with self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                for table in care.tables_to_rewrite(connection):
                    care.rewrite(connection, table)
        except SQLAlchemyError as error:
            log.warning(
                "%s: exact small counts that were sealed are still in the file of %s until the next sealing (%s)",
                self._name,
                table,
                statements.kind(error),
            )

    # -- reading

    def rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._between(site, "d", panel, first, last)

    def week_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._between(site, "w", panel, first, last - WEEK + 1)

    def month_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._between(site, "m", panel, first, last)

    def _between(self, site: str, kind: str, panel: str, first: int, last: int) -> list[DatedRow]:
        with self._transaction() as connection:
            return reading.rows(connection, site, kind, first, last, panel)

    def sums(self, site: str, panel: str, first: int, last: int) -> list[Sum]:
        with self._transaction() as connection:
            return reading.sums(connection, site, panel, first, last)

    def days_told(
        self, site: str, panel: str, first: int, last: int, labels: Sequence[str] | None = None
    ) -> dict[str, int]:
        with self._transaction() as connection:
            return reading.days_told(connection, site, panel, (first, last), labels)

    def top(self, site: str, panel: str, first: int, last: int, limit: int) -> list[Sum]:
        with self._transaction() as connection:
            return reading.top(connection, site, panel, first, last, limit)

    # -- care

    def last_closed(self, site: str) -> int | None:
        with self._transaction() as connection:
            return statements.last_closed(connection, site, "d")

    def prune(self, site: str, before: int, today: int) -> int:
        with self._transaction() as connection:
            if care.destroy_stuck(connection, site):
                care.to_rewrite(connection, "piece")
            return care.prune(connection, site, before, today)

    @contextlib.contextmanager
    def lock(self) -> Iterator[bool]:
        """An advisory lock of one session: a sealer that dies lets go of it."""
        try:
            connection = self._engine.connect()
        except SQLAlchemyError as error:
            raise StoreError(f"{self._name} failed ({statements.kind(error)})") from None
        with connection:
            held = bool(
                connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": SEALER}).scalar()
            )
            connection.commit()
            try:
                yield held
            finally:
                if held:
                    self._forget()
                    with contextlib.suppress(SQLAlchemyError):
                        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": SEALER})
                        connection.commit()

    def check(self) -> str | None:
        try:
            tables = {
                name
                for (name,) in self._read(
                    "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
                )
            }
        except StoreError as error:
            return str(error)
        with self._transaction() as connection:
            has, wanted = care.formats(connection)
        missing = sorted({"word", "batch", "open_cell", "piece", "closed", "rewrite", "sealed"} - tables)
        if missing and has in (None, wanted):
            return f"{self._name} lacks {', '.join(missing)}: run cookiegate migrate"
        if has != wanted:
            return (
                f"{self._name} has format {has or 'none'}, and this version {wanted}: run cookiegate migrate"
            )
        return None

    def inventory(self) -> list[tuple[str, str]]:
        query = (
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
        )
        return [tuple(row) for row in self._read(query)]

    def migrate(self) -> list[str]:
        with self._transaction() as connection:
            before, after = care.migrate(connection)
        if before == after:
            return [f"{self._name} has format {after}, which is this version's."]
        return [f"{self._name}: format {before or 'none'} became {after}."]

    def begin_anew(self) -> None:
        """The engine's own locks may be held too: it is left whole. The driver closes no connection of another
        process."""
        self._guard, self._made = threading.Lock(), None

    def close(self) -> None:
        with self._guard:
            if self._made is not None:
                self._made.dispose()
                self._made = None
