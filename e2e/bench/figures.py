"""What the visits come to: figures beside their targets, and where the time goes."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench.report import Figure, Section

from .visit import NETWORK, SLOWER, Seen

Rows = dict[str, list[Seen]]

FLOOR = "a bare form"
NO_GATE = "the page, no gate"
GATED = "behind the gate"
FASTEST = "orejime"
TARGET = 400.0
"""Milliseconds until the banner is there."""
OF_THE_FASTEST = 400 / 728
"""The same beside the fastest manager on a machine where that took 728 ms: what a slower machine can show."""


def over_tls(name: str) -> str:
    return f"{name}, TLS"


def sections(rows: Rows, runs: int) -> list[Section]:
    down, latency = NETWORK["downloadThroughput"] * 8 / 1e6, NETWORK["latency"]
    profile = f"processor {SLOWER} times slower, {down:.1f} Mbit/s, {latency} ms; medians of {runs}"
    return [
        Section(f"The banner's first showing ({profile})", tuple(_figures(rows))),
        Section("Milliseconds until the accept button is there", table=_times(rows)),
        Section("Where they go (milliseconds; bytes as sent)", table=_steps(rows)),
    ]


def _figures(rows: Rows) -> Iterator[Figure]:
    gated = _shown(rows[GATED])
    yield Figure(name=GATED, value=median(gated), unit="ms", target=TARGET)
    tls = _shown(rows[over_tls(GATED)])
    yield Figure(name=over_tls(GATED), value=median(tls), unit="ms", target=TARGET)
    floor = _shown(rows[FLOOR])
    added = median(ours - bare for ours, bare in zip(gated, floor, strict=True))
    yield Figure(name="more than a bare form", value=added, unit="ms")
    fastest = next((seen for name, seen in rows.items() if name.startswith(FASTEST)), None)
    if fastest:
        part = median(gated) / median(_shown(fastest))
        yield Figure(name=f"as a part of {FASTEST}'s", value=part, unit="", target=OF_THE_FASTEST)


def _shown(visits: list[Seen]) -> list[float]:
    return [seen.shown for seen in visits if seen.shown is not None]


def _times(rows: Rows) -> tuple[tuple[str, ...], ...]:
    table = [("", "median", "least", "most", "first paint")]
    for name, visits in rows.items():
        shown = _shown(visits)
        times = [f"{pick(shown):.0f}" for pick in (median, min, max)] if shown else ["", "", ""]
        table.append((name, times[0], times[1], times[2], _median(visits, "first_paint")))
    return tuple(table)


STEPS = ("connected", "secured", "first_byte", "last_byte", "size", "script", "style", "layout")


def _steps(rows: Rows) -> tuple[tuple[str, ...], ...]:
    head = ("", *(step.replace("_", " ") for step in STEPS))
    return (head, *((name, *(_median(visits, step) for step in STEPS)) for name, visits in rows.items()))


def _median(visits: list[Seen], step: str) -> str:
    return f"{median(getattr(seen, step) for seen in visits):,.0f}"
