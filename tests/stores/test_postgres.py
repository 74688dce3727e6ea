"""What PostgreSQL's store must bear: many nodes, a server that is killed under load, and forgetting."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cookiegate.cli import main as cli
from cookiegate.core.counts import VISIT
from cookiegate.core.sealing import DaySeal, Row, Rule, seal_day
from cookiegate.core.sealing.periods import week_of
from cookiegate.counting import Buffer, Flusher, Sealer
from cookiegate.errors import StoreError
from cookiegate.stores import Batch
from cookiegate.stores.postgres import PostgresStore

from .adder import DAY, SITE

pytestmark = pytest.mark.stores
MONDAY = week_of(DAY)


def test_a_million_increments_from_eight_processes(empty_postgres, postgres_server):
    command = [sys.executable, "-m", "tests.stores.adder", postgres_server.address]
    running = [subprocess.Popen([*command, str(number), "125", "1000"]) for number in range(8)]
    assert [process.wait(120) for process in running] == [0] * 8
    cells = empty_postgres.cells(SITE, DAY)
    assert sum(count.views for count in cells.values()) == 1_000_000
    assert sum(count.visits for count in cells.values()) == 100_000


def test_killed_and_restarted_under_load_it_loses_and_doubles_nothing(empty_postgres, postgres_server):
    """Four nodes count on while the server is killed three times. Their pages never wait."""
    nodes = []
    for _ in range(4):
        buffer = Buffer()
        store = PostgresStore(postgres_server.address)
        nodes.append((buffer, store, Flusher(buffer, store, SITE, today=lambda: DAY, every=0.02)))
        nodes[-1][2].wake()
    counted, longest, running = [0] * 4, [0.0], [True]

    def count(number):
        buffer, _, flusher = nodes[number]
        while running[0]:
            start = time.perf_counter()
            buffer.add(DAY, [("page", "/"), ("page", f"/{counted[number] % 50}")], VISIT)
            flusher.wake()
            longest[0] = max(longest[0], time.perf_counter() - start)
            counted[number] += 1
            time.sleep(0.0005)

    threads = [threading.Thread(target=count, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        time.sleep(0.4)
        postgres_server.kill()
        time.sleep(0.3)
        postgres_server.start()
    time.sleep(0.3)
    running[0] = False
    for thread in threads:
        thread.join()
    assert any(flusher.errors for _, _, flusher in nodes)
    for _, store, flusher in nodes:
        flusher.close()
        assert flusher.flush()
        store.close()
    assert empty_postgres.cells(SITE, DAY)["page", "/"].visits == sum(counted)
    assert longest[0] < 0.5


def test_a_flush_during_a_sealing_comes_before_it_or_is_late(empty_postgres, postgres_server):
    """Never between: whatever is added is in the day's figures or in the week's pieces."""
    other = PostgresStore(postgres_server.address)
    added = []

    def add():
        for number in range(60):
            other.add(
                Batch(f"x{number}", SITE, {MONDAY: {("hour", "10"): VISIT, ("page", "/"): VISIT}}, MONDAY)
            )
            added.append(number)

    empty_postgres.add(
        Batch("first", SITE, {MONDAY: {("hour", "10"): 50 * VISIT, ("page", "/"): 50 * VISIT}}, MONDAY)
    )
    thread = threading.Thread(target=add)
    thread.start()
    while len(added) < 20:
        time.sleep(0.001)
    Sealer(empty_postgres, SITE, Rule(10), last_day=lambda: MONDAY).run()
    thread.join()
    day = sum(row.visits for _, row in empty_postgres.rows(SITE, "total", MONDAY, MONDAY))
    late = sum(piece.visits for _, piece in empty_postgres.week(SITE, MONDAY)[0] if piece.panel == "total")
    assert day + late == 110
    assert empty_postgres.open_days(SITE) == []
    other.close()


def test_small_numbers_and_their_labels_are_gone_from_the_tables_files(empty_postgres, postgres_server):
    for day in range(MONDAY, MONDAY + 7):
        cells = {("page", f"/very-rare-{day}-{number}"): VISIT for number in range(200)}
        cells |= {("hour", "10"): 700 * VISIT, ("page", "/"): 500 * VISIT}
        empty_postgres.add(Batch(str(day), SITE, {day: cells}, day))
    Sealer(empty_postgres, SITE, Rule(10), last_day=lambda: MONDAY + 6).run()
    with empty_postgres._engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
    files = [file for file in (postgres_server.folder / "data" / "base").rglob("*") if file.is_file()]
    assert any(b"/very" in file.read_bytes() for file in files) is False
    assert files


def test_migrations_make_the_tables_that_the_code_knows(empty_postgres):
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from cookiegate.stores.tables import metadata

    with empty_postgres._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        # Alembic does not compare these.
        query = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x'"
        assert list(connection.execute(text(query))) == [
            ("word_text_excl", "EXCLUDE USING hash (text WITH =)")
        ]
        known = [found for found in metadata.tables["word"].constraints if found.name == "word_text_excl"]
        assert [(found.using, found.columns.keys()) for found in known] == [("hash", ["text"])]
    assert "has format 0003" in empty_postgres.migrate()[0]


def brought_to(store, revision):
    """The tables as they were in an older format."""
    from alembic import command

    from cookiegate.stores import postgres_care

    with store._engine.begin() as connection:
        config = postgres_care._config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def rows_of(label):
    return lambda _: DaySeal([Row("page", "", label, 12, 12)], [])


def test_a_database_of_the_first_format_is_brought_up_to_date(empty_postgres, postgres_server, tmp_path):
    empty_postgres.close_day(SITE, MONDAY, rows_of("/"))
    brought_to(empty_postgres, "0001")
    assert "has format 0001, and this version 0003: run cookiegate migrate" in (empty_postgres.check() or "")
    settings = tmp_path / "cookiegate.toml"
    settings.write_text(f'store = "{postgres_server.address}"\n')
    told = CliRunner().invoke(cli, ["migrate", "--config", str(settings)])
    assert "format 0001 became 0003." in told.output
    assert empty_postgres.check() is None
    assert ("rewrite", "name") in empty_postgres.inventory()
    for day in (MONDAY + 1, MONDAY + 2):
        empty_postgres.close_day(SITE, day, rows_of("/"))
    assert empty_postgres.days_told(SITE, "page", MONDAY, MONDAY + 2) == {"/": 3}
    with empty_postgres._engine.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM word WHERE text = '/'")).scalar() == 1


def test_the_same_new_words_from_many_sealers_at_once_stand_once(empty_postgres, postgres_server):
    """Of sites of their own, whose days no lock keeps apart."""
    words = [f"{'long ' * 900}{number}" for number in range(60)]
    seals = [DaySeal([Row("page", "", word, 12, 12) for word in words[n : n + 20]], []) for n in (0, 20, 40)]
    stores = [PostgresStore(postgres_server.address) for _ in range(6)]
    start = threading.Barrier(len(stores))
    failed = []

    def close(number):
        start.wait()
        try:
            for day, seal in enumerate(seals):
                stores[number].close_day(f"{number}.test", MONDAY + day, lambda _, seal=seal: seal)
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=close, args=(number,)) for number in range(len(stores))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for number, store in enumerate(stores):
        assert store.days_told(f"{number}.test", "page", MONDAY, MONDAY + 2) == dict.fromkeys(words, 1)
        store.close()
    with empty_postgres._engine.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) - COUNT(DISTINCT text) FROM word")).scalar() == 0


def test_words_are_looked_up_in_their_index(empty_postgres):
    rows = [Row("page", "", f"/{number}", 12, 12) for number in range(3000)]
    empty_postgres.close_day(SITE, MONDAY, lambda _: DaySeal(rows, []))
    with empty_postgres._engine.begin() as connection:
        connection.execute(text("ANALYZE word"))
        query = text("EXPLAIN SELECT text, id FROM word WHERE text = ANY(:all)")
        plan = "\n".join(line for (line,) in connection.execute(query, {"all": ["/1", "/2", "/3"]}))
    assert "word_text_excl" in plan


def test_without_tables_it_says_what_to_do(empty_postgres):
    with empty_postgres._engine.begin() as connection:
        connection.execute(text("DROP TABLE piece"))
    assert "lacks piece: run cookiegate migrate" in (empty_postgres.check() or "")


def test_another_format_is_told_from_this_versions(empty_postgres):
    with empty_postgres._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert "has format 0000, and this version 0003: run cookiegate migrate" in (empty_postgres.check() or "")


def test_small_numbers_that_stay_in_a_file_are_told_and_gone_with_the_next_sealing(
    empty_postgres, postgres_server, caplog, monkeypatch
):
    """A reader holds the table while the day is sealed, longer than sealing waits for it."""
    monkeypatch.setattr("cookiegate.stores.postgres.PATIENCE_MS", 200)
    sealer = PostgresStore(postgres_server.address)
    cells = {("page", f"/very-rare-{number}"): VISIT for number in range(200)} | {("hour", "10"): 300 * VISIT}
    sealer.add(Batch("a", SITE, {MONDAY: cells}, MONDAY))
    with empty_postgres._engine.begin() as reader:
        reader.execute(text("SELECT count(*) FROM open_cell"))
        assert Sealer(sealer, SITE, Rule(10), last_day=lambda: MONDAY).run() == 1
    assert "exact small counts that were sealed are still in the file of open_cell" in caplog.text
    assert Sealer(sealer, SITE, Rule(10), last_day=lambda: MONDAY).run() == 0
    with empty_postgres._engine.connect() as connection:
        place = connection.execute(text("SELECT pg_relation_filepath('open_cell')")).scalar()
    with empty_postgres._engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
    assert b"/very-rare" not in (postgres_server.folder / "data" / str(place)).read_bytes()
    sealer.close()


def file_of(store, server, table):
    with store._engine.connect() as connection:
        place = connection.execute(text(f"SELECT pg_relation_filepath('{table}')")).scalar()
        connection.commit()
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
    return (server.folder / "data" / str(place)).read_bytes()


@pytest.mark.parametrize("has_sealed", [False, True])
def test_what_a_killed_sealer_left_in_the_files_the_next_one_destroys(
    empty_postgres, postgres_server, has_sealed
):
    """Killed when its deletions are on disk, before the tables are written anew. The next one is of another process,
    and may have sealed before."""
    next_one = PostgresStore(postgres_server.address)
    if has_sealed:
        assert Sealer(next_one, SITE, Rule(10), last_day=lambda: MONDAY - 1).run() == 0
    cells = {("page", f"/very-rare-{number}"): VISIT for number in range(200)} | {("hour", "10"): 300 * VISIT}
    empty_postgres.add(Batch("a", SITE, {MONDAY: cells}, MONDAY))
    empty_postgres.close_day(SITE, MONDAY, lambda cells: seal_day(cells, Rule(10)))
    empty_postgres.close_week(SITE, MONDAY, lambda *_: [])
    for table in ("open_cell", "piece"):
        assert b"/very-rare" in file_of(empty_postgres, postgres_server, table), table
    assert Sealer(next_one, SITE, Rule(10), last_day=lambda: MONDAY).run() == 0
    for table in ("open_cell", "piece"):
        assert b"/very-rare" not in file_of(empty_postgres, postgres_server, table), table
    next_one.close()


def test_many_days_are_forgotten_at_once(empty_postgres, monkeypatch):
    for day in range(MONDAY, MONDAY + 5):
        empty_postgres.add(Batch(str(day), SITE, {day: {("hour", "10"): 30 * VISIT}}, day))
    with empty_postgres.lock():  # tables that were never sealed are rewritten once
        pass
    written = []
    monkeypatch.setattr(
        "cookiegate.stores.postgres_care.text",
        lambda query: written.append(query) or text(query),
    )
    assert Sealer(empty_postgres, SITE, Rule(10), last_day=lambda: MONDAY + 4).run() == 5
    assert [query for query in written if "VACUUM" in query] == ["VACUUM FULL open_cell"]


def test_a_server_that_is_down_is_one_sentence_without_a_password():
    store = PostgresStore("postgresql://someone:hunter2@127.0.0.1:9/counts")
    with pytest.raises(StoreError, match=r"^PostgreSQL at 127\.0\.0\.1 failed \(OperationalError\)$"):
        store.sites()
    assert "hunter2" not in (store.check() or "")
    store.close()
