"""Flushing: by age, by size, at the end, over an outage, and never in a request's way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from threading import Event

import pytest

from cookiegate.core.counts import VISIT
from cookiegate.core.sealing import Count
from cookiegate.counting import Buffer, Flusher
from cookiegate.counting.bounds import LABELS
from cookiegate.counting.flusher import LARGE
from cookiegate.errors import StoreError
from cookiegate.stores import Batch, MemoryStore
from cookiegate.stores.sqlite import SqliteStore

DAY = 20_500


class Failing(MemoryStore):
    """Down until told otherwise; `lies` says that a batch was lost which it has added."""

    def __init__(self):
        super().__init__()
        self.down, self.lies, self.ids = True, False, []

    def add(self, batch):
        self.ids.append(batch.id)
        if self.lies:
            super().add(batch)
        if self.down:
            raise StoreError("the store is down")
        return super().add(batch)


def flusher(store, **more):
    buffer = Buffer(**{"most": more.pop("most")} if "most" in more else {})
    return buffer, Flusher(buffer, store, "site", today=lambda: DAY, **({"every": 3600} | more))


def hit(buffer, label="/"):
    buffer.add(DAY, [("page", label)], VISIT)


def until(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


def test_by_age():
    store = MemoryStore()
    buffer, flush = flusher(store, every=0.05)
    hit(buffer)
    flush.wake()
    until(lambda: store.open_days("site") == [DAY])
    flush.close()


def test_by_size():
    store = MemoryStore()
    buffer, flush = flusher(store)
    flush.wake()
    for number in range(LARGE):
        buffer.add(DAY, [(f"panel{number}", "x")], VISIT)
    flush.wake()
    until(lambda: len(store.cells("site", DAY)) == LARGE)
    flush.close()


def test_an_outage_loses_nothing_and_counts_nothing_twice(caplog):
    store = Failing()
    store.lies = True
    buffer, flush = flusher(store)
    for _ in range(5):
        hit(buffer)
        assert not flush.flush()
    assert len(set(store.ids)) == 1
    assert flush.errors == 5
    store.down = False
    assert flush.flush()
    assert store.cells("site", DAY) == {("page", "/"): Count(5, 5)}
    assert flush.depth == 0
    assert "Counts wait in memory" in caplog.text


def test_a_full_buffer_asks_a_store_that_is_down_no_more_often():
    store = Failing()
    buffer, flush = flusher(store, every=10.0)
    flush.wake()
    for turn in range(2):  # the first batch is pending, and as much waits again
        for number in range(LARGE):
            buffer.add(DAY, [(f"panel{number}", "x")], VISIT)
        if turn == 0:
            flush.wake()
            until(lambda: flush.errors > 0)
    tries = len(store.ids)
    for _ in range(100):
        flush.wake()
        time.sleep(0.002)
    assert len(store.ids) <= tries + 1  # the turn that was under way may hurry one more
    store.down = False
    assert flush.flush()
    assert flush.depth == 0
    flush.close()


def test_memory_is_bounded_and_totals_stay_exact():
    store = Failing()
    buffer, flush = flusher(store, most=100)
    flush.flush()
    for number in range(1000):
        hit(buffer, f"/{number}")
        buffer.add(DAY, [("cube", f"GB-ENG{number}\x1fmobile\x1fdirect\x1fdenied")], VISIT)
    assert len(buffer) <= 110
    assert buffer.overflowed > 0
    store.down = False
    flush.flush()
    cells = store.cells("site", DAY)
    for panel in ("page", "cube"):
        assert sum(count.visits for (name, _), count in cells.items() if name == panel) == 1000
    assert cells["cube", "(unknown)\x1fmobile\x1fdirect\x1fdenied"].visits > 0
    assert cells["page", "(rest)"].visits > 0


def test_a_crawl_through_random_paths_fills_no_store():
    buffer = Buffer()
    for round in range(3):
        for number in range(LABELS["page"]):
            hit(buffer, f"/{round}-{number}")
        cells = buffer.take()[DAY]
        assert len(cells) <= LABELS["page"] + 1
    assert cells["page", "(rest)"] >= LABELS["page"] * VISIT - VISIT


def test_no_request_waits_for_a_slow_store():
    entered, released = Event(), Event()
    done: list[bool] = []

    class Slow(MemoryStore):
        def add(self, batch):
            entered.set()
            released.wait(60)
            done.append(True)
            return super().add(batch)

    buffer, flush = flusher(Slow(), every=0.01)
    hit(buffer)
    flush.wake()
    assert entered.wait(30)
    for _ in range(1000):
        hit(buffer)
        flush.wake()
    assert not done  # a request that waited would have waited for this
    released.set()
    flush.close()


def test_a_replaced_gates_counts_are_flushed_before_its_thread_ends():
    class Owner:
        pass

    store, owner = MemoryStore(), Owner()
    buffer, flush = flusher(store)
    flush.owned_by(owner)
    flush.wake()
    hit(buffer)
    thread = flush._thread
    del owner
    thread.join(5)
    assert not thread.is_alive()
    assert store.cells("site", DAY) == {("page", "/"): Count(1, 1)}


def no_more_threads(monkeypatch):
    """What Python says at the limit of threads, of a machine or a container."""

    def refused(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)


def test_a_thread_that_cannot_start_harms_no_request_and_is_started_by_a_later_hit(monkeypatch, caplog):
    store = MemoryStore()
    buffer, flush = flusher(store, every=0.01)
    with monkeypatch.context() as limited:
        no_more_threads(limited)
        for _ in range(3):
            hit(buffer)
            flush.wake()
    assert [record.getMessage() for record in caplog.records] == [
        "Counts wait in memory: no thread could be started for them (RuntimeError); the next hit tries again."
    ]
    assert store.open_days("site") == []
    hit(buffer)
    flush.wake()
    until(lambda: store.cells("site", DAY) == {("page", "/"): Count(4, 4)})
    flush.close()


def test_the_end_flushes_where_no_thread_could_start(monkeypatch):
    no_more_threads(monkeypatch)
    store = MemoryStore()
    buffer, flush = flusher(store)
    hit(buffer)
    flush.wake()
    flush.close()
    assert store.cells("site", DAY) == {("page", "/"): Count(1, 1)}


def test_a_failing_chore_stops_no_flush(caplog):
    store = MemoryStore()
    buffer, flush = flusher(store, chores=lambda: 1 / 0)
    assert flush.turn()
    hit(buffer)
    assert flush.turn()
    assert store.open_days("site") == [DAY]
    assert "Sealing failed (ZeroDivisionError)." in caplog.text


PROCESS = """
import os, sys, time
from cookiegate.core.counts import VISIT
from cookiegate.counting import Buffer, Flusher
from cookiegate.stores.sqlite import SqliteStore

