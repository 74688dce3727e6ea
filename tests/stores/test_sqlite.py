"""What SQLite's store must bear: many processes, a full disk, a foreign file."""

from __future__ import annotations

import ast
import os
import random
import re
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import cookiegate
from cookiegate.core.counts import VISIT
from cookiegate.core.sealing import DaySeal, Row
from cookiegate.core.sealing.periods import day_of, week_of
from cookiegate.errors import StoreError
from cookiegate.stores import Batch, MemoryStore, open_store
from cookiegate.stores.sqlite import SqliteStore

from .adder import DAY, SITE

PACKAGE = Path(cookiegate.__file__).parent


def test_a_million_increments_from_eight_processes(tmp_path):
    address = f"sqlite:///{tmp_path / 'counts.sqlite'}"
    command = [sys.executable, "-m", "tests.stores.adder", address]
    running = [subprocess.Popen([*command, str(number), "125", "1000"]) for number in range(8)]
    assert [process.wait(120) for process in running] == [0] * 8
    store = open_store(address, tmp_path)
    cells = store.cells(SITE, DAY)
    assert sum(count.views for count in cells.values()) == 1_000_000
    assert sum(count.visits for count in cells.values()) == 100_000
    store.close()


FULL = """
import resource, sys
from cookiegate.core.counts import VISIT
from cookiegate.errors import StoreError
from cookiegate.stores import Batch
from cookiegate.stores.sqlite import SqliteStore
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = SqliteStore(sys.argv[1])
store.add(Batch("first", "s", {1: {("page", "/"): VISIT}}, 1))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
taken, failed = 1, 0
for number in range(60):
    cells = {("page", f"/{number}-{n}"): VISIT for n in range(200)}
    try:
        store.add(Batch(f"b{number}", "s", {1: cells}, 1))
        taken += 200
    except StoreError:
        failed += 1
print(taken, failed)
"""


def test_a_full_disk_loses_nothing_that_was_acknowledged(tmp_path):
    path = tmp_path / "counts.sqlite"
    out = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FULL, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    taken, failed = map(int, out.split())
    assert failed > 0
    store = SqliteStore(path)
    assert sum(count.visits for count in store.cells("s", 1).values()) == taken
    assert store.check() is None
    store.close()


def test_another_programs_file_is_refused(tmp_path):
    path = tmp_path / "counts.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 77")
    connection.close()
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="its format 77 is not the 1 of this version"):
        store.open_days(SITE)
    assert "format 77" in (store.check() or "")
    store.close()


def test_whoever_looks_begins_no_file_in_the_place_of_one_that_is_gone(tmp_path):
    """Its write-ahead log would be taken for that of the file that is put back, and spoil it."""
    path, aside = tmp_path / "counts.sqlite", tmp_path / "aside.sqlite"
    writer, reader = SqliteStore(path), SqliteStore(path)
    assert reader.sites() == []
    writer.add(Batch("a", SITE, {DAY: {("page", "/"): VISIT}}, DAY))
    writer.close()
    assert reader.sites() == [SITE]
    path.rename(aside)
    for _ in range(2):
        with pytest.raises(StoreError, match="it was there, and is gone"):
            reader.sites()
    assert not path.exists()
    aside.rename(path)
    assert reader.sites() == [SITE]
    path.rename(aside)
    assert reader.add(Batch("b", "other.example", {DAY: {("page", "/"): VISIT}}, DAY))
    assert reader.sites() == ["other.example"]
    reader.close()


def test_only_its_owner_reads_the_file(tmp_path):
    store = SqliteStore(tmp_path / "state" / "counts.sqlite")
    store.add(Batch("a", SITE, {DAY: {("page", "/"): VISIT}}, DAY))
    assert (tmp_path / "state" / "counts.sqlite").stat().st_mode & 0o077 == 0
    assert os.stat(tmp_path / "state").st_mode & 0o077 == 0
    store.close()


def test_words_that_nothing_names_any_more_are_pruned(tmp_path):
    store = SqliteStore(tmp_path / "counts.sqlite")
    for day, label in ((DAY, "/old"), (DAY + 100, "/new")):
        store.close_day(SITE, day, lambda _, label=label: DaySeal([Row("page", "", label, 20, 20)], []))
    store.prune(SITE, DAY + 50, DAY + 50)
    for file in tmp_path.iterdir():
        assert b"/old" not in file.read_bytes(), file.name
    store.close()


@pytest.mark.parametrize("address", ["sqlite:/x", "mysql://user:secret@host/db", "counts.sqlite"])
def test_an_address_of_no_store_is_said_without_its_password(address, tmp_path):
    with pytest.raises(StoreError, match=r"is no store: write sqlite:///counts\.sqlite, ") as caught:
        open_store(address, tmp_path)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("shape", ["steep", "even", "equal"])
def test_the_first_labels_are_those_of_adding_everything_up(tmp_path, shape):
    """However sizes fall, over blocks, days, weeks and months, ties and groups included."""
    rng = random.Random(shape)
    store, reference = SqliteStore(tmp_path / "counts.sqlite"), MemoryStore()
    first = day_of(date(2026, 1, 20))
    for day in range(first, first + 75):
        rows = []
        for block in ("", "GB", "FR"):
            for n in range(400):
                visits = {"steep": 4000 // (n + 1), "even": 100, "equal": 0}[shape] + rng.randint(10, 40)
                rows.append(Row("page", block, f"/{n}", visits, visits + rng.randint(0, 3)))
            rows.append(Row("page", block, "(other)", 9_000, 9_000))
        for made in (store, reference):
            made.close_day(SITE, day, lambda _, rows=rows: DaySeal(rows, []))
            if day % 7 == 4:
                late = [Row("page", "", f"/{day % 400}", 60, 60)]
                made.close_week(SITE, week_of(day), lambda *_, late=late: late)
    for start, end, limit in ((0, 75, 10), (3, 60, 1), (20, 21, 10), (9, 9, 500), (12, 70, 25)):
        range_ = (first + start, first + end, limit)
        assert store.top(SITE, "page", *range_) == reference.top(SITE, "page", *range_)
    store.close()


def statements():
    """(file, text) of every string of ours, SQL among them, and of every schema."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield file.name, node.value
    for file in sorted(PACKAGE.rglob("*.sql")):
        yield file.name, file.read_text("utf-8")


@pytest.mark.parametrize("newer", [r"\bON CONFLICT\s+DO UPDATE\b", r"\bRETURNING\b"])
def test_no_statement_needs_more_than_sqlite_3_24(newer):
    """Both came with 3.35; RHEL 8 has 3.26 and Debian 11 has 3.34."""
    found = list(statements())
    assert any("ON CONFLICT (site, day, panel, label)" in text for _, text in found)
    assert [file for file, text in found if re.search(newer, text)] == []
