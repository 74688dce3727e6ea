"""How often something may happen: a bucket for each key, in memory, for one process."""

from __future__ import annotations

import threading
from time import monotonic
from typing import NamedTuple


class Bucket(NamedTuple):
    left: float
    at: float


class Allowance:
    """Each key may `burst` times at once and `per_second` times a second after that.

    No more than `keys` are remembered. Where all of them are in use, a new one gets nothing.
    """

    def __init__(self, *, per_second: float, burst: int, keys: int = 1) -> None:
        self._per_second = per_second
        self._burst = burst
        self._keys = keys
        self._lock = threading.Lock()
        self._buckets: dict[bytes, Bucket] = {}
        """Least recently used first."""

    def take(self, key: bytes = b"") -> bool:
        """Whether `key` may once more, now."""
        with self._lock:
            now = monotonic()
            if key not in self._buckets and not self._has_room(now):
                return False
            left = self._filled(self._buckets.pop(key, Bucket(self._burst, now)), now)
            self._buckets[key] = Bucket(left - 1 if left >= 1 else left, now)
            return left >= 1

    def _has_room(self, now: float) -> bool:
        """The key that was used longest ago goes, if it is as good as new by now."""
        if len(self._buckets) < self._keys:
            return True
        oldest = next(iter(self._buckets))
        if self._filled(self._buckets[oldest], now) < self._burst:
            return False
        del self._buckets[oldest]
        return True

    def _filled(self, bucket: Bucket, now: float) -> float:
        return min(self._burst, bucket.left + (now - bucket.at) * self._per_second)
