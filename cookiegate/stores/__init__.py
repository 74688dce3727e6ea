"""Where counts are kept: one contract, several stores. `open_store` takes the address of one."""

from .contract import LATE, Batch, Store, Sum
from .memory import MemoryStore
from .opening import open_store

__all__ = ["LATE", "Batch", "MemoryStore", "Store", "Sum", "open_store"]
