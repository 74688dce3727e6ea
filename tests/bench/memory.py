"""How much memory a page takes while it streams through the gate.

Each stream runs in a process of its own (`python -m tests.bench.memory MB CODING`): its peak is that of what
was allocated after a first small page, by tracemalloc, and the growth of the resident set without it.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cookiegate.opening import open_gate
from cookiegate.wsgi import GateMiddleware

from .browser import PAGE, environ, with_cookie
from .pages import HEAD, blocks
from .report import Figure, Section, progress
from .site import settings

MB = 1_000_000
TARGET = 2.0
"""Megabytes, whatever the page's size."""

PIECE = 16 * 1024
"""Bytes that the site yields at a time."""

ROOT = Path(__file__).resolve().parents[2]
CLEAR_PEAK = "5"
"""Written to /proc/self/clear_refs, sets the peak of the resident set back to its present size (proc(5))."""


def measure(*, quick: bool) -> list[Section]:
    whole = 10 if quick else 50
    found = []
    for size, coding in ((whole // 10, "identity"), (whole, "identity"), (whole, "gzip")):
        progress(f"{size} MB of HTML as a stream, {coding}")
        peaks = _apart(size, coding)
        name = f"{size} MB of HTML{', gzipped' if coding == 'gzip' else ''}"
        found.append(
            Figure(name=f"{name}: allocated at the peak", value=peaks["allocated"], unit="MB", target=TARGET)
        )
        if peaks["resident"] is not None:
            grown = Figure(
                name=f"{name}: growth of the process", value=peaks["resident"], unit="MB", target=TARGET
            )
            found.append(grown)
    return [
        Section(f"Memory while a page streams through the gate in pieces of {PIECE // 1024} kB", tuple(found))
    ]


def _apart(size: int, coding: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.memory", str(size), coding]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=600)  # noqa: S603 - our own
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def main() -> None:
    size, coding = int(sys.argv[1]) * MB, sys.argv[2]
    pieces = _pieces(coding)
    with TemporaryDirectory() as folder:
        gate, own_pages = open_gate(settings(Path(folder)))
        app = GateMiddleware(lambda _, start: _stream(start, pieces, coding), gate=gate, pages=own_pages)
        _drain(app, size // 20)
        before = _resident(reset=True)
        _drain(app, size)
        after = _resident(reset=False)
        tracemalloc.start()
        _drain(app, size)
        allocated = tracemalloc.get_traced_memory()[1]
        gate.ledger.close()
    resident = None if before is None or after is None else (after - before) / MB
    json.dump({"allocated": allocated / MB, "resident": resident}, sys.stdout)


def _pieces(coding: str) -> list[bytes]:
    """About 2 MB of a page's body, to be sent over and over; whole gzip members may follow one another."""
    body = b"".join(islice(blocks(), 2000))
    if coding == "gzip":
        body = gzip.compress(body, 6)
    return [body[start : start + PIECE] for start in range(0, len(body), PIECE)]


def _stream(start: Any, pieces: list[bytes], coding: str) -> Iterator[bytes]:
    start(
        "200 OK",
        [("Content-Type", "text/html"), *([("Content-Encoding", coding)] if coding == "gzip" else [])],
    )
    yield gzip.compress(HEAD.encode()) if coding == "gzip" else HEAD.encode()
    while True:
        yield from pieces


def _drain(app: GateMiddleware, size: int) -> None:
    """Take what comes until `size` bytes of HTML have gone through."""
    taken = 0
    request = environ("/", with_cookie(PAGE))
    del request["HTTP_ACCEPT_ENCODING"]  # what was packed goes out unpacked, so bytes out are bytes of HTML
    answer = app(request, lambda *_: lambda _data: None)
    for piece in answer:
        taken += len(piece)
        if taken >= size:
            break
    close = getattr(answer, "close", None)
    if close is not None:
        close()


def _resident(*, reset: bool) -> int | None:
    """Bytes of the resident set: now, its peak having been reset, or the peak since. None off Linux."""
    try:
        if reset:
            Path("/proc/self/clear_refs").write_text(CLEAR_PEAK)
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    found = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(found["VmHWM"].split()[0]) * 1024


if __name__ == "__main__":
    main()
