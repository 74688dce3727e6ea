"""Care of PostgreSQL's tables: what was kept long enough is deleted, and migrations run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from ..core.sealing.periods import WEEK, month_of, next_month, week_of
from .contract import BATCH_DAYS, forgotten_before

if TYPE_CHECKING:
    from alembic.config import Config

WORDS = """
DELETE FROM word WHERE id NOT IN (SELECT label FROM sealed UNION SELECT block FROM sealed
UNION SELECT panel FROM sealed UNION SELECT site FROM sealed)
"""
ADDED_UP = """
INSERT INTO sealed SELECT site, :kind, panel, :start, block, label, SUM(visits), SUM(views)
FROM sealed WHERE site = :site AND kind = 'd' AND period BETWEEN :start AND :last
GROUP BY site, panel, block, label
"""
STUCK = """
DELETE FROM piece USING closed WHERE piece.site = :site
AND closed.site = piece.site AND closed.kind = piece.kind AND closed.period = piece.period
"""


def prune(connection: Connection, site: str, before: int, today: int) -> int:
    """Rows of one site; of all sites, batches that are old today and words that nobody uses. Returns the rows of
    days and weeks."""
    number = connection.execute(text("SELECT id FROM word WHERE text = :site"), {"site": site}).scalar()
    gone = _rows(connection, number, before) if number is not None else 0
    if gone:
        connection.execute(text(WORDS))
    connection.execute(
        text("DELETE FROM closed WHERE site = :site AND period < :known"),
        {"site": site, "known": forgotten_before(before)},
    )
    connection.execute(text("DELETE FROM batch WHERE sent < :sent"), {"sent": today - BATCH_DAYS})
    return gone


def destroy_stuck(connection: Connection, site: str) -> int:
    """Pieces of closed weeks and months, which earlier versions left there. Returns how many: the table's file still
    holds them."""
    return connection.execute(text(STUCK), {"site": site}).rowcount


def _rows(connection: Connection, site: int, before: int) -> int:
    """Sums of a week and a month are made anew where some of their days went."""
    values = {"site": site, "before": before}
    where = "WHERE site = :site AND period < :before"
    gone = connection.execute(
        text(f"DELETE FROM sealed {where} AND kind IN ('d', 'w')"),  # noqa: S608 - our own words
        values,
    ).rowcount
    connection.execute(text(f"DELETE FROM sealed {where} AND kind = 'm'"), values)  # noqa: S608
    if not gone:
        return 0
    for kind, start, end in (
        ("r", month_of(before), next_month(month_of(before)) - 1),
        ("v", week_of(before), week_of(before) + WEEK - 1),
    ):
        some = {"site": site, "kind": kind, "start": start, "last": end}
        connection.execute(
            text("DELETE FROM sealed WHERE site = :site AND kind = :kind AND period <= :start"), some
        )
        connection.execute(text(ADDED_UP), some)
    return int(gone)


def to_rewrite(connection: Connection, table: str) -> None:
    """Note, in the transaction that deletes small counts of this table, that its file still holds them."""
    connection.execute(text("INSERT INTO rewrite VALUES (:table) ON CONFLICT DO NOTHING"), {"table": table})


def tables_to_rewrite(connection: Connection) -> list[str]:
    noted = {name for (name,) in connection.execute(text("SELECT name FROM rewrite"))}
    return [table for table in ("open_cell", "piece") if table in noted]


def rewrite(connection: Connection, table: str) -> None:
    """Write a table anew, outside of a transaction, and then cross it out: a sealer that ends in between leaves the
    note, and the table is rewritten twice."""
    connection.execute(text(f"VACUUM FULL {table}"))
    connection.execute(text("DELETE FROM rewrite WHERE name = :table"), {"table": table})


def migrate(connection: Connection) -> tuple[str | None, str | None]:
    """Run all migrations. Returns the formats before and after."""
    from alembic import command

    before, _ = formats(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return before, formats(connection)[0]


def formats(connection: Connection) -> tuple[str | None, str | None]:
    """The format that the tables have, and this version's."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    has = MigrationContext.configure(connection).get_current_revision()
    return has, ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
