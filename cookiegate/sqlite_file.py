"""One SQLite connection per process, shared by its threads, reopened after a fork, a failure or a moved file.

Nothing here waits longer than it is told: a visitor stands behind every call.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FileId = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a file is for: its name in messages, the error that leaves, the schema of its format, and pragmas.
    `upgrades` are scripts by the format that they lead on from."""

    name: str
    error: type[Exception]
    schema: str
    version: int
    pragmas: tuple[str, ...]
    upgrades: Mapping[int, str] = field(default_factory=dict)


class Connection:
    """`write` and `read` yield the connection; every failure of SQLite or the disk leaves as `kind.error`."""

    def __init__(self, path: Path, patience: float, kind: Kind) -> None:
        self._path = path
        self._patience = patience
        self._kind = kind
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._open: sqlite3.Connection | None = None
        self._file: FileId | None = None
        self._was_there = False

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: on disk when the block is left, undone when it raises."""
        with self._use(begins=True) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A file that was there and is gone fails: begun anew by whoever only looks, it would say that there was never
        anything in it, and spoil the one that is put back."""
        with self._use(begins=False) as connection:
            yield connection

    @contextlib.contextmanager
    def _use(self, *, begins: bool) -> Iterator[sqlite3.Connection]:
        deadline = time.monotonic() + self._patience
        lock = self._own_lock()
        if not lock.acquire(timeout=self._patience):
            raise self._kind.error(f"{self._kind.name} is busy")
        try:
            yield self._connected(deadline, begins=begins)
        except (sqlite3.Error, OSError) as error:
            self._drop()
            raise self._kind.error(f"{self._kind.name} {self._path.name} failed: {error}") from error
        finally:
            lock.release()

    def close(self) -> None:
        with self._own_lock():
            self._drop()

    def _own_lock(self) -> threading.Lock:
        """A child process must not use what its parent opened, nor wait for its parent's threads."""
        if self._pid != os.getpid():
            self._pid, self._lock, self._open, self._file = os.getpid(), threading.Lock(), None, None
        return self._lock

    def _connected(self, deadline: float, *, begins: bool) -> sqlite3.Connection:
        found = _file_id(self._path)
        if self._open is not None and self._file != found:
            self._drop()
        if found is None and self._was_there and not begins:
            raise FileNotFoundError("it was there, and is gone")
        wait = max(0, int((deadline - time.monotonic()) * 1000))
        if self._open is None:
            self._open = _connect(self._path, wait, self._kind)
            self._file, self._was_there = _file_id(self._path), True
        self._open.execute(f"PRAGMA busy_timeout = {wait}")
        return self._open

    def _drop(self) -> None:
        connection, self._open, self._file = self._open, None, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()


def _file_id(path: Path) -> FileId | None:
    """Records written to a file that somebody has moved away would be lost: its identity is compared."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _connect(path: Path, wait: int, kind: Kind) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=wait / 1000, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout = {wait}")
        connection.execute("PRAGMA journal_mode = WAL")
        for pragma in kind.pragmas:
            connection.execute(f"PRAGMA {pragma}")
        _prepare(connection, kind)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, kind: Kind) -> None:
    """Make the tables in a new file, bring those of an older version up to date; refuse those of a newer one."""
    scripts = {0: kind.schema, **kind.upgrades}
    while (version := _version(connection)) in scripts:
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) == version:
            for statement in _statements(scripts[version]):
                connection.execute(statement)
        connection.execute("COMMIT")
    if _version(connection) != kind.version:
        raise sqlite3.DatabaseError(
            f"its format {_version(connection)} is not the {kind.version} of this version"
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """The statements one by one: `executescript` would commit our transaction first."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
