"""A process that adds batches of hot keys to the store at an address: `python -m tests.stores.adder`."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from cookiegate.core.counts import VIEW, VISIT
from cookiegate.stores import Batch, open_store

SITE, DAY = "www.site.test", 20_500
CELLS = 50


def add(address: str, name: str, batches: int, increments: int) -> None:
    """`batches` of `increments` views, a tenth of them visits, over `CELLS` cells; every tenth batch twice."""
    store = open_store(address, Path())
    rng = random.Random(name)
    for number in range(batches):
        cells: dict[tuple[str, str], int] = {}
        for turn in range(increments):
            cell = ("page", f"/{int(rng.random() ** 3 * CELLS)}")
            cells[cell] = cells.get(cell, 0) + (VISIT if turn % 10 == 0 else VIEW)
        batch = Batch(f"{name}-{number}", SITE, {DAY: cells}, DAY)
        for _ in range(2 if number % 10 == 0 else 1):
            store.add(batch)
    store.close()


if __name__ == "__main__":
    add(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
