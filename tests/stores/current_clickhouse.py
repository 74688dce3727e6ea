"""The SQL of the ClickHouse store on a current version: chdb, a ClickHouse in this process.

It has no ZooKeeper and no wire, so tables are of the plain engines behind the replicated ones, and what asks
after replicas is read by the engine's own parser and answered here. All else is the store's own, statement by
statement; what replicas and connections do is tested with real servers.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from clickhouse_driver.util.escape import escape_params

from cookiegate.errors import StoreError
from cookiegate.stores.clickhouse import ClickHouseStore
from cookiegate.stores.clickhouse.store import TABLES

REPLICATED = re.compile(r"Replicated(\w*MergeTree)\('[^']*', '[^']*'(?:, )?")
WINDOW = re.compile(r"replicated_deduplication_window(?:_seconds)? = \d+,?\s*")
NOT_REPLICATED = "BAD_ARGUMENTS"


class CurrentNode:
    """In the place of `cookiegate.stores.clickhouse.node.Node`. `session` is chdb's, one in a process."""

    shard = 0
    name = "this process"
    avoided_until = 0.0

    def __init__(self, session: Any, database: str) -> None:
        self._session = session
        self._database = database
        self._guard = threading.Lock()
        self.engine(f"CREATE DATABASE IF NOT EXISTS {database}")

    def engine(self, statement: str) -> list[tuple[Any, ...]]:
        """What the engine gives. Raises StoreError with its own words: here they are a test's."""
        with self._guard:
            try:
                answer = self._session.query(statement, "JSONCompactEachRow")
            except Exception as error:
                raise StoreError(str(error)) from None
        return [tuple(json.loads(line)) for line in str(answer).splitlines()]

    def ask(self, query: str, values: dict[str, Any] | None = None, **settings: Any) -> list[tuple[Any, ...]]:
        statement = query % escape_params(values or {}, None) if values else query
        if "system.replicas" in query:
            self.engine(f"EXPLAIN SYNTAX {statement}")
            return [(1,)] if "is_leader" in query else [(table, 0, 0) for table in TABLES]
        if query.startswith("SYSTEM SYNC REPLICA"):
            return self._synced(statement)
        if query.lstrip().startswith("CREATE TABLE"):
            statement = WINDOW.sub("", REPLICATED.sub(r"\1(", statement)).rstrip().removesuffix("SETTINGS")
        elif settings:
            statement += " SETTINGS " + ", ".join(f"{name} = {value}" for name, value in settings.items())
        return self.engine(self._within(statement))

    def _within(self, statement: str) -> str:
        """chdb keeps one current database for all of its session."""
        self._session.query(f"USE {self._database}")
        return statement

    def _synced(self, statement: str) -> list[tuple[Any, ...]]:
        try:
            return self.engine(self._within(statement))
        except StoreError as error:
            if NOT_REPLICATED not in str(error):
                raise
            return []

    def insert(self, into: str, columns: Sequence[Sequence[Any]]) -> None:
        rows = "\n".join(json.dumps(row, ensure_ascii=False) for row in zip(*columns, strict=True))
        if rows:
            self.engine(self._within(f"INSERT INTO {into} FORMAT JSONCompactEachRow\n{rows}"))

    def connect(self, *, database: bool = True) -> CurrentNode:
        return self

    def execute(self, statement: str) -> None:
        self.engine(statement)

    def disconnect(self) -> None: ...

    def begin_anew(self) -> None: ...

    def close(self) -> None: ...


class CurrentStore(ClickHouseStore):
    """The store on one `CurrentNode`; the sealer's lock, which is a connection's, is a lock of this process."""

    def __init__(self, session: Any, database: str) -> None:
        super().__init__(f"clickhouse://127.0.0.1/{database}")
        self._cluster.shards = [[CurrentNode(session, database)]]  # type: ignore[list-item]
        self._held = threading.Lock()

    @contextmanager
    def lock(self) -> Iterator[bool]:
        held = self._held.acquire(blocking=False)
        try:
            yield held
        finally:
            if held:
                self._held.release()
