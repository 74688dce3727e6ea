"""The default store: one SQLite file beside the site."""

from .store import SqliteStore

__all__ = ["SqliteStore"]