buffer = Buffer()
flusher = Flusher(buffer, SqliteStore(sys.argv[1]), "site", today=lambda: 20500, every=float(sys.argv[2]))
how = sys.argv[3]
if how == "fork":
    buffer.add(20500, [("page", "/parent")], VISIT)
    if os.fork() == 0:
        buffer.add(20500, [("page", "/child")], VISIT)
        flusher.wake()
        sys.exit()
    os.wait()
counted = 0
print("ready", flush=True)
while how != "exit" or counted < 5000:
    buffer.add(20500, [("page", "/")], VISIT)
    counted += 1
    flusher.wake()
    if how == "fork":
        break
    if counted % 50 == 0:
        print(counted, flush=True)
        time.sleep(0.001)
"""


def start(path, every, how):
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PROCESS, str(path), str(every), how],
        stdout=subprocess.PIPE,
        text=True,
    )


def counted(path, label="/"):
    store = SqliteStore(path)
    try:
        return store.cells("site", DAY).get(("page", label), Count()).visits
    finally:
        store.close()


def test_at_exit(tmp_path):
    process = start(tmp_path / "c.sqlite", 3600, "exit")
    process.communicate(timeout=30)
    assert counted(tmp_path / "c.sqlite") == 5000


def test_at_sigterm(tmp_path):
    process = start(tmp_path / "c.sqlite", 3600, "forever")
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == -signal.SIGTERM
    said = int(out.split()[-1])
    assert said <= counted(tmp_path / "c.sqlite") <= said + 50


def test_sigterm_in_the_middle_of_a_hit_ends_the_process_and_loses_nothing(tmp_path):
    """The main thread holds the buffer's lock when the signal comes; what it was counting is counted whole."""
    slow = """
import sys, time
from cookiegate.core.counts import VISIT
from cookiegate.counting import Buffer, Flusher
from cookiegate.stores.sqlite import SqliteStore

class Slow(Buffer):
    def _count_new(self, day, counts, cell, weight):
        print("inside", flush=True)
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            pass
        super()._count_new(day, counts, cell, weight)

buffer = Slow()
flusher = Flusher(buffer, SqliteStore(sys.argv[1]), "site", today=lambda: 20500, every=3600)
flusher.wake()
buffer.add(20500, [("page", "/"), ("hour", "10")], VISIT)
time.sleep(60)
"""
    arguments = [sys.executable, "-W", "ignore", "-c", slow, str(tmp_path / "c.sqlite")]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "inside\n"
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == -signal.SIGTERM
    assert counted(tmp_path / "c.sqlite") == 1


