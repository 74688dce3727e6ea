"""The reference: a store in this process's memory, for tests and as the shortest statement of the contract."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from ..core.counts import OTHER, Cell
from ..core.sealing import Count, Piece, Row
from ..core.sealing.periods import WEEK, week_of
from .contract import (
    BATCH_DAYS,
    LATE,
    Batch,
    Dated,
    DatedRow,
    SealDay,
    SealMonth,
    SealWeek,
    Sum,
    forgotten_before,
    late_pieces,
    month_for,
    period_of,
    week_for,
)

Site = str
Pieces = dict[tuple[Site, str, int], list[Dated]]


class MemoryStore:
    """Forgets everything with the process."""

    def __init__(self) -> None:
        self._guard = threading.RLock()
        self._sealing = threading.Lock()
        self._batches: dict[str, int] = {}
        self._open: dict[tuple[Site, int], dict[Cell, Count]] = defaultdict(dict)
        self._pieces: Pieces = defaultdict(list)
        self._closed: set[tuple[Site, str, int]] = set()
        self._rows: dict[tuple[Site, str], list[DatedRow]] = defaultdict(list)

    def add(self, batch: Batch) -> bool:
        with self._guard:
            if batch.id in self._batches:
                return False
            self._batches[batch.id] = batch.sent
            late: dict[int, list[tuple[str, str, int, int]]] = defaultdict(list)
            for day, panel, label, visits, views in batch.rows():
                if {(batch.site, "d", day), (batch.site, "w", week_of(day))} & self._closed:
                    late[day].append((panel, label, visits, views))
                    continue
                cells = self._open[batch.site, day]
                cells[panel, label] = cells.get((panel, label), Count()).plus(Count(visits, views))
            for day, rows in late.items():
                self._keep_late(batch.site, day, rows)
        return True

    def _keep_late(self, site: Site, day: int, rows: Iterable[tuple[str, str, int, int]]) -> None:
        week = week_for(day, self._last_closed(site, "w"))
        self._keep(site, week, late_pieces(rows), LATE)

    def sites(self) -> list[str]:
        with self._guard:
            return sorted({key[0] for keys in (self._open, self._closed, self._pieces) for key in keys})

    def open_days(self, site: str) -> list[int]:
        with self._guard:
            return sorted(day for name, day in self._open if name == site)

    def cells(self, site: str, day: int) -> dict[Cell, Count]:
        with self._guard:
            return dict(self._open.get((site, day), {}))

    def close_day(self, site: str, day: int, seal: SealDay) -> None:
        with self._guard:
            if (site, "d", day) in self._closed:
                return
            cells = self._open.get((site, day), {})
            if (site, "w", week_of(day)) in self._closed:
                self._closed.add((site, "d", day))
                self._keep_late(site, day, ((*cell, *count) for cell, count in cells.items()))
                self._open.pop((site, day), None)
                return
            sealed = seal(cells)
            self._closed.add((site, "d", day))
            self._open.pop((site, day), None)
            self._rows[site, "d"] += [(day, row) for row in sealed.rows]
            self._keep(site, day, sealed.pieces, day)

    def _last_closed(self, site: str, kind: str) -> int | None:
        return max((period for s, k, period in self._closed if (s, k) == (site, kind)), default=None)

    def _keep(self, site: str, when: int, pieces: Sequence[Piece], day: int) -> None:
        month = month_for(when, self._last_closed(site, "m"))
        for piece in pieces:
            self._pieces[(site, *period_of(piece, when, month))].append((day, piece))

    def open_weeks(self, site: str) -> list[int]:
        with self._guard:
            found = {week_of(day) for name, kind, day in self._closed if (name, kind) == (site, "d")}
            found |= {number for name, kind, number in self._pieces if (name, kind) == (site, "w")}
            return sorted(week for week in found if (site, "w", week) not in self._closed)

    def week(self, site: str, week: int) -> tuple[list[Dated], list[DatedRow]]:
        with self._guard:
            rows = [entry for entry in self._rows[site, "d"] if week_of(entry[0]) == week]
            return list(self._pieces.get((site, "w", week), [])), rows

    def close_week(self, site: str, week: int, seal: SealWeek) -> None:
        with self._guard:
            self._close(site, "w", week, lambda: seal(*self.week(site, week)))

    def open_months(self, site: str) -> list[int]:
        with self._guard:
            found = {number for name, kind, number in self._pieces if (name, kind) == (site, "m")}
            return sorted(month for month in found if (site, "m", month) not in self._closed)

    def month(self, site: str, month: int) -> list[Piece]:
        with self._guard:
            return [piece for _, piece in self._pieces.get((site, "m", month), [])]

    def close_month(self, site: str, month: int, seal: SealMonth) -> None:
        with self._guard:
            self._close(site, "m", month, lambda: seal(self.month(site, month)))

    def _close(self, site: str, kind: str, number: int, seal: Callable[[], list[Row]]) -> None:
        if (site, kind, number) in self._closed:
            return
        rows = seal()
        self._closed.add((site, kind, number))
        self._pieces.pop((site, kind, number), None)
        self._rows[site, kind] += [(number, row) for row in rows]

    def rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._between(site, "d", panel, lambda day: first <= day <= last)

    def week_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._between(site, "w", panel, lambda week: first <= week and week + WEEK - 1 <= last)

    def month_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        return self._between(site, "m", panel, lambda month: first <= month <= last)

    def _between(self, site: str, kind: str, panel: str, wanted: Callable[[int], bool]) -> list[DatedRow]:
        with self._guard:
            found = [(day, row) for day, row in self._rows[site, kind] if row.panel == panel and wanted(day)]
        return sorted(found, key=lambda entry: (entry[0], entry[1].block, entry[1].label))

    def sums(self, site: str, panel: str, first: int, last: int) -> list[Sum]:
        sums: dict[tuple[str, str], Count] = defaultdict(Count)
        for entries in (self.rows(site, panel, first, last), self.week_rows(site, panel, first, last)):
            for _, row in entries:
                key = (row.block, row.label)
                sums[key] = sums[key].plus(Count(row.visits, row.views))
        return [Sum(*key, *count) for key, count in sorted(sums.items())]

    def days_told(
        self, site: str, panel: str, first: int, last: int, labels: Sequence[str] | None = None
    ) -> dict[str, int]:
        days = {(day, row.label) for day, row in self.rows(site, panel, first, last) if not row.block}
        return Counter(label for _, label in days if labels is None or label in labels)

    def top(self, site: str, panel: str, first: int, last: int, limit: int) -> list[Sum]:
        sums: dict[str, Count] = defaultdict(Count)
        for found in self.sums(site, panel, first, last):
            if not found.label.startswith(OTHER):
                sums[found.label] = sums[found.label].plus(Count(found.visits, found.views))
        order = sorted(sums.items(), key=lambda item: (-item[1].visits, -item[1].views, item[0]))
        return [Sum("", label, *count) for label, count in order[:limit]]

    def last_closed(self, site: str) -> int | None:
        with self._guard:
            return self._last_closed(site, "d")

    def prune(self, site: str, before: int, today: int) -> int:
        gone = 0
        with self._guard:
            for key in [key for key in self._rows if key[0] == site]:
                kept = [entry for entry in self._rows[key] if entry[0] >= before]
                gone += len(self._rows[key]) - len(kept)
                self._rows[key] = kept
            for stuck in self._closed & self._pieces.keys():
                if stuck[0] == site:
                    del self._pieces[stuck]
            known = forgotten_before(before)
            self._closed = {key for key in self._closed if key[0] != site or key[2] >= known}
            self._batches = {id: sent for id, sent in self._batches.items() if sent >= today - BATCH_DAYS}
        return gone

    @contextlib.contextmanager
    def lock(self) -> Iterator[bool]:
        held = self._sealing.acquire(blocking=False)
        try:
            yield held
        finally:
            if held:
                self._sealing.release()

    def check(self) -> str | None:
        return None

    def inventory(self) -> list[tuple[str, str]]:
        columns = ("site", "day", "panel", "label", "visits", "views")
        return [(table, column) for table in ("open", "piece", "row") for column in columns]

    def migrate(self) -> list[str]:
        return ["A store in memory needs no tables."]

    def begin_anew(self) -> None:
        self._guard, self._sealing = threading.RLock(), threading.Lock()

    def close(self) -> None:
        return
