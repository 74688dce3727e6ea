"""A process that flushes, forks, and flushes on in parent and child at once: `python -m tests.stores.forker ADDRESS`.

Says of each which server process answers it, where the store is PostgreSQL."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from cookiegate.core.counts import VISIT
from cookiegate.counting import Buffer, Flusher
from cookiegate.stores import open_store
from cookiegate.stores.postgres import PostgresStore

from .adder import DAY, SITE

FLUSHES = 40


def main(address: str) -> None:
    store = open_store(address, Path())
    buffer = Buffer()
    flusher = Flusher(buffer, store, SITE, today=lambda: DAY, every=3600)

    def flush(label: str) -> None:
        buffer.add(DAY, [("page", label)], VISIT)
        assert flusher.flush(), label

    flush("/before")
    held, over = threading.Event(), threading.Event()
    threading.Thread(target=hold, args=(store, held, over), daemon=True).start()
    held.wait()
    child = os.fork()
    signal.alarm(60)
    over.set()
    who = "child" if child == 0 else "parent"
    for _ in range(FLUSHES):
        flush(f"/{who}")
    if isinstance(store, PostgresStore):
        os.write(1, f"{who} {store._read('SELECT pg_backend_pid()')[0][0]}\n".encode())
    store.close()
    if child == 0:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def hold(store: object, held: threading.Event, over: threading.Event) -> None:
    """Another thread of the parent is in the middle of taking a connection."""
    nodes = store._cluster.nodes() if hasattr(store, "_cluster") else [store]  # type: ignore[attr-defined]
    guards = [node._guard for node in nodes]
    for guard in guards:
        guard.acquire()
    held.set()
    over.wait()
    for guard in guards:
        guard.release()


if __name__ == "__main__":
    main(sys.argv[1])
