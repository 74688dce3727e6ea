"""The append-only ledger of choices in one SQLite file, for several processes and threads."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from ..core.consent import OPTIONAL
from ..core.question import Question, text_hash
from ..errors import LedgerError
from ..sqlite_file import Connection, Kind
from .record import Record

PATIENCE = 2.0
"""Seconds that a call waits for other writers before it raises."""
DAY = 86_400
KEPT_DAYS = 365
"""Proof is kept this long after the choice itself has ended."""
COLUMNS = ("time", "question", "shown_text", *OPTIONAL, "services", "source", "language", "action", "record")
INSERT = f"INSERT INTO choice ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608


class Ledger:
    """Opens nothing until it is used; a failed call is followed by a fresh attempt.

    With `cookie_days`, the life of a choice, the first record of each day prunes those whose time is over.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, cookie_days: int | None = None, patience: float = PATIENCE
    ) -> None:
        self._connection = Connection(Path(path), patience, _kind())
        self._cookie_days = cookie_days
        self._pruned_on = 0

    def append(self, record: Record, *, question: Question | None = None, text: str | None = None) -> None:
        """Write one record: on disk when this returns. Raises LedgerError, after `patience` at the latest.

        `question` and `text` are what the record's hashes stand for. Each is kept once, and a record whose
        question or text was never kept is refused.
        """
        with self._connection.write() as connection:
            if question is not None:
                _keep(connection, "question", question.canonical())
            if text is not None:
                _keep(connection, "shown_text", text)
            connection.execute(INSERT, _row(record))
        self._prune_daily(record.time)

    def receipt(self, record_id: str) -> dict[str, Any] | None:
        """Every record of one id, oldest first, with its question and text in full; None where there is none.

        {"record": id, "choices": [{"time": ISO 8601, "action", "source", "language", "services": [ids],
        "categories": {name: bool}, "question": {…, "hash"}, "text": {"hash", "body"}}]}
        """
        with self._connection.read() as connection:
            rows = connection.execute(
                f"SELECT {', '.join('choice.' + name for name in COLUMNS)}, question.body, shown_text.body "  # noqa: S608
                "FROM choice JOIN question ON question.hash = choice.question "
                "JOIN shown_text ON shown_text.hash = choice.shown_text WHERE record = ? ORDER BY number",
                (record_id,),
            ).fetchall()
        return {"record": record_id, "choices": [_choice(row) for row in rows]} if rows else None

    def prune(self, before: int) -> int:
        """Delete records from before this time (seconds since 1970), and what only they referred to.

        The one way that a record ever leaves; returns how many did. `prune_before` says the usual time.
        """
        with self._connection.write() as connection:
            connection.execute("UPDATE retention SET before = ? WHERE before < ?", (before, before))
            gone = connection.execute("DELETE FROM choice WHERE time < ?", (before,)).rowcount
            for table in ("question", "shown_text"):
                connection.execute(f"DELETE FROM {table} WHERE hash NOT IN (SELECT {table} FROM choice)")  # noqa: S608
        return gone

    def _prune_daily(self, now: int) -> None:
        """The record is written: whatever happens here must not take it back."""
        if self._cookie_days is None or now // DAY == self._pruned_on:
            return
        self._pruned_on = now // DAY
        with contextlib.suppress(LedgerError):
            self.prune(prune_before(now, self._cookie_days))

    def ready(self) -> bool:
        """Whether a record could be written now. Costs one empty transaction."""
        try:
            with self._connection.write():
                return True
        except LedgerError:
            return False

    def check(self) -> str | None:
        """What is wrong with the file, or None. Reads all of it: not while a visitor waits."""
        try:
            with self._connection.read() as connection:
                found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except LedgerError as error:
            return str(error)
        return None if found == "ok" else f"the ledger is damaged: {found}"

    def close(self) -> None:
        self._connection.close()


@cache
def _kind() -> Kind:
    schema = resources.files(__package__).joinpath("schema.sql").read_text("utf-8")
    # In WAL mode only FULL syncs at every commit: an acknowledged record survives a power cut.
    pragmas = ("synchronous = FULL", "foreign_keys = ON")
    return Kind(name="the ledger", error=LedgerError, schema=schema, version=1, pragmas=pragmas)


def prune_before(now: int, cookie_days: int) -> int:
    """The time before which records are pruned: a choice's life and 12 months before `now`, in seconds."""
    return now - (cookie_days + KEPT_DAYS) * DAY


def _keep(connection: sqlite3.Connection, table: str, body: str) -> None:
    connection.execute(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", (text_hash(body), body))  # noqa: S608


def _row(record: Record) -> tuple[object, ...]:
    categories = tuple(record.categories.get(name) for name in OPTIONAL)
    services = " ".join(sorted(record.services))
    how = (services, record.source, record.language, record.action, record.id)
    return (record.time, record.question, record.text, *categories, *how)


def _choice(row: tuple[Any, ...]) -> dict[str, Any]:
    named = dict(zip((*COLUMNS, "question_body", "text_body"), row, strict=True))
    return {
        "time": datetime.fromtimestamp(named["time"], UTC).isoformat().replace("+00:00", "Z"),
        "action": named["action"],
        "source": named["source"],
        "language": named["language"],
        "categories": {name: bool(named[name]) for name in OPTIONAL if named[name] is not None},
        "services": named["services"].split(),
        "question": {"hash": named["question"], **json.loads(named["question_body"])},
        "text": {"hash": named["shown_text"], "body": named["text_body"]},
    }
