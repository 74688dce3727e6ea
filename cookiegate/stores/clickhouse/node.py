"""One ClickHouse server, over its native protocol: there an INSERT is the blocks that the client makes, so a
flush is one block, which is there whole or not at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

from clickhouse_driver import Client
from clickhouse_driver.errors import Error, ServerException

from ...errors import StoreError
from .address import Address

CONNECT = 2.0
PATIENCE = 20.0
"""Seconds that one statement may take. No page ever waits for one."""

AVOIDED = 10.0
"""Seconds in which a server that did not answer is asked after the others."""


class Unreachable(StoreError):
    """Nothing was sent: another replica may be asked."""


class Node:
    """For many threads: each statement has a connection of its own while it runs."""

    def __init__(self, address: Address, shard: int, host: str, port: int) -> None:
        self.shard = shard
        self.name = f"{host}:{port}"
        self._arguments: dict[str, Any] = {
            "host": host,
            "port": port,
            "user": address.user,
            "password": address.password,
            "secure": address.secure,
            "connect_timeout": CONNECT,
            "send_receive_timeout": PATIENCE,
            "sync_request_timeout": CONNECT,
            "client_name": "cookiegate",
        }
        self._database = address.database
        self._idle: list[Client] = []
        self._guard = threading.Lock()
        self.avoided_until = 0.0

    def connect(self, *, database: bool = True) -> Client:
        """A connection of the caller's own. Raises Unreachable."""
        client = Client(**self._arguments, database=self._database if database else "")
        try:
            client.connection.connect()
        except ServerException as error:
            raise StoreError(f"ClickHouse at {self.name} refused: {_kind(error)}") from None
        except (Error, OSError, EOFError) as error:
            self.avoided_until = time.monotonic() + AVOIDED
            raise Unreachable(f"ClickHouse at {self.name} does not answer ({_kind(error)})") from None
        return client

    def ask(self, query: str, values: dict[str, Any] | None = None, **settings: Any) -> list[tuple[Any, ...]]:
        """What a statement gives. Raises StoreError; Unreachable where nothing was sent."""
        result = self._run(query, values, settings)
        return result if isinstance(result, list) else []

    def insert(self, into: str, columns: Sequence[Sequence[Any]]) -> None:
        """Columns of values, as one block."""
        if columns and columns[0]:
            self._run(
                f"INSERT INTO {into} VALUES", list(columns), {"insert_block_size": 1 << 24}, columnar=True
            )

    def _run(self, query: str, values: Any, settings: dict[str, Any], *, columnar: bool = False) -> Any:
        client = self._taken()
        try:
            result = client.execute(query, values, settings=settings, columnar=columnar)
        except ServerException as error:
            client.disconnect()
            # The server's own text may quote a row.
            raise StoreError(f"ClickHouse at {self.name} failed ({_kind(error)})") from None
        except (Error, OSError, EOFError) as error:
            client.disconnect()
            self.avoided_until = time.monotonic() + AVOIDED
            raise StoreError(f"ClickHouse at {self.name} broke off ({_kind(error)})") from None
        except BaseException:
            client.disconnect()
            raise
        with self._guard:
            self._idle.append(client)
        return result

    def _taken(self) -> Client:
        with self._guard:
            client = self._idle.pop() if self._idle else None
        if client is None:
            return self.connect()
        if client.connection.ping():
            return client
        client.disconnect()
        return self.connect()

    def begin_anew(self) -> None:
        """In the child of a fork. Not `disconnect`: it would end the parent's connections."""
        self._guard, self._idle = threading.Lock(), []

    def close(self) -> None:
        with self._guard:
            idle, self._idle = self._idle, []
        for client in idle:
            client.disconnect()


def _kind(error: BaseException) -> str:
    code = getattr(error, "code", None)
    return f"code {code}" if isinstance(error, ServerException) and code else type(error).__name__
