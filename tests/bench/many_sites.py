"""A store of many sites: one site's sealed figures again under other names, copied by the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cookiegate.stores.postgres import PostgresStore
from cookiegate.stores.sqlite import SqliteStore

NAMED = "INSERT INTO word (text) VALUES ('{other}')"
BY_NUMBER = """
INSERT INTO sealed SELECT (SELECT id FROM word WHERE text = '{other}'), kind, panel, period, block, label, visits, views
FROM sealed WHERE site = (SELECT id FROM word WHERE text = '{site}')
"""
BY_NAME = """
INSERT INTO sealed SELECT '{other}', kind, panel, period, block, label, origin, visits, views
FROM sealed WHERE site = '{site}'
"""


def copied(store: Any, site: str, copies: int) -> Iterator[int]:
    """Make so many other sites; yields their number after each."""
    for number in range(1, copies + 1):
        names = {"site": site, "other": f"site-{number}.test"}
        if isinstance(store, SqliteStore):
            with store._connection.write() as connection:
                for statement in (NAMED, BY_NUMBER):
                    connection.execute(statement.format(**names))
        elif isinstance(store, PostgresStore):
            from sqlalchemy import text

            with store._engine.begin() as connection:
                for statement in (NAMED, BY_NUMBER):
                    connection.execute(text(statement.format(**names)))
        else:
            (node,) = store._cluster.nodes()
            node.ask(BY_NAME.format(**names))
        yield number
