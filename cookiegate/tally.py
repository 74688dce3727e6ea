"""What the gate has held, in counts: a small SQLite file that all workers of a site share.

A row is (month, how, kind, name): by rewriting or by a browser's report, the kind of element or directive, a service
or a registrable domain. No path, no page, no visitor, no time but the month, so that what is old goes. Counts wait in
memory for seconds and are lost where the file cannot be written: nothing here may touch a page.

The counts are exact and may be small: what an operator must see is also what has been held once.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

log = logging.getLogger("cookiegate")

How = Literal["rewritten", "reported"]
FLUSH_SECONDS = 2.0
PATIENCE = 2.0
MOST_ROWS = 5_000
"""Names beyond these are counted under `OTHER`: reports come from anyone."""
OTHER = "(other)"
MONTHS = 3
"""How long counts are kept, the running month among them."""
TABLE = """CREATE TABLE IF NOT EXISTS held_by_month (
  month INTEGER NOT NULL, how TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (month, how, kind, name)) WITHOUT ROWID"""
ADD = (
    "INSERT INTO held_by_month VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (month, how, kind, name) DO UPDATE SET count = count + excluded.count"
)
KNOWN = "SELECT 1 FROM held_by_month WHERE month = ? AND how = ? AND kind = ? AND name = ?"
FORGET = "DELETE FROM held_by_month WHERE month <= ?"
FOR_EVER = "DROP TABLE IF EXISTS held"
"""What earlier builds kept without an end."""
THERE = "SELECT 1 FROM sqlite_master WHERE name = 'held_by_month'"
ROWS = "SELECT how, kind, name, SUM(count) FROM held_by_month WHERE month > ? GROUP BY how, kind, name"


class Row(NamedTuple):
    """`name` is a service's id, or a host."""

    how: How
    kind: str
    name: str
    times: int


class Tally:
    """Safe for many threads; opens nothing until something has been counted."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._waiting: Counter[tuple[How, str, str]] = Counter()
        self._timer: threading.Timer | None = None
        self._pid = os.getpid()
        self._failed = False

    def add(self, how: How, counts: Iterable[tuple[str, str, int]]) -> None:
        """(kind, name, count) of each; returns at once."""
        with self._lock:
            if self._pid != os.getpid():
                # A child process has its parent's counts, but not its timer.
                self._pid, self._timer = os.getpid(), None
                self._waiting.clear()
            for kind, name, count in counts:
                if len(self._waiting) < MOST_ROWS or (how, kind, name) in self._waiting:
                    self._waiting[how, kind, name] += count
            if self._waiting and self._timer is None:
                self._timer = threading.Timer(FLUSH_SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write what waits. A failure is logged once."""
        with self._lock:
            waiting, self._waiting, self._timer = self._waiting, Counter(), None
        if not waiting:
            return
        try:
            self._write(waiting)
            self._failed = False
        except (sqlite3.Error, OSError) as error:
            if not self._failed:
                log.error("What was held cannot be counted: %s", error)
            self._failed = True

    def rows(self) -> list[Row]:
        """Everything counted so far; empty where there is no file. Raises OSError where it cannot be read."""
        if not self._path.exists():
            return []
        try:
            with contextlib.closing(
                sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=PATIENCE)
            ) as db:
                if not db.execute(THERE).fetchone():
                    return []
                return [Row(*row) for row in db.execute(ROWS, (_month() - MONTHS,))]
        except sqlite3.Error as error:
            raise OSError(f"{self._path} cannot be read: {error}") from None

    def forget(self) -> None:
        """Delete what was kept long enough; each flush does this too. Raises OSError."""
        if self._path.exists():
            try:
                self._write(Counter())
            except sqlite3.Error as error:
                raise OSError(f"{self._path} cannot be written: {error}") from None

    def _write(self, waiting: Counter[tuple[How, str, str]]) -> None:
        month = _month()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        with contextlib.closing(sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA secure_delete = ON")
            db.execute("BEGIN IMMEDIATE")
            db.execute(TABLE)
            db.execute(FOR_EVER)
            db.execute(FORGET, (month - MONTHS,))
            room = MOST_ROWS - db.execute("SELECT count(*) FROM held_by_month").fetchone()[0]
            for (how, kind, name), count in waiting.items():
                known = room > 0 or db.execute(KNOWN, (month, how, kind, name)).fetchone()
                room -= 1
                db.execute(ADD, (month, how, kind, name if known else OTHER, count))
            db.execute("COMMIT")


def _month() -> int:
    """Months since the year 0, in UTC."""
    now = time.gmtime()
    return now.tm_year * 12 + now.tm_mon - 1
