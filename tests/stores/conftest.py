"""Each store that this machine can start; the contract runs against all of them."""

from __future__ import annotations

import pytest

from cookiegate.stores import MemoryStore
from cookiegate.stores.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "counts.sqlite")
    yield made
    made.close()