def test_parent_and_child_count_their_own(tmp_path):
    process = start(tmp_path / "c.sqlite", 3600, "fork")
    process.communicate(timeout=30)
    assert [counted(tmp_path / "c.sqlite", label) for label in ("/parent", "/child", "/")] == [1, 1, 1]


KILLED = """
import itertools, os, sys, time
from cookiegate.core.counts import VISIT
from cookiegate.counting import Buffer, Flusher
from cookiegate.stores.sqlite import SqliteStore

class Telling(SqliteStore):
    sums = {}

    def add(self, batch):
        self.sums[batch.id] = sum(weight // VISIT for cells in batch.days.values() for weight in cells.values())
        say("took", sum(self.sums.values()))
        super().add(batch)
        say("kept", sum(self.sums.values()))

def say(what, number):
    os.write(1, f"{what} {number} {time.monotonic()}\\n".encode())  # in one piece, whichever thread it comes from

buffer = Buffer()
flusher = Flusher(buffer, Telling(sys.argv[1]), "site", today=lambda: 20500, every=float(sys.argv[2]))
for counted in itertools.count(1):
    buffer.add(20500, [("page", "/")], VISIT)
    flusher.wake()
    if counted % 50 == 0:
        say("counted", counted)
        time.sleep(0.001)
"""


def test_killed_fifty_times_it_loses_an_interval_at_most_and_counts_nothing_twice(tmp_path):
    """kill -9 at moments spread over flushes: in the store is what was kept, perhaps with the one batch that was on its
    way, and nothing else. So lost is what was counted since, which is an interval: how long that is, is told by the
    middle of fifty, as a busy machine may stop any process for a while."""
    every, since = 0.02, []
    for turn in range(50):
        path = tmp_path / f"{turn}.sqlite"
        said, killed = killed_after(path, every, 3 + turn % 7)
        took, kept, counted_last = (
            max((number for what, number, _ in said if what == name), default=0)
            for name in ("took", "kept", "counted")
        )
        there = counted(path)
        assert there in {kept, took}, turn
        assert 0 < kept <= there <= counted_last + 50, turn
        since.append(killed - max(when for what, _, when in said if what == "kept"))
    assert sorted(since)[25] < every + 0.5


def killed_after(path, every, flushes):
    """What a process said that was killed at some moment after so many flushes, and when that was."""
    arguments = [sys.executable, "-W", "ignore", "-c", KILLED, str(path), str(every)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    said = []
    while sum(line.startswith("kept") for line in said) < flushes:
        said.append(process.stdout.readline())
    time.sleep(every * (flushes * 3 % 10) / 10)
    os.kill(process.pid, signal.SIGKILL)
    killed = time.monotonic()
    said += process.stdout.read().splitlines()  # not `communicate`, which forgets what `readline` has taken
    process.stdout.close()
    process.wait(timeout=30)
    lines = [line.split() for line in said if line.count(" ") == 2]
    return [(what, int(number), float(when)) for what, number, when in lines], killed


CRASHED = """
import contextlib, os, signal, sys
from cookiegate.core.counts import VISIT
from cookiegate.sqlite_file import Connection
from cookiegate.stores import Batch
from cookiegate.stores.sqlite import SqliteStore

path, moment = sys.argv[1:]
batch = Batch("id", "site", {20500: {("page", "/"): VISIT}}, 20500)
store = SqliteStore(path)
store.sites()
real = Connection.write

@contextlib.contextmanager
def write(self):
    with real(self) as connection:
        yield connection
        assert connection.in_transaction and connection.total_changes == 2
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)

Connection.write = write
store.add(batch)
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_around_the_commit_is_repaired_by_the_same_batch(tmp_path, moment):
    """Killed when all of the batch is written and the transaction is open still, or when it has just ended: the node
    that comes again has had no answer either way, and brings the batch again."""
    arguments = [sys.executable, "-W", "ignore", "-c", CRASHED, str(tmp_path / "c.sqlite"), moment]
    assert subprocess.run(arguments, timeout=30).returncode == -signal.SIGKILL
    assert counted(tmp_path / "c.sqlite") == (moment == "after")
    again = SqliteStore(tmp_path / "c.sqlite")
    batch = Batch("id", "site", {DAY: {("page", "/"): VISIT}}, DAY)
    assert again.add(batch) == (moment == "before")
    assert not again.add(batch)
    assert again.cells("site", DAY) == {("page", "/"): Count(1, 1)}
    again.close()
