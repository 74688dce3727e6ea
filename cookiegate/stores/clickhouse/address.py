"""Where a ClickHouse store is: its shards, the replicas of each, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from ...errors import StoreError

PORT = 9000
SECURE_PORT = 9440
SHAPE = (
    "clickhouse://name:password@a1:9000,a2:9000;b1:9000,b2:9000/database "
    "(commas between replicas, semicolons between shards)"
)


@dataclass(frozen=True, slots=True)
class Address:
    """`shards` holds (host, port) of each replica. `secure`: over TLS, by `?secure=1`."""

    shards: tuple[tuple[tuple[str, int], ...], ...]
    database: str
    user: str
    password: str
    secure: bool

    @classmethod
    def parse(cls, text: str) -> Address:
        """Raises StoreError, which never quotes the text: it may hold a password."""
        rest, _, query = text.removeprefix("clickhouse://").partition("?")
        credentials, _, place = rest.rpartition("@")
        hosts, _, database = place.partition("/")
        user, _, password = credentials.partition(":")
        secure = parse_qs(query).get("secure", ["0"])[0] not in ("0", "")
        try:
            shards = tuple(
                tuple(_host(host, SECURE_PORT if secure else PORT) for host in shard.split(","))
                for shard in hosts.split(";")
            )
        except ValueError:
            raise StoreError(f"the address of the ClickHouse store cannot be read: write {SHAPE}") from None
        if not database.isidentifier():
            raise StoreError(f"the address of the ClickHouse store names no database: write {SHAPE}")
        return cls(shards, database, unquote(user) or "default", unquote(password), secure)


def _host(text: str, port: int) -> tuple[str, int]:
    """`host`, `host:port` or `[::1]:port`."""
    name, colon, number = text.rpartition(":")
    if not colon or text.endswith("]"):
        name, number = text, str(port)
    name = name.strip("[]")
    if not name:
        raise ValueError(text)
    return name, int(number)
