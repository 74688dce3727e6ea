"""The servers of a store: shards, and replicas of each.

A batch lies on one shard, whichever its id falls on; what is published of a site lies on one too. A reader asks
every shard and never takes less than all of them for an answer.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from ...errors import StoreError
from .address import Address
from .node import PATIENCE, Node, Unreachable

T = TypeVar("T")


class Cluster:
    """Connects to a server when it is first asked."""

    def __init__(self, address: Address) -> None:
        self.shards = [
            [Node(address, number, *place) for place in shard] for number, shard in enumerate(address.shards)
        ]

    def nodes(self) -> Iterator[Node]:
        for shard in self.shards:
            yield from shard

    def shard_of(self, word: str) -> int:
        """The shard of a batch's id or a site's name."""
        return zlib.crc32(word.encode()) % len(self.shards)

    def on(self, shard: int, work: Callable[[Node], T]) -> T:
        """What `work` gives on a replica of this shard that answers. Raises StoreError."""
        replicas = self.shards[shard]
        start = os.getpid() % len(replicas)
        order = replicas[start:] + replicas[:start]
        now = time.monotonic()
        order.sort(key=lambda node: node.avoided_until > now)
        for node in order[:-1]:
            try:
                return work(node)
            except Unreachable:
                continue
        return work(order[-1])

    def ask(self, query: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of every shard. Raises StoreError where one of them does not answer."""
        return [
            row for shard in range(len(self.shards)) for row in self.on(shard, lambda n: n.ask(query, values))
        ]

    def each(self, work: Callable[[Node], T]) -> list[T]:
        """On every shard, with one of its replicas."""
        return [self.on(shard, work) for shard in range(len(self.shards))]

    def settle(self, *tables: str) -> None:
        """Wait until every replica has all that its shard holds. Raises StoreError where one does not answer:
        what it alone has would be missing, and what it keeps could not be destroyed."""
        for node in self.nodes():
            for table in tables:
                node.ask(f"SYSTEM SYNC REPLICA {table}", receive_timeout=int(PATIENCE))

    def drop_of_site(self, table: str, site: str, *rest: int | str) -> None:
        """Destroy a site's partition, whose key is the site and these."""
        self.drop(table, f"({', '.join(_literal(part) for part in (site, *rest))})")

    def drop(self, table: str, partition: str) -> None:
        """Destroy a partition on every replica of every shard that has it."""
        for shard in self.shards:
            leader = self._leader(shard, table)
            leader.ask(f"ALTER TABLE {table} DROP PARTITION {partition}", replication_alter_partitions_sync=2)

    @staticmethod
    def _leader(shard: list[Node], table: str) -> Node:
        """Older servers take a partition away on the replica that leads its table."""
        query = (
            "SELECT is_leader FROM system.replicas WHERE database = currentDatabase() AND table = %(table)s"
        )
        for node in shard:
            if node.ask(query, {"table": table}) == [(1,)]:
                return node
        raise StoreError(f"no replica leads {table} at {shard[0].name}: is ZooKeeper (or Keeper) up?")

    def begin_anew(self) -> None:
        for node in self.nodes():
            node.begin_anew()

    def close(self) -> None:
        for node in self.nodes():
            node.close()


def _literal(part: int | str) -> str:
    if isinstance(part, int):
        return str(part)
    escaped = part.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
