"""What the contract does not ask of a current ClickHouse: its version, and the statements of the sealer's lock."""

from __future__ import annotations

import pytest

from cookiegate.errors import StoreError
from cookiegate.stores.clickhouse import sealer_lock

pytestmark = pytest.mark.stores
OLDEST = 25
MINE = {"name": "cookiegate-sealer-counts", "token": "0123456789abcdef"}


@pytest.fixture
def node(empty_current):
    return empty_current._cluster.shards[0][0]


def test_it_is_a_current_version(node):
    ((version,),) = node.ask("SELECT version()")
    assert int(version.split(".")[0]) >= OLDEST


def test_statements_of_the_lock_are_understood(node):
    assert node.ask(sealer_lock.HOLD.format(**MINE).replace("21600", "1"), None, max_block_size=1) == [
        (MINE["token"], 0)
    ]
    ((running,),) = node.ask(sealer_lock.RUNNING, MINE)
    assert int(running) == 0
    assert node.ask("KILL QUERY WHERE query_id = %(name)s ASYNC", MINE) == []


def test_a_statement_that_it_does_not_know_fails(node):
    for statement in ("SYSTEM SYNCHRONISE REPLICA open_cell", "SELECT wrong FROM open_cell"):
        with pytest.raises(StoreError):
            node.ask(statement)


def test_check_and_inventory(empty_current):
    assert empty_current.check() is None
    assert ("open_cell", "label") in empty_current.inventory()
