"""Closing a day, a week or a month over all servers.

Mark it on every replica, so that no flush slips in unseen; read what there is; write the plan; do it; mark it as
closed. Each step but the plan may be done again. Every replica has to answer: one that is away holds small
numbers that could not be destroyed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.counts import Cell
from ...core.sealing import Count, Piece, Row
from ..contract import LATE, Dated, DatedRow, SealDay, late_pieces, period_of
from .cluster import Cluster
from .marks import CLOSED, CLOSING, QUERY, Marks
from .plan import Plan, roll_ups

CELLS = """
SELECT slot, day, panel, label, sum(visits), sum(views) FROM open_cell
WHERE site = %(site)s AND slot IN %(slots)s GROUP BY slot, day, panel, label
"""
PIECES = """
SELECT day, panel, block, grp, label, sum(visits), sum(views) FROM piece
WHERE site = %(site)s AND kind = %(kind)s AND period = %(period)s
GROUP BY day, panel, block, grp, label ORDER BY day, panel, block, grp, label
"""
PLAN = """
SELECT what, number, day, panel, block, grp, label, visits, views FROM plan
WHERE site = %(site)s AND kind = %(kind)s AND period = %(period)s
"""
PLANNED = "SELECT DISTINCT period FROM plan WHERE site = %(site)s AND kind = %(kind)s"
WITH_PIECES = "SELECT DISTINCT kind, period FROM piece WHERE site = %(site)s"
SLOTS = "SELECT DISTINCT slot FROM open_cell WHERE site = %(site)s"

MONTHLY = "unique:month"

Found = list[tuple[int, int, int, str, str, int, int]]
"""Shard, slot, day, panel, label, visits, views."""


class Closing:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def marks(self, site: str) -> Marks:
        return Marks.of(self._cluster.ask(QUERY, {"site": site}))

    # -- what is open

    def found(self, site: str, slots: list[int]) -> Found:
        """What is in these slots, rows that name batches included."""
        if not slots:
            return []
        values = {"site": site, "slots": tuple(slots)}
        each = self._cluster.each(lambda node: [(node.shard, *row) for row in node.ask(CELLS, values)])
        return [row for rows in each for row in rows]

    def slots(self, site: str) -> list[int]:
        return sorted({slot for (slot,) in self._cluster.ask(SLOTS, {"site": site})})

    def unfinished(self, site: str, kind: str) -> set[int]:
        """Periods whose closing died on its way, wherever it was: their plan holds small numbers."""
        planned = {period for (period,) in self._cluster.ask(PLANNED, {"site": site, "kind": kind})}
        states = self.marks(site).states.items()
        return planned | {period for (k, period), state in states if k == kind and state == CLOSING}

    def late_slots(self, site: str, marks: Marks, week: int) -> list[int]:
        return [slot for slot in self.slots(site) if marks.is_late(slot) and marks.week_of_late(slot) == week]

    def pieces(self, site: str, kind: str, period: int) -> list[Dated]:
        found = self._cluster.ask(PIECES, {"site": site, "kind": kind, "period": period})
        return sorted((day, Piece(*piece)) for day, *piece in found)

    def late(self, site: str, week: int) -> tuple[list[int], Found, list[Piece]]:
        """The late slots of a week, what is in them, and that as pieces."""
        slots = self.late_slots(site, self.marks(site), week)
        found = self.found(site, slots)
        return slots, found, late_pieces(cells_of(found))

    def destroy_stuck(self, site: str) -> None:
        """Pieces of closed weeks and months, which earlier versions left there."""
        marks = self.marks(site)
        for kind, period in sorted(self._cluster.ask(WITH_PIECES, {"site": site})):
            if marks.state(kind, period) == CLOSED:
                self._drop("piece", {"site": site, "kind": kind, "period": period})

    # -- closing

    def close_day(self, site: str, day: int, seal: SealDay) -> None:
        marks = self.marks(site)
        if not marks.state("d", day) and not marks.is_open(day):
            return  # its week was closed without it: what is in its slot is late

        def plan() -> Plan:
            found = self.found(site, [day])
            counts: dict[Cell, Count] = {(p, label): Count(v, n) for p, label, v, n in cells_of(found)}
            sealed = seal(counts)
            month = self.marks(site).month_for(day)
            pieces = [(*period_of(piece, day, month), day, piece) for piece in sealed.pieces]
            return Plan(list(sealed.rows), pieces, _batches(found), [day] if found else [])

        self._close(site, "d", day, plan)

    def close_week(
        self,
        site: str,
        week: int,
        seal: Callable[[list[Dated], list[DatedRow]], list[Row]],
        rows: Callable[[], list[DatedRow]],
    ) -> None:
        def plan() -> Plan:
            slots, found, late = self.late(site, week)
            month = self.marks(site).month_for(week)
            waiting = [("m", month, LATE, piece) for piece in late if piece.panel == MONTHLY]
            own = [(LATE, piece) for piece in late if piece.panel != MONTHLY]
            published = seal(sorted([*own, *self.pieces(site, "w", week)]), rows())
            return Plan(list(published), waiting, _batches(found), slots)

        self._close(site, "w", week, plan)

    def close_month(self, site: str, month: int, seal: Callable[[list[Piece]], list[Row]]) -> None:
        def plan() -> Plan:
            return Plan(list(seal([piece for _, piece in self.pieces(site, "m", month)])))

        self._close(site, "m", month, plan)

    def _close(self, site: str, kind: str, period: int, plan: Callable[[], Plan]) -> None:
        key = {"site": site, "kind": kind, "period": period}
        self._cluster.settle("plan")
        if self.marks(site).state(kind, period) == CLOSED:
            self._drop("plan", key)  # of a closing that died when all but this was done
            return
        made = Plan.of(self._cluster.ask(PLAN, key))
        if made is None:
            self._mark(site, kind, period, CLOSING)
            self._cluster.settle("open_cell", "piece", "sealed")
            made = plan()
            home = self._cluster.shard_of(site)
            self._drop("plan", key)
            lines = [list(column) for column in zip(*made.lines(), strict=True)]
            self._insert(home, "plan", [site, kind, period], lines)
        self._do(site, kind, period, made)
        self._mark(site, kind, period, CLOSED)
        self._drop("plan", key)

    def _do(self, site: str, kind: str, period: int, plan: Plan) -> None:
        home = self._cluster.shard_of(site)
        rows = [
            (k, r.panel, p, r.block, r.label, period, r.visits, r.views)
            for k, p in roll_ups(kind, period)
            for r in plan.rows
        ]
        if rows:
            self._insert(home, "sealed", [site], [list(column) for column in zip(*rows, strict=True)])
        for target, when in sorted({piece[:2] for piece in plan.pieces}):
            kept = [(day, *piece) for k, p, day, piece in plan.pieces if (k, p) == (target, when)]
            self._insert(
                home, "piece", [site, target, when, period], [list(c) for c in zip(*kept, strict=True)]
            )
        for shard in {shard for shard, _, _ in plan.batches}:
            ids: list[list[Any]] = [
                [id for s, id, _ in plan.batches if s == shard],
                [d for s, _, d in plan.batches if s == shard],
            ]
            self._insert(shard, "batch", [site], ids)
        # A flush that asks whether its batch was taken may ask any replica.
        self._cluster.settle("sealed", "piece", "batch")
        for slot in plan.slots:
            self._drop("open_cell", {"site": site, "slot": slot})
        if kind != "d":
            self._drop("piece", {"site": site, "kind": kind, "period": period})

    def _insert(self, shard: int, table: str, first: list[Any], columns: list[list[Any]]) -> None:
        size = len(columns[0])
        whole = [[value] * size for value in first] + columns
        self._cluster.on(shard, lambda node: node.insert(table, whole))

    def _mark(self, site: str, kind: str, period: int, state: int) -> None:
        columns: list[list[Any]] = [[site], [kind], [period], [state]]
        self._cluster.each(lambda node: node.insert("mark", columns))
        self._cluster.settle("mark")

    def _drop(self, table: str, key: dict[str, Any]) -> None:
        """Destroy the partition of this key. Nothing where no server has such a row: taking one away is not cheap."""
        where = " AND ".join(f"{name} = %({name})s" for name in key)
        if self._cluster.ask(f"SELECT 1 FROM {table} WHERE {where} LIMIT 1", key):  # noqa: S608 - our own words
            self._cluster.drop_of_site(table, *key.values())


def cells_of(found: Found) -> list[tuple[str, str, int, int]]:
    """(panel, label, visits, views) over all shards, slots and days, without the rows that name batches."""
    sums: dict[Cell, Count] = {}
    for _, _, _, panel, label, visits, views in found:
        if panel:
            sums[panel, label] = sums.get((panel, label), Count()).plus(Count(visits, views))
    return [(*cell, *count) for cell, count in sums.items()]


def _batches(found: Found) -> list[tuple[int, str, int]]:
    return sorted((shard, label, day) for shard, _, day, panel, label, _, _ in found if not panel)
