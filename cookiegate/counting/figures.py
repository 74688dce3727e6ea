"""What the operator's monitoring asks of counting in this process: figures of the machinery, none of a visit."""

from __future__ import annotations

import time
from typing import NamedTuple

from ..core.sealing.periods import date_of
from .buffer import Buffer
from .flusher import Flusher
from .sealer import Sealer


class Figures(NamedTuple):
    """`depth`: cells that no store has yet. `flush_age`: seconds since a flush that the store took. `overflowed`:
    increments counted under `(rest)`, in no label of their own. `errors`: flushes that failed. `sealed`: periods that
    this process has closed. `sealed_until`: the last day among them, as YYYYMMDD, 0 before.
    `seal_errors`: sealings that had to wait."""

    depth: int
    flush_age: float
    overflowed: int
    errors: int
    sealed: int
    sealed_until: int
    seal_errors: int


def figures(buffer: Buffer, flusher: Flusher, sealer: Sealer | None = None) -> Figures:
    """Reads counters only: no store is asked, so a store that is down slows no scrape."""
    last = sealer.last_closed if sealer is not None else None
    return Figures(
        depth=flusher.depth,
        flush_age=max(0.0, time.monotonic() - flusher.flushed_at),
        overflowed=buffer.overflowed,
        errors=flusher.errors,
        sealed=sealer.closed if sealer is not None else 0,
        sealed_until=int(date_of(last).strftime("%Y%m%d")) if last is not None else 0,
        seal_errors=flusher.chore_errors,
    )
