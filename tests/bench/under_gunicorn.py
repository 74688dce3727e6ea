"""The gate's share of a request under gunicorn: the bare site and the gated one loaded in turn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from .browser import FETCH, PAGE, with_cookie
from .load import Load, drive
from .report import Section, progress
from .server import Running, serving
from .site import SIZES, granting_cookie

CONNECTIONS = 4
HEAD = (
    "",
    "bare: 1/s",
    "p50 ms",
    "p99 ms",
    "us",
    "gated: 1/s",
    "p50 ms",
    "p99 ms",
    "us",
    "gated:bare",
    "us added",
)


@dataclass(frozen=True)
class Ask:
    what: str
    path: str
    headers: dict[str, str]
    state: str


@dataclass(frozen=True)
class Round:
    """`processor`: microseconds of processor time that the server took for a request."""

    load: Load
    processor: float


def measure(*, quick: bool) -> list[Section]:
    rounds, seconds = (2, 0.4) if quick else (5, 1.0)
    with TemporaryDirectory() as folder:
        state = Path(folder)
        granted = granting_cookie(state)
        with serving(None) as bare, serving(state) as gated:
            lines = [_line(ask, bare, gated, rounds, seconds) for ask in _asks(granted)]
    return [Section(_title(rounds, seconds), table=(HEAD, *lines))]


def _asks(granted: str) -> list[Ask]:
    asks = []
    for size in SIZES:
        path = f"/page/{size}"
        asks.append(Ask(f"page of {size:,} kB", path, with_cookie(PAGE), "undecided"))
        asks.append(Ask(f"page of {size:,} kB", path, with_cookie(PAGE, granted), "granted"))
    asks.append(Ask("JSON of 1 kB", "/items.json", with_cookie(FETCH), "undecided"))
    return asks


def _line(ask: Ask, bare: Running, gated: Running, rounds: int, seconds: float) -> tuple[str, ...]:
    """The bare site has a round, the gated one, and so on."""
    progress(f"{ask.what}, {ask.state}, under gunicorn")
    for server in (bare, gated):
        drive(server.port, ask.path, ask.headers, seconds=0.1, connections=CONNECTIONS)
    left: list[Round] = []
    right: list[Round] = []
    for _ in range(rounds):
        for server, found in ((bare, left), (gated, right)):
            found.append(_round(server, ask, seconds))
    share = median(b.load.per_second / a.load.per_second for a, b in zip(left, right, strict=True))
    added = median(b.processor - a.processor for a, b in zip(left, right, strict=True))
    return (f"{ask.what}, {ask.state}", *_cells(left), *_cells(right), f"{share:.2f}", f"{added:,.0f}")


def _round(server: Running, ask: Ask, seconds: float) -> Round:
    before = server.processor_seconds()
    load = drive(server.port, ask.path, ask.headers, seconds=seconds, connections=CONNECTIONS)
    return Round(load, (server.processor_seconds() - before) / load.answers * 1e6)


def _cells(rounds: list[Round]) -> list[str]:
    return [
        f"{median(r.load.per_second for r in rounds):,.0f}",
        *(f"{median(r.load.percentile(rank) for r in rounds) / 1000:.2f}" for rank in (50, 99)),
        f"{median(r.processor for r in rounds):,.0f}",
    ]


def _title(rounds: int, seconds: float) -> str:
    return (
        "A Flask site under gunicorn, bare and behind the gate "
        f"(one worker, {CONNECTIONS} connections, medians of {rounds} rounds of {seconds:g} s, turn about;\n"
        "us: the server's processor time for a request)"
    )
