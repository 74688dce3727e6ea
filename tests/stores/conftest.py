"""Each store that this machine can start; the contract runs against all of them."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import pytest

from cookiegate.stores import MemoryStore
from cookiegate.stores.sqlite import SqliteStore

from .clickhouse_servers import clickhouse_cluster
from .servers import postgres

ON_A_SERVER = [
    pytest.param(name, marks=pytest.mark.stores)
    for name in ("postgresql", "clickhouse", "clickhouse-cluster", "clickhouse-current")
]


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


@pytest.fixture(scope="session")
def clickhouse_server():
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, clickhouse_cluster(Path(folder)) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def clickhouse_2x2():
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, clickhouse_cluster(Path(folder), 2, 2) as cluster:
        yield cluster


_databases = itertools.count()


def _empty(cluster):
    from cookiegate.stores.clickhouse import ClickHouseStore

    made = ClickHouseStore(cluster.address(f"counts{next(_databases)}"))
    made.migrate()
    return made


@pytest.fixture
def empty_clickhouse(clickhouse_server):
    made = _empty(clickhouse_server)
    yield made
    made.close()


@pytest.fixture
def empty_cluster(clickhouse_2x2):
    made = _empty(clickhouse_2x2)
    yield made
    made.close()


@pytest.fixture(scope="session")
def chdb_session():
    from chdb.session import Session

    with Session() as session:
        yield session


@pytest.fixture
def empty_current(chdb_session):
    from .current_clickhouse import CurrentStore

    made = CurrentStore(chdb_session, f"counts{next(_databases)}")
    made.migrate()
    yield made
    chdb_session.query(f"DROP DATABASE {made._address.database}")


EMPTY = {
    "postgresql": "empty_postgres",
    "clickhouse": "empty_clickhouse",
    "clickhouse-cluster": "empty_cluster",
    "clickhouse-current": "empty_current",
}


@pytest.fixture(params=["memory", "sqlite", *ON_A_SERVER])
def store(request, tmp_path):
    if request.param in EMPTY:
        yield request.getfixturevalue(EMPTY[request.param])
        return
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "counts.sqlite")
    yield made
    made.close()
