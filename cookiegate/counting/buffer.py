"""Cells of this process that no store has yet: bounded, whatever requests ask for.

Two bounds. A panel has its fill of labels for a day (a site that is crawled through random paths must not fill
the store), and the buffer of cells: what comes new then counts under `(rest)`, so totals stay exact. Each process has
its own fill; what all of them bring together is cut once more when the day is sealed.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable

from ..core.counts import Cell
from .bounds import most_labels, rest_of

MOST_CELLS = 200_000
"""About 40 MB of Python objects. A site has some thousand cells in use at a time."""

Cells = dict[Cell, int]
Days = dict[int, Cells]


class Buffer:
    """For many threads: `add` holds a lock for some microseconds, and nothing else ever waits in it."""

    def __init__(self, most: int = MOST_CELLS) -> None:
        self._lock = threading.Lock()
        self._most = most
        self._days: Days = {}
        self._labels: dict[tuple[int, str], set[str]] = defaultdict(set)
        self._size = 0
        self.overflowed = 0
        """Increments that were counted under `(rest)`."""

    def __len__(self) -> int:
        return self._size

    @property
    def in_the_middle(self) -> bool:
        """Whether some thread is adding or taking at this moment."""
        return self._lock.locked()

    def add(self, day: int, cells: Iterable[Cell], weight: int) -> None:
        """Add one event's weight to each of its cells."""
        with self._lock:
            counts = self._days.get(day) or self._counts_of(day)
            for cell in cells:
                try:
                    counts[cell] += weight
                except KeyError:
                    self._count_new(day, counts, cell, weight)

    def add_each(self, day: int, weights: Iterable[tuple[Cell, int]]) -> None:
        """Add to each cell a weight of its own."""
        with self._lock:
            counts = self._days.get(day) or self._counts_of(day)
            for cell, weight in weights:
                try:
                    counts[cell] += weight
                except KeyError:
                    self._count_new(day, counts, cell, weight)

    def _counts_of(self, day: int) -> Cells:
        return self._days.setdefault(day, {})

    def _count_new(self, day: int, counts: Cells, cell: Cell, weight: int) -> None:
        kept = self._admitted(day, cell)
        if kept not in counts:
            self._size += 1
        counts[kept] = counts.get(kept, 0) + weight

    def _admitted(self, day: int, cell: Cell) -> Cell:
        panel, label = cell
        labels = self._labels[day, panel]
        if label not in labels:
            if len(labels) >= most_labels(panel) or self._size >= self._most:
                self.overflowed += 1
                return panel, rest_of(panel, label)
            labels.add(label)
        return cell

    def begin_anew(self) -> None:
        """In the child of a fork, whose parent may have held the lock."""
        self._lock = threading.Lock()
        self._days, self._size = {}, 0
        self._labels.clear()

    def take(self) -> Days:
        """Everything, and begin anew."""
        with self._lock:
            days, self._days, self._size = self._days, {}, 0
            if days:
                newest = max(days)
                for key in [key for key in self._labels if key[0] < newest - 1]:
                    del self._labels[key]
        return days
