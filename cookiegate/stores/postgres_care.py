"""Care of PostgreSQL's tables: what was kept long enough is deleted, and migrations run."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from ..core.sealing.periods import WEEK, month_of, next_month, week_of
from .contract import BATCH_DAYS


def prune(connection: Connection, before: int) -> int:
    """Sums of a week and a month are made anew where some of their days went. Returns the rows of days and weeks."""
    gone = connection.execute(
        text("DELETE FROM sealed WHERE period < :before AND kind IN ('d', 'w')"), {"before": before}
    ).rowcount
    connection.execute(text("DELETE FROM sealed WHERE period < :before AND kind = 'm'"), {"before": before})
    for kind, start, end in (
        ("r", month_of(before), next_month(month_of(before)) - 1),
        ("v", week_of(before), week_of(before) + WEEK - 1),
    ):
        values = {"kind": kind, "start": start, "last": end}
        connection.execute(text("DELETE FROM sealed WHERE period <= :start AND kind = :kind"), values)
        connection.execute(
            text(
                "INSERT INTO sealed SELECT site, :kind, panel, :start, block, label, SUM(visits), SUM(views) "
                "FROM sealed WHERE kind = 'd' AND period BETWEEN :start AND :last "
                "GROUP BY site, panel, block, label"
            ),
            values,
        )
    connection.execute(text("DELETE FROM closed WHERE period < :before"), {"before": before - WEEK})
    connection.execute(
        text("DELETE FROM batch WHERE sent < (SELECT MAX(sent) FROM batch) - :days"),
        {"days": BATCH_DAYS},
    )
    connection.execute(
        text(
            "DELETE FROM word WHERE id NOT IN (SELECT label FROM sealed UNION SELECT block FROM sealed "
            "UNION SELECT panel FROM sealed UNION SELECT site FROM sealed)"
        )
    )
    return int(gone)


def migrate(connection: Connection) -> tuple[str | None, str | None]:
    """Run all migrations. Returns the formats before and after."""
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    before = MigrationContext.configure(connection).get_current_revision()
    command.upgrade(config, "head")
    return before, MigrationContext.configure(connection).get_current_revision()
