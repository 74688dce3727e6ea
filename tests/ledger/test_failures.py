"""The ledger's promise: what was acknowledged is never lost, and a failure is told soon, never a hang."""

import multiprocessing
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from cookiegate.errors import LedgerError
from cookiegate.ledger import Ledger
from tests.ledger.appender import QUESTION, TEXT, record

APPENDER = Path(__file__).with_name("appender.py")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


def append(ledger, number=1):
    ledger.append(record(number), question=QUESTION, text=TEXT)


def start(path, first, count, **options):
    command = [sys.executable, str(APPENDER), str(path), str(first), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)


def recorded(path):
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {int(row[0][1:]) for row in connection.execute("SELECT record FROM choice")}
    finally:
        connection.close()


@pytest.mark.parametrize("after", [1, 7, 40])
def test_a_kill_loses_nothing_that_was_acknowledged(path, after):
    process = start(path, 0, 100_000)
    acknowledged = [int(process.stdout.readline()) for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    process.stdout.close()
    process.wait()
    kept = recorded(path)
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + 1
    ledger = Ledger(path)
    append(ledger, 999_999)
    ledger.close()


def test_four_processes_append_at_once(path):
    processes = [start(path, first, 20) for first in (0, 100, 200, 300)]
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0] * 4
    assert recorded(path) == {first + number for first in (0, 100, 200, 300) for number in range(20)}


def _append_in_child(ledger):
    append(ledger, 2)


def test_a_fork_opens_its_own_connection(path):
    ledger = Ledger(path)
    append(ledger, 1)
    with ledger._connection._lock:  # as if another thread of the parent were writing
        child = multiprocessing.get_context("fork").Process(target=_append_in_child, args=(ledger,))
        child.start()
        child.join(10)
    assert child.exitcode == 0
    append(ledger, 3)
    ledger.close()
    assert recorded(path) == {1, 2, 3}


def test_another_writer_is_waited_for_but_not_for_long(path):
    ledger = Ledger(path, patience=0.3)
    append(ledger)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(LedgerError):
        append(ledger, 2)
    assert time.monotonic() - began < 1.5
    other.execute("ROLLBACK")
    other.close()
    append(ledger, 2)
    ledger.close()
    assert recorded(path) == {1, 2}


def test_another_thread_is_waited_for_but_not_for_long(path):
    ledger = Ledger(path, patience=0.1)
    with ledger._connection._own_lock(), pytest.raises(LedgerError, match="busy"):
        append(ledger)


def test_a_corrupt_file_is_an_error_and_stays_as_it_is(path):
    path.write_bytes(b"this is no database" * 100)
    ledger = Ledger(path)
    with pytest.raises(LedgerError):
        append(ledger)
    assert "failed" in ledger.check()
    assert path.read_bytes().startswith(b"this is no database")


def test_damage_inside_is_found_by_check(path):
    ledger = Ledger(path)
    for number in range(200):
        append(ledger, number)
    ledger.close()
    with closing(Ledger(path)) as whole:
        assert whole.check() is None
    content = bytearray(path.read_bytes())
    content[4096 * 4 :] = b"\xff" * (len(content) - 4096 * 4)
    path.write_bytes(content)
    with closing(Ledger(path)) as damaged:
        assert damaged.check()


@pytest.mark.parametrize("bad", ["folder", "file-in-the-way/ledger.sqlite", "/proc/ledger.sqlite"])
def test_a_place_that_cannot_hold_it_is_an_error(tmp_path, bad):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file-in-the-way").touch()
    with pytest.raises(LedgerError):
        append(Ledger(tmp_path / bad))


def test_a_newer_format_is_left_alone(path):
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LedgerError, match="99"):
        append(Ledger(path))


def test_a_failure_is_followed_by_a_fresh_attempt(path, tmp_path):
    ledger = Ledger(path)
    append(ledger, 1)
    path.rename(tmp_path / "moved-away")
    for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    path.mkdir()
    with pytest.raises(LedgerError):
        append(ledger, 2)
    path.rmdir()
    append(ledger, 3)
    ledger.close()
    assert recorded(path) == {3}


def test_a_file_removed_under_a_running_site_is_begun_anew(path):
    ledger = Ledger(path)
    append(ledger, 1)
    path.unlink()
    append(ledger, 2)
    append(ledger, 3)
    ledger.close()
    assert recorded(path) == {2, 3}


def test_a_bug_of_the_caller_writes_nothing_and_keeps_the_ledger_usable(path):
    ledger = Ledger(path)
    append(ledger, 1)
    with pytest.raises(ZeroDivisionError), ledger._connection.write() as connection:  # noqa: PT012
        connection.execute("INSERT INTO shown_text VALUES ('x', 'y')")
        raise ZeroDivisionError
    append(ledger, 2)
    with ledger._connection.read() as connection:
        assert connection.execute("SELECT count(*) FROM shown_text").fetchone() == (1,)
    ledger.close()


def test_a_full_disk_refuses_the_record_and_keeps_the_others(path):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    process = start(path, 0, 5000, preexec_fn=limit, stderr=subprocess.PIPE)
    out, err = process.communicate(timeout=60)
    acknowledged = {int(line) for line in out.split()}
    assert process.returncode == 1
    assert "LedgerError" in err
    assert acknowledged
    assert acknowledged <= recorded(path)
