"""What ClickHouse's store must bear: replicas killed, a shard cut off, ZooKeeper restarted, closings that die."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from cookiegate.core.counts import VISIT
from cookiegate.core.sealing import Count, DaySeal, Row, Rule
from cookiegate.core.sealing.periods import week_of
from cookiegate.counting import Buffer, Flusher, Sealer
from cookiegate.errors import StoreError
from cookiegate.stores import Batch
from cookiegate.stores.clickhouse import ClickHouseStore
from cookiegate.stores.clickhouse.marks import CLOSED, CLOSING

from .adder import DAY, SITE

pytestmark = pytest.mark.stores
MONDAY = week_of(DAY)


class Node:
    """One web process: counts as fast as it may, flushes as it does, never lets a page wait."""

    def __init__(self, address, every=0.05):
        self.buffer, self.store = Buffer(), ClickHouseStore(address)
        self.flusher = Flusher(self.buffer, self.store, SITE, today=lambda: DAY, every=every)
        self.counted, self.longest, self.running = 0, 0.0, True
        self.thread = threading.Thread(target=self.count)
        self.thread.start()

    def count(self):
        while self.running:
            start = time.perf_counter()
            self.buffer.add(DAY, [("page", "/"), ("page", f"/{self.counted % 50}")], VISIT)
            self.flusher.wake()
            self.longest = max(self.longest, time.perf_counter() - start)
            self.counted += 1
            time.sleep(0.001)

    def end(self):
        """Stops counting, and flushes until all is taken."""
        self.running = False
        self.thread.join()
        self.flusher._stopped = True
        end = time.monotonic() + 90
        while not self.flusher.flush():
            assert time.monotonic() < end, "the store did not come back"
            time.sleep(0.5)
        self.flusher.close()
        return self.counted


def exact(store, wanted, seconds=60):
    """The count of the front page, once every replica has what its shard has."""
    end = time.monotonic() + seconds
    while True:
        try:
            return store.cells(SITE, DAY)["page", "/"] == Count(wanted, wanted)
        except StoreError:
            assert time.monotonic() < end
            time.sleep(0.5)


@pytest.fixture
def address(empty_cluster, clickhouse_2x2):
    return clickhouse_2x2.address(empty_cluster._address.database)


def test_a_million_increments_from_eight_processes(empty_cluster, address):
    command = [sys.executable, "-m", "tests.stores.adder", address]
    running = [subprocess.Popen([*command, str(number), "125", "1000"]) for number in range(8)]
    assert [process.wait(180) for process in running] == [0] * 8
    cells = empty_cluster.cells(SITE, DAY)
    assert sum(count.views for count in cells.values()) == 1_000_000
    assert sum(count.visits for count in cells.values()) == 100_000


def test_a_replica_killed_under_load(empty_cluster, address, clickhouse_2x2, caplog):
    """Flushes go to the other replica of its shard; counts that only it had are there again with it."""
    nodes = [Node(address) for _ in range(3)]
    victim = clickhouse_2x2.shards[0][0]
    time.sleep(1)
    victim.kill()
    killed = time.monotonic()
    while not all(node.flusher.flushed_at > killed + 1 for node in nodes):
        assert time.monotonic() < killed + 30, "no flush reached the other replica"
        time.sleep(0.05)
    assert "does not answer" in (empty_cluster.check() or "")
    victim.start()
    victim.wait()
    counted = sum(node.end() for node in nodes)
    assert exact(empty_cluster, counted)
    assert max(node.longest for node in nodes) < 0.5


def test_a_whole_shard_cut_off(empty_cluster, address, clickhouse_2x2, caplog):
    """What falls on it waits in memory under its id, and is counted once when the shard is back."""
    nodes = [Node(address) for _ in range(3)]
    time.sleep(0.5)
    for server in clickhouse_2x2.shards[1]:
        server.kill()
    time.sleep(2)
    assert any(node.flusher.errors for node in nodes)
    assert "Counts wait in memory" in caplog.text
    assert "does not answer" in caplog.text
    with pytest.raises(StoreError, match="does not answer"):
        empty_cluster.top(SITE, "page", MONDAY, MONDAY, 10)
    for server in clickhouse_2x2.shards[1]:
        server.start()
    for server in clickhouse_2x2.shards[1]:
        server.wait()
    counted = sum(node.end() for node in nodes)
    assert exact(empty_cluster, counted)
    assert max(node.longest for node in nodes) < 0.5


def test_a_whole_shard_that_takes_and_never_answers(empty_cluster, address, clickhouse_2x2, caplog):
    """As behind a line that drops everything: what was sent to it may still be done once it is back, under its id."""
    nodes = [Node(address) for _ in range(3)]
    time.sleep(0.5)
    for server in clickhouse_2x2.shards[1]:
        server.freeze()
    try:
        end = time.monotonic() + 60
        while not any(node.flusher.errors for node in nodes):
            assert time.monotonic() < end, "nobody noticed"
            time.sleep(0.1)
        time.sleep(5)
    finally:
        for server in clickhouse_2x2.shards[1]:
            server.thaw()
    assert "Counts wait in memory" in caplog.text
    counted = sum(node.end() for node in nodes)
    assert exact(empty_cluster, counted)
    assert max(node.longest for node in nodes) < 0.5


def test_zookeeper_restarted_under_load(empty_cluster, address, clickhouse_2x2, caplog):
    nodes = [Node(address) for _ in range(3)]
    time.sleep(0.5)
    clickhouse_2x2.zookeeper.kill()
    time.sleep(6)  # longer than the servers' sessions with it
    clickhouse_2x2.zookeeper.start()
    clickhouse_2x2.zookeeper.wait()
    counted = sum(node.end() for node in nodes)
    assert "Counts wait in memory" in caplog.text
    assert exact(empty_cluster, counted)
    assert max(node.longest for node in nodes) < 0.5


def test_a_replica_that_hangs_keeps_nobody(empty_cluster, address, clickhouse_2x2):
    frozen = clickhouse_2x2.shards[0][1]
    frozen.freeze()
    try:
        node = Node(address)
        time.sleep(3)
    finally:
        frozen.thaw()
    counted = node.end()
    assert exact(empty_cluster, counted)
    assert node.longest < 0.5


def test_no_day_closes_while_a_replica_is_away(empty_cluster, clickhouse_2x2):
    """It holds small numbers that could not be destroyed, and may hold flushes that nobody else has."""
    empty_cluster.add(Batch("a", SITE, {MONDAY: {("page", "/"): 12 * VISIT}}, MONDAY))
    victim = clickhouse_2x2.shards[0][1]
    victim.kill()
    with pytest.raises(StoreError, match="does not answer"):
        empty_cluster.close_day(SITE, MONDAY, lambda _: DaySeal([Row("page", "", "/", 12, 12)], []))
    victim.start()
    victim.wait()
    end = time.monotonic() + 60
    while True:
        try:
            empty_cluster.close_day(SITE, MONDAY, lambda _: DaySeal([Row("page", "", "/", 12, 12)], []))
            break
        except StoreError:
            assert time.monotonic() < end
            time.sleep(0.5)
    assert [row.visits for _, row in empty_cluster.rows(SITE, "page", MONDAY, MONDAY)] == [12]


@pytest.mark.parametrize("after", range(1, 9))
def test_a_closing_that_dies_at_any_step_is_finished_by_the_next(empty_clickhouse, after, monkeypatch):
    """A crash after each statement that writes: nothing is published twice, nothing is lost."""
    store, closing = empty_clickhouse, empty_clickhouse._closing
    cells = {("hour", "10"): 13 * VISIT, ("page", "/"): 12 * VISIT, ("page", "/rare"): VISIT}
    store.add(Batch("a", SITE, {MONDAY: cells}, MONDAY))
    steps = [0]

    def dying(work):
        def step(*arguments):
            if steps[0] == after:
                raise ZeroDivisionError
            steps[0] += 1
            return work(*arguments)

        return step

    with monkeypatch.context() as patch:
        for name in ("_insert", "_mark", "_drop"):
            patch.setattr(closing, name, dying(getattr(closing, name)))
        with pytest.raises(ZeroDivisionError):
            Sealer(store, SITE, Rule(10), last_day=lambda: MONDAY).run()
    store.add(Batch("b", SITE, {MONDAY: {("hour", "10"): 30 * VISIT, ("page", "/"): 30 * VISIT}}, MONDAY))
    Sealer(store, SITE, Rule(10), last_day=lambda: MONDAY).run()
    assert not store.add(Batch("a", SITE, {MONDAY: cells}, MONDAY))
    day = sum(row.visits for _, row in store.rows(SITE, "total", MONDAY, MONDAY))
    waiting = sum(piece.visits for _, piece in store.week(SITE, MONDAY)[0] if piece.panel == "total")
    rare = [piece.visits for _, piece in store.week(SITE, MONDAY)[0] if piece.label == "/rare"]
    assert rare == [1]
    assert day + waiting == 13 + 30
    assert store.open_days(SITE) == []
    assert store._cluster.ask("SELECT count() FROM plan") == [(0,)]  # it holds what is hidden, exact
    assert store._closing.marks(SITE).closed("d") == [MONDAY]


def test_a_closing_of_a_week_or_month_that_dies_leaves_no_plan(empty_clickhouse, monkeypatch):
    store, closing = empty_clickhouse, empty_clickhouse._closing
    cells = {("hour", "10"): 30 * VISIT, ("page", "/rare"): VISIT, ("unique:month", ""): VISIT}
    store.add(Batch("a", SITE, {MONDAY: cells}, MONDAY))
    real = closing._drop

    def dying(table, key):
        marks = closing.marks(SITE)
        if table == "plan" and marks.state(key["kind"], key["period"]) == CLOSED:
            raise ZeroDivisionError
        real(table, key)

    for last in (MONDAY, MONDAY + 6, MONDAY + 40):
        with monkeypatch.context() as patch:
            patch.setattr(closing, "_drop", dying)
            with pytest.raises(ZeroDivisionError):
                Sealer(store, SITE, Rule(10), last_day=lambda last=last: last).run()
        assert Sealer(store, SITE, Rule(10), last_day=lambda last=last: last).run() > 0
        assert Sealer(store, SITE, Rule(10), last_day=lambda last=last: last).run() == 0
        assert store._cluster.ask("SELECT count() FROM plan") == [(0,)]


def test_old_tables_are_told_from_this_versions(empty_clickhouse):
    node = next(empty_clickhouse._cluster.nodes())
    made = node.ask("SHOW CREATE TABLE batch")[0][0]
    node.ask("DROP TABLE batch")
    node.ask(made.replace("intDiv(day, 7)", "intDiv(day, 31)").replace("/batch'", "/batch1'"))
    assert "batch in the format of another version" in empty_clickhouse.check()
    with pytest.raises(StoreError, match="name a new database"):
        empty_clickhouse.migrate()


def test_what_is_old_is_destroyed_not_hidden(empty_clickhouse):
    """Figures in whole months, marks and batches in whole weeks; what another site has stays."""
    store, old = empty_clickhouse, MONDAY - 700
    for site in (SITE, "it's another.test"):
        for day in (old, MONDAY):
            store.add(Batch(f"{site}{day}", site, {day: {("hour", "10"): 50 * VISIT}}, day))
            Sealer(store, site, Rule(10), last_day=lambda day=day: day).run(trusting=True)
    store.prune(SITE, MONDAY - 30, MONDAY)
    counted = {
        table: sorted(store._cluster.ask(f"SELECT DISTINCT site, {day} > {old + 60} FROM {table}"))
        for table, day in (("sealed", "period"), ("mark", "period"), ("batch", "day"))
    }
    other = "it's another.test"
    assert counted["sealed"] == counted["mark"] == [(other, 0), (other, 1), (SITE, 1)]
    assert counted["batch"] == [(other, 1), (SITE, 1)]


def test_a_flush_whose_answer_was_lost_counts_once(empty_cluster, monkeypatch):
    """The block is there, the flusher does not know; meanwhile the day may even close."""
    for close in (False, True):
        day = MONDAY + close
        batch = Batch(f"lost{day}", SITE, {day: {("page", "/"): 20 * VISIT}}, day)
        for node in empty_cluster._cluster.nodes():
            insert = node.insert

            def lost(table, columns, insert=insert):
                insert(table, columns)
                raise StoreError("broke off")

            monkeypatch.setattr(node, "insert", lost)
        with pytest.raises(StoreError):
            empty_cluster.add(batch)
        monkeypatch.undo()
        if close:
            empty_cluster.close_day(
                SITE, day, lambda cells: DaySeal([Row("page", "", "/", *cells["page", "/"])], [])
            )
        assert empty_cluster.add(batch) is False
        if close:
            assert [row.visits for _, row in empty_cluster.rows(SITE, "page", day, day)] == [20]
            assert empty_cluster.week(SITE, MONDAY)[0] == []
        else:
            assert empty_cluster.cells(SITE, day) == {("page", "/"): Count(20, 20)}


def test_a_flush_that_meets_a_sealing_is_counted_before_it_or_late(empty_cluster, address):
    other, added, refused = ClickHouseStore(address), [], []
    empty_cluster.add(
        Batch("first", SITE, {MONDAY: {("hour", "10"): 50 * VISIT, ("page", "/"): 50 * VISIT}}, MONDAY)
    )

    def add():
        for number in range(60):
            batch = Batch(f"x{number}", SITE, {MONDAY: {("hour", "10"): VISIT, ("page", "/"): VISIT}}, MONDAY)
            while True:
                try:
                    other.add(batch)
                    break
                except StoreError:
                    refused.append(number)
                    time.sleep(0.02)
            added.append(number)

    thread = threading.Thread(target=add)
    thread.start()
    while len(added) < 10:
        time.sleep(0.001)
    Sealer(empty_cluster, SITE, Rule(10), last_day=lambda: MONDAY).run()
    thread.join()
    day = sum(row.visits for _, row in empty_cluster.rows(SITE, "total", MONDAY, MONDAY))
    late = sum(piece.visits for _, piece in empty_cluster.week(SITE, MONDAY)[0] if piece.panel == "total")
    assert day + late == 110
    assert empty_cluster.open_days(SITE) == []
    other.close()


def test_small_numbers_and_their_labels_are_gone_from_every_servers_files(empty_cluster, clickhouse_2x2):
    for day in range(MONDAY, MONDAY + 7):
        cells = {("page", f"/very-rare-{day}-{number}"): VISIT for number in range(200)}
        cells |= {("hour", "10"): 700 * VISIT, ("page", "/"): 500 * VISIT}
        empty_cluster.add(Batch(f"g{day}", SITE, {day: cells}, day))
    Sealer(empty_cluster, SITE, Rule(10), last_day=lambda: MONDAY + 6).run()
    assert empty_cluster.week_rows(SITE, "total", MONDAY, MONDAY + 6) or empty_cluster.rows(
        SITE, "total", MONDAY, MONDAY
    )
    wanted = empty_cluster._address.database
    end = time.monotonic() + 30
    while True:
        kept = set()
        for server in clickhouse_2x2.servers():
            parts = server.folder / "data" / "data" / wanted
            assert parts.exists()
            kept |= {place.name.split("_")[0] for place in (parts / "open_cell").iterdir()} - {
                "detached",
                "format",
            }
            kept |= {place.name.split("_")[0] for place in (parts / "piece").iterdir()} - {
                "detached",
                "format",
            }
        kept -= {"format.txt"}
        if not kept:
            return
        assert time.monotonic() < end, kept
        time.sleep(0.5)


def test_a_mark_is_on_every_replica_before_a_day_is_read(empty_cluster):
    """Else a flush through another replica would be destroyed unread."""
    seen = []

    def seal(cells):
        for node in empty_cluster._cluster.nodes():
            seen.append(node.ask("SELECT max(state) FROM mark WHERE kind = 'd'"))
        return DaySeal([], [])

    empty_cluster.add(Batch("a", SITE, {MONDAY: {("page", "/"): VISIT}}, MONDAY))
    empty_cluster.close_day(SITE, MONDAY, seal)
    assert seen == [[(CLOSING,)]] * 4
    assert empty_cluster._closing.marks(SITE).state("d", MONDAY) == CLOSED


def test_a_sealer_that_is_killed_lets_go_of_its_lock(empty_clickhouse, clickhouse_server):
    address = clickhouse_server.address(empty_clickhouse._address.database)
    code = (
        "import sys, time; from cookiegate.stores.clickhouse import ClickHouseStore\n"
        "with ClickHouseStore(sys.argv[1]).lock() as held:\n"
        "    print(held, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, address], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "True\n"
    with empty_clickhouse.lock() as held:
        assert not held
    process.kill()
    process.wait()
    process.stdout.close()
    end = time.monotonic() + 30
    held = False
    while not held:
        assert time.monotonic() < end
        with empty_clickhouse.lock() as held:
            pass


def test_without_tables_it_says_what_to_do(clickhouse_server):
    store = ClickHouseStore(clickhouse_server.address("default"))
    assert "lacks batch, mark, open_cell, piece, plan, sealed: run cookiegate migrate" in (
        store.check() or ""
    )
    store.close()
