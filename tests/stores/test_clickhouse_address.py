"""The address of a ClickHouse store, and what is said of a wrong one."""

from __future__ import annotations

import pytest

from cookiegate.errors import StoreError
from cookiegate.stores.clickhouse import ClickHouseStore
from cookiegate.stores.clickhouse.address import Address


def test_commas_part_replicas_and_semicolons_shards():
    address = Address.parse("clickhouse://me:p%40ss@a1,a2:9001;b1,[::1]:9002/counts")
    assert address.shards == ((("a1", 9000), ("a2", 9001)), (("b1", 9000), ("::1", 9002)))
    assert (address.user, address.password, address.database) == ("me", "p@ss", "counts")
    assert not address.secure


def test_one_server_is_one_shard_of_one_replica():
    address = Address.parse("clickhouse://localhost/counts?secure=1")
    assert address.shards == ((("localhost", 9440),),)
    assert (address.user, address.password, address.secure) == ("default", "", True)


@pytest.mark.parametrize(
    "wrong",
    [
        "clickhouse://me:secret@/counts",
        "clickhouse://me:secret@host",
        "clickhouse://me:secret@a:x/counts",
        "clickhouse://me:secret@a/no-such;name",
    ],
)
def test_a_wrong_address_is_said_without_its_password(wrong):
    with pytest.raises(StoreError, match="write clickhouse://name:password@a1") as caught:
        Address.parse(wrong)
    assert "secret" not in str(caught.value)


def test_servers_that_are_down_are_one_sentence_without_a_password():
    store = ClickHouseStore("clickhouse://someone:hunter2@127.0.0.1:9,127.0.0.1:10/counts")
    with pytest.raises(StoreError, match=r"^ClickHouse at 127\.0\.0\.1:\d+ does not answer \(\w+\)$"):
        store.sites()
    assert "hunter2" not in (store.check() or "")
    store.close()
