"""A process that flushes as fast as a store takes it: `python -m tests.bench.absorb ADDRESS NAME SECONDS`.

Each batch adds to 10,000 cells. Prints how many increments were acknowledged."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from cookiegate.core.counts import VISIT
from cookiegate.stores import Batch, open_store

DAY, CELLS = 20_500, 10_000


def main() -> None:
    address, name, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    store = open_store(address, Path())
    cells = {("page", f"/page-{number}"): VISIT for number in range(CELLS)}
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        store.add(Batch(f"{name}-{number}", "absorb.test", {DAY: cells}, DAY))
        number += 1
    store.close()
    print(number * CELLS)


if __name__ == "__main__":
    main()
