"""The data inventory names every column there is, from the files themselves."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from importlib import resources

import pytest

from cookiegate.config import Config
from cookiegate.core.counts import VISIT
from cookiegate.dashboard.app import build
from cookiegate.dashboard.inventory import UNKNOWN, inventory
from cookiegate.ledger import Ledger
from cookiegate.stores import open_store
from cookiegate.stores.tables import metadata
from cookiegate.tally import Tally

from .conftest import DAY, NOW, ORIGIN, sealed


@pytest.fixture
def config(tmp_path):
    found = Config(state_dir=tmp_path / "state")
    ledger = Ledger(found.ledger_path)
    assert ledger.check() is None
    ledger.close()
    held = Tally(found.tally_path)
    held.add("rewritten", [("img", "a.example", 1)])
    held.flush()
    return found


@pytest.fixture
def kept(config):
    found = open_store("sqlite:///counts.sqlite", config.state_dir)
    sealed(found, DAY, {("hour", "09"): 60 * VISIT})
    yield found
    found.close()


def test_every_column_is_described(config, kept, accounts):
    places = inventory(config, kept, accounts)
    names = {table.name for place in places for table in place.tables}
    assert {"held_by_month", "open_cell", "piece", "sealed", "choice", "account", "audit"} <= names
    for place in places:
        for table in place.tables:
            assert table.about != UNKNOWN, table.name
            assert [column for column, holds in table.columns if holds == UNKNOWN] == [], table.name


def test_the_tables_of_postgresql_are_described_too(config, accounts):
    class Postgres:
        def inventory(self):
            return [(table.name, column.name) for table in metadata.sorted_tables for column in table.columns]

    counts = inventory(config, Postgres(), accounts)[0]
    assert not [t for t in counts.tables if t.about == UNKNOWN or UNKNOWN in dict(t.columns).values()]


def test_the_tables_of_clickhouse_are_described_too(config, accounts):
    text = resources.files("cookiegate.stores.clickhouse").joinpath("tables.sql").read_text("utf-8")
    tables = re.findall(r"CREATE TABLE IF NOT EXISTS (\w+) \(([^)]*)\)", text)
    columns = [(table, part.split()[0]) for table, parts in tables for part in parts.split(",")]
    assert ("sealed", "visits") in columns

    class ClickHouse:
        def inventory(self):
            return columns

    counts = inventory(config, ClickHouse(), accounts)[0]
    assert not [t for t in counts.tables if t.about == UNKNOWN or UNKNOWN in dict(t.columns).values()]


def test_a_column_that_somebody_added_shows_itself(config, kept, accounts):
    with closing(sqlite3.connect(config.state_dir / "counts.sqlite")) as file:
        file.execute("ALTER TABLE open_cell ADD COLUMN visitor TEXT")
    found = inventory(config, kept, accounts)[0]
    assert ("visitor", UNKNOWN) in next(t for t in found.tables if t.name == "open_cell").columns


def test_it_is_public_and_holds_no_figure(config, kept, accounts):
    client = build(config, store=kept, accounts=accounts, clock=lambda: NOW).test_client()
    found = client.get("/privacy.json", base_url=ORIGIN).json
    assert found["threshold"] == 10
    assert found["identifier_before_consent"] is None
    tables = {t["name"]: t for place in found["stored"] for t in place["tables"]}
    assert "25 months" in tables["sealed"]["kept"]
    page = client.get("/privacy", base_url=ORIGIN).text
    for table in tables.values():
        for column in table["columns"]:
            assert f"<span>{column}</span>" in page
    assert "anna" not in page


def test_a_ledger_that_cannot_be_read_is_a_sentence(config, kept, accounts):
    config.ledger_path.write_bytes(b"not a database, but long enough to be taken for one" * 20)
    client = build(config, store=kept, accounts=accounts, clock=lambda: NOW).test_client()
    assert client.get("/privacy", base_url=ORIGIN).status_code == 503
