"""A gate that counts, with a clock that stands still."""

from __future__ import annotations

import pytest

from cookiegate.config import Config
from cookiegate.opening import open_gate


@pytest.fixture
def gate(tmp_path):
    config = Config(
        state_dir=tmp_path / "state",
        services=("google-analytics", "meta-pixel"),
        site={"public_url": "https://www.site.test"},
        goal=({"name": "order", "path": "/thanks"}, {"name": "call"}),
    )
    gate, gate.pages = (opened := open_gate(config))[0], opened[1]
    yield gate
    gate.counter.flusher.close()
    gate.ledger.close()


@pytest.fixture
def cells(gate):
    """The cells counted so far, panel by panel: {panel: {label: (visits, views)}}."""

    def read():
        found = {}
        for counts in gate.counter.buffer.take().values():
            for (panel, label), weight in counts.items():
                found.setdefault(panel, {})[label] = (weight >> 32, weight & 0xFFFFFFFF)
        return found

    return read
