"""Counts of what was held: shared by processes, bounded, and never in a page's way."""

from __future__ import annotations

import contextlib
import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from cookiegate import tally as module
from cookiegate.tally import OTHER, Row, Tally


def count(path: Path, times: int) -> None:
    mine = Tally(path)
    for _ in range(times):
        mine.add("rewritten", [("img", "a.example", 1)])
        mine.flush()


def test_several_processes_count_into_one_file(tmp_path: Path) -> None:
    path = tmp_path / "state" / "held.sqlite"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=count, args=(path, 25)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Tally(path).rows() == [Row("rewritten", "img", "a.example", 100)]
    assert path.stat().st_mode & 0o777 == 0o600


def test_counts_are_written_by_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FLUSH_SECONDS", 0.01)
    mine = Tally(tmp_path / "held.sqlite")
    mine.add("reported", [("img-src", "a.example", 2)])
    assert mine._timer is not None
    mine._timer.join()
    assert mine.rows() == [Row("reported", "img-src", "a.example", 2)]


def test_names_beyond_the_limit_are_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 3)
    mine = Tally(tmp_path / "held.sqlite")
    for number in range(6):
        mine.add("reported", [("img-src", f"h{number}.example", 1)])
        mine.flush()
    mine.add("reported", [("img-src", "h0.example", 1)])
    mine.flush()
    rows = {row.name: row.times for row in mine.rows()}
    assert rows == {"h0.example": 2, "h1.example": 1, "h2.example": 1, OTHER: 3}


def test_counts_are_kept_for_three_months(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, month = Tally(tmp_path / "held.sqlite"), 24_000
    monkeypatch.setattr(module, "_month", lambda: month)
    for name in ("old.example", "middle.example", "new.example"):
        month += 2
        mine.add("rewritten", [("img", name, 1)])
        mine.flush()
    assert [row.name for row in mine.rows()] == ["middle.example", "new.example"]
    assert b"old.example" not in b"".join(file.read_bytes() for file in tmp_path.glob("held.sqlite"))
    month += 3
    assert mine.rows() == []
    mine.forget()
    assert b"new.example" not in (tmp_path / "held.sqlite").read_bytes()


def test_what_was_kept_without_an_end_is_gone(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "held.sqlite")) as db:
        db.execute("CREATE TABLE held (how TEXT, kind TEXT, name TEXT, count INTEGER)")
        db.execute("INSERT INTO held VALUES ('rewritten', 'img', 'anna.tracker.example', 1)")
        db.commit()
    mine = Tally(tmp_path / "held.sqlite")
    assert mine.rows() == []
    mine.forget()
    assert b"anna" not in (tmp_path / "held.sqlite").read_bytes()


def test_flood_between_two_writes_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 10)
    mine = Tally(tmp_path / "held.sqlite")
    mine.add("reported", [("img-src", f"h{number}.example", 1) for number in range(1000)])
    assert len(mine._waiting) == 10
    mine.flush()


def test_file_that_cannot_be_written_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "held.sqlite").mkdir()
    mine = Tally(tmp_path / "held.sqlite")
    for _ in range(3):
        mine.add("rewritten", [("img", "a.example", 1)])
        mine.flush()
    assert caplog.text.count("cannot be counted") == 1
