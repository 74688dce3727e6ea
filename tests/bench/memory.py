"""How much memory a page takes while it streams through the gate.

Each stream runs in a process of its own (`python -m tests.bench.memory MB KIND`), after a first, small one of
its kind. Two figures: how much the resident set grew, and what tracemalloc saw allocated at the peak.
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


KINDS = {
    "plain": "",
    "scripts": ", with inline scripts of 200 kB",
    "gzip": ", gzipped",
}


def measure(*, quick: bool) -> list[Section]:
    whole = 10 if quick else 50
    found: list[Figure] = []
    for size, kind in ((whole // 10, "plain"), *((whole, kind) for kind in KINDS)):
        name = f"{size} MB of HTML{KINDS[kind]}"
        progress(name)
        peaks = peaks_of(size, kind)
        found.append(_figure(f"{name}: allocated at the peak", peaks["allocated"]))
        if "resident" in peaks:
            found.append(_figure(f"{name}: growth of the process", peaks["resident"]))
    title = f"Memory while a page streams through the gate in pieces of {PIECE // 1024} kB"
    return [Section(title, tuple(found))]


def _figure(name: str, value: float) -> Figure:
    return Figure(name=name, value=value, unit="MB", target=TARGET)


def peaks_of(size: int, kind: str) -> dict[str, float]:
    """Megabytes `allocated` at the peak of a stream of `size` MB; `resident` growth where /proc tells."""
    command = [sys.executable, "-m", "tests.bench.memory", str(size), kind]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=600)
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def main() -> None:
    size, kind = int(sys.argv[1]) * MB, sys.argv[2]
    pieces = _pieces(kind)
    with TemporaryDirectory() as folder:
        gate, own_pages = open_gate(settings(Path(folder)))
        app = GateMiddleware(lambda _, start: _stream(start, pieces, kind), gate=gate, pages=own_pages)
        _drain(app, size // 20)
        before = _resident(reset=True)
        _drain(app, size)
        after = _resident(reset=False)
        tracemalloc.start()
        _drain(app, size)
        peaks = {"allocated": tracemalloc.get_traced_memory()[1] / MB}
        gate.ledger.close()
    if before and after:
        peaks["resident"] = (after - before) / MB
    json.dump(peaks, sys.stdout)


def _pieces(kind: str) -> list[bytes]:
    """About 2 MB of a page's body, to be sent over and over; whole gzip members may follow one another."""
    body = b"".join(islice(blocks(), 2000))
    if kind == "scripts":
        data = b"<script>var words=['" + b"garden',\n'" * 20_000 + b"'];</script>\n"
        body = b"".join(data + body[start : start + 50_000] for start in range(0, 500_000, 50_000))
    if kind == "gzip":
        body = gzip.compress(body, 6)
    return [body[start : start + PIECE] for start in range(0, len(body), PIECE)]


def _stream(start: Any, pieces: list[bytes], kind: str) -> Iterator[bytes]:
    """A page without end: whoever reads it stops when it has enough."""
    head = [("Content-Type", "text/html")]
    if kind == "gzip":
        head.append(("Content-Encoding", "gzip"))
    start("200 OK", head)
    yield gzip.compress(HEAD.encode()) if kind == "gzip" else HEAD.encode()
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
