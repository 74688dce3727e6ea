"""The store of a site too large for one database server: ClickHouse, shards of replicas. See
docs/decisions/0013 for why it speaks to each server itself."""

from .store import ClickHouseStore

__all__ = ["ClickHouseStore"]
