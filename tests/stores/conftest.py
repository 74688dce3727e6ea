"""Each store that this machine can start; the contract runs against all of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from cookiegate.stores import MemoryStore
from cookiegate.stores.sqlite import SqliteStore

from .servers import postgres

ON_A_SERVER = [pytest.param("postgresql", marks=pytest.mark.stores)]


@pytest.fixture(scope="session")
def postgres_server():
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        place = Path(folder) / "server"
        place.mkdir(mode=0o700)
        with postgres(place) as server:
            yield server


@pytest.fixture
def empty_postgres(postgres_server):
    """A store on a running server, its tables new and empty."""
    from sqlalchemy import text

    from cookiegate.stores.postgres import PostgresStore

    made = PostgresStore(postgres_server.address)
    with made._engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    made.migrate()
    yield made
    made.close()


@pytest.fixture(params=["memory", "sqlite", *ON_A_SERVER])
def store(request, tmp_path):
    if request.param == "postgresql":
        yield request.getfixturevalue("empty_postgres")
        return
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "counts.sqlite")
    yield made
    made.close()
