"""A store by its address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from ..errors import StoreError
from .contract import Store
from .memory import MemoryStore
from .sqlite import SqliteStore


def open_store(address: str, folder: Path) -> Store:
    """`sqlite:///counts.sqlite` (in `folder`), `sqlite:////var/lib/site/counts.sqlite`, `postgresql://…`,
    `clickhouse://…`, or `memory:`.
    Raises StoreError for an address of no store. Nothing is connected yet."""
    scheme, _, rest = address.partition(":")
    if scheme == "memory":
        return MemoryStore()
    if scheme == "sqlite" and rest.startswith("///"):
        return SqliteStore(folder / rest[3:])
    if scheme == "postgresql":
        try:
            from .postgres import PostgresStore
        except ImportError:
            raise StoreError("PostgreSQL needs more packages: pip install 'cookiegate[postgres]'") from None
        return PostgresStore(address)
    if scheme == "clickhouse":
        try:
            from .clickhouse import ClickHouseStore
        except ImportError:
            raise StoreError(
                "ClickHouse needs one more package: pip install 'cookiegate[clickhouse]'"
            ) from None
        return ClickHouseStore(address)
    shown = urlsplit(address)._replace(netloc="…").geturl() if "@" in address else address
    raise StoreError(
        f"{shown} is no store: write sqlite:///counts.sqlite, postgresql://host/database or clickhouse://host/database"
    )
