"""The consent records: append-only, durable before the visitor is answered, without anything personal."""

from .ledger import Ledger, prune_before
from .record import Record

__all__ = ["Ledger", "Record", "prune_before"]
