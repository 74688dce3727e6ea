"""Measuring on a machine that does other things too: turn about, in processor time, medians of rounds."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time

Call = Callable[[], object]


@dataclass(frozen=True)
class Times:
    """Microseconds of processor time a call, one number a round."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.rounds)

    @property
    def least(self) -> float:
        return min(self.rounds)


def turn_about(*calls: Call, seconds: float, rounds: int = 15) -> list[Times]:
    """Each call's times. Round by round each has its turn (A B A B), so that a slow minute hits all alike.

    `seconds` is about how long one call is measured in all, over all rounds.
    """
    counts = [max(1, round(seconds / rounds / _once(call))) for call in calls]
    found: list[list[float]] = [[] for _ in calls]
    gc.collect()
    for _ in range(rounds):
        for call, count, times in zip(calls, counts, found, strict=True):
            times.append(_timed(call, count) * 1e6)
    return [Times(tuple(times)) for times in found]


def _once(call: Call) -> float:
    call()
    return max(1e-7, min(_timed(call, 3) for _ in range(3)))


def _timed(call: Call, count: int) -> float:
    """Seconds of processor time of one of `count` calls: what other processes take does not count."""
    start = process_time()
    for _ in range(count):
        call()
    return (process_time() - start) / count
