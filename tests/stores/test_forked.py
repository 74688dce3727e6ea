"""A server's store that has flushed before a fork: parent and child have connections of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cookiegate.core.sealing import Count

from .adder import DAY, SITE
from .forker import FLUSHES

pytestmark = pytest.mark.stores


def forked(address):
    command = [sys.executable, "-m", "tests.stores.forker", address]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return dict(line.split() for line in ended.stdout.splitlines())


def counts():
    each = Count(FLUSHES, FLUSHES)
    return {("page", "/before"): Count(1, 1), ("page", "/parent"): each, ("page", "/child"): each}


def test_on_postgresql(empty_postgres, postgres_server):
    told = forked(postgres_server.address)
    assert told.keys() == {"parent", "child"}
    assert told["parent"] != told["child"]
    assert empty_postgres.cells(SITE, DAY) == counts()


def test_on_clickhouse(empty_clickhouse, clickhouse_server):
    forked(clickhouse_server.address(empty_clickhouse._address.database))
    assert empty_clickhouse.cells(SITE, DAY) == counts()
