"""The gate's share of a request under gunicorn: the bare site and the gated one loaded in turn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from .browser import FETCH, PAGE, with_cookie
from .load import Load, drive
from .report import Section, progress
from .server import serving
from .site import SIZES, granting_cookie

CONNECTIONS = 4


@dataclass(frozen=True)
class Ask:
    what: str
    path: str
    headers: dict[str, str]
    state: str


def measure(*, quick: bool) -> list[Section]:
    rounds, seconds = (2, 0.4) if quick else (5, 1.0)
    with TemporaryDirectory() as folder:
        state = Path(folder)
        granted = granting_cookie(state)
        with serving(None) as bare, serving(state) as gated:
            lines = [_line(ask, bare, gated, rounds, seconds) for ask in _asks(granted)]
    return [Section(_title(rounds, seconds), text=_table(lines))]


def _asks(granted: str) -> list[Ask]:
    asks = []
    for size in SIZES:
        path = f"/page/{size}"
        asks.append(Ask(f"page of {size:,} kB", path, with_cookie(PAGE), "undecided"))
        asks.append(Ask(f"page of {size:,} kB", path, with_cookie(PAGE, granted), "granted"))
    asks.append(Ask("JSON of 1 kB", "/items.json", with_cookie(FETCH), "undecided"))
    return asks


def _line(ask: Ask, bare: int, gated: int, rounds: int, seconds: float) -> list[str]:
    """The bare site has a round, the gated one, and so on."""
    progress(f"{ask.what}, {ask.state}, under gunicorn")
    found: dict[int, list[Load]] = {bare: [], gated: []}
    for _ in range(rounds):
        for port, loads in found.items():
            loads.append(drive(port, ask.path, ask.headers, seconds=seconds, connections=CONNECTIONS))
    left, right = found[bare], found[gated]
    added = median(1e6 / b.per_second - 1e6 / a.per_second for a, b in zip(left, right, strict=True))
    share = median(b.per_second / a.per_second for a, b in zip(left, right, strict=True))
    return [f"{ask.what}, {ask.state}", *_cells(left), *_cells(right), f"{share:.2f}", f"{added:,.0f} us"]


def _cells(loads: list[Load]) -> list[str]:
    return [
        f"{median(load.per_second for load in loads):,.0f}",
        *(f"{median(load.percentile(rank) for load in loads) / 1000:.2f}" for rank in (50, 99)),
    ]


def _title(rounds: int, seconds: float) -> str:
    return (
        "A Flask site under gunicorn, bare and behind the gate "
        f"(one worker, {CONNECTIONS} connections, medians of {rounds} rounds of {seconds:g} s, turn about)"
    )


def _table(lines: list[list[str]]) -> str:
    head = ["", "bare/s", "p50 ms", "p99 ms", "gated/s", "p50 ms", "p99 ms", "gated:bare", "added a request"]
    rows = [head, *lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  " + "  ".join(f"{cell:{'<' if n == 0 else '>'}{widths[n]}}" for n, cell in enumerate(row)) for row in rows
    )
