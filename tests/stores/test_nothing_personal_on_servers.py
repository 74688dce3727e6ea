"""The thousand requests of `tests/counting/test_nothing_personal.py`, into each server's store: every column of every
table, every file of the server and every log line, before the day is sealed and after it."""

from __future__ import annotations

import logging
import os
import random
import re
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from cookiegate.config import Config
from cookiegate.core.sealing import Rule
from cookiegate.counting import Sealer
from cookiegate.opening import open_gate
from cookiegate.wsgi import GateMiddleware

from ..counting.test_nothing_personal import REQUESTS, made_request, personal
from ..edges.conftest import call, page_app

pytestmark = pytest.mark.stores

SHAPES = (
    r"person\d+@mail\d+\.example",
    r"zoe\d+quux",
    r"81\.\d+\.\d+\.\d+",
    r"2a00:1450:[0-9a-f]+:[0-9a-f]+:[0-9a-f]+::77",
    r"[0-9a-f]{24}",
)
"""What each of a visitor's own words looks like: files are searched for these once, not for each word."""


def of_postgres(store, server):
    """Every value in every table, and every file."""
    values = []
    with store._engine.connect() as connection:
        for table in sorted({table for table, _ in store.inventory()}):
            values += [
                str(value) for row in connection.execute(text(f'SELECT * FROM "{table}"')) for value in row
            ]
    files = [file.read_bytes() for file in (server.folder / "data").rglob("*") if file.is_file()]
    return values, files


def of_clickhouse(store, cluster):
    """Every value in every table of every server, and every file but the compressed columns themselves."""
    values = []
    for node in store._cluster.nodes():
        for table in sorted({table for table, _ in store.inventory()}):
            values += [str(value) for row in node.ask(f"SELECT * FROM {table}") for value in row]
    return values, list(_files(cluster.folder))


def _files(folder):
    """The contents of all files but programs, also while merges of a server's parts replace some."""
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                if not name.endswith(".jar") and (Path(place) / name).is_file():
                    yield (Path(place) / name).read_bytes()


@pytest.fixture(params=["postgresql", "clickhouse-cluster"])
def real(request):
    """A store, what reads all of it, and its address."""
    if request.param == "postgresql":
        store, server = (request.getfixturevalue(name) for name in ("empty_postgres", "postgres_server"))
        return store, lambda: of_postgres(store, server), server.address
    store, cluster = (request.getfixturevalue(name) for name in ("empty_cluster", "clickhouse_2x2"))
    return store, lambda: of_clickhouse(store, cluster), cluster.address(store._address.database)


def test_nothing_personal_at_rest(real, tmp_path, caplog):
    store, everything, address = real
    caplog.set_level(logging.DEBUG)
    gate, pages = open_gate(Config(state_dir=tmp_path, services=("google-analytics",), store=address))
    site = GateMiddleware(page_app(), gate=gate, pages=pages)
    rng = random.Random(4)
    people = [personal(number, rng) for number in range(REQUESTS)]
    for number, who in enumerate(people):
        call(site, made_request(number, who, rng, gate))
    gate.counter.flusher.close()
    gate.ledger.close()
    (name,) = store.sites()
    (day,) = store.open_days(name)
    cells = store.cells(name, day)
    views = sum(count.views for (panel, _), count in cells.items() if panel in ("hour", "bot"))
    assert views == REQUESTS
    found = [everything()]
    Sealer(store, name, Rule(10), last_day=lambda: day + 7).run()
    found.append(everything())
    assert all(values for values, _ in found)
    at_rest = "\n".join(value for values, _ in found for value in values).lower() + caplog.text.lower()
    files = [data for _, found_files in found for data in found_files]
    assert files
    in_files = b"\n".join(files).lower()
    shapes = re.compile("|".join(SHAPES))
    secrets = {secret.lower() for who in people for secret in who.values()}
    assert all(shapes.fullmatch(secret) for secret in secrets)
    assert not secrets & set(shapes.findall(at_rest))
    assert not secrets & {found.decode() for found in re.findall("|".join(SHAPES).encode(), in_files)}
    no_servers = at_rest.replace("127.0.0.1", "")
    assert not re.search(r"\b\d{1,3}(\.\d{1,3}){3}\b", no_servers)


def test_a_thousand_equal_views_are_as_many_rows_as_one(real):
    """No schema has a row for a visit: what is flushed together is one row a cell, and merges into one a day."""
    from cookiegate.core.counts import VISIT
    from cookiegate.stores import Batch

    store, everything, _ = real
    store.add(Batch("a", "s", {20_500: {("page", "/"): VISIT}}, 20_500))
    before = len(everything()[0])
    store.add(Batch("b", "s", {20_500: {("page", "/"): 1000 * VISIT}}, 20_500))
    columns = len(store.inventory())
    assert len(everything()[0]) - before <= 4 * columns
