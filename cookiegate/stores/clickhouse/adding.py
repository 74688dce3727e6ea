"""A flush, counted once, without transactions.

The cells of a day go into one slot as one block, with a row that names the batch. Before and after, the marks of
closings are read: no mark afterwards means that the block was there before any closing read the slot. With a mark
the flush is not acknowledged; its next try finds the batch where the closing noted what it took, or in a slot
that is open, or knows that it is nowhere and adds it anew. Replicas drop a block they have had, so a try whose
answer was lost counts once too.
"""

from __future__ import annotations

import threading
from typing import Any

from ...core.counts import split_weight
from ...errors import StoreError
from ..contract import Batch
from .cluster import Cluster
from .marks import QUERY, Marks
from .node import PATIENCE, Node

IN_SLOTS = """
SELECT day, slot FROM open_cell WHERE site = %(site)s AND day IN %(days)s AND panel = '' AND label = %(id)s
"""
IN_LEDGER = "SELECT day FROM batch WHERE site = %(site)s AND id = %(id)s"

Slots = dict[int, int]
"""Of each day, the slot that its cells went into."""


class Adder:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._tried: dict[str, Slots] = {}
        self._guard = threading.Lock()

    def begin_anew(self) -> None:
        """In the child of a fork: what was tried the parent tries again."""
        self._guard, self._tried = threading.Lock(), {}

    def add(self, batch: Batch) -> bool:
        return self._cluster.on(self._cluster.shard_of(batch.id), lambda node: self._add(node, batch))

    def _add(self, node: Node, batch: Batch) -> bool:
        marks = _marks(node, batch.site)
        tried = self._tried.get(batch.id, {})
        done = self._counted(node, batch, marks)
        slots = {day: marks.slot(day) for day in batch.days if day not in done}
        if any(tried.get(day, slot) != slot for day, slot in slots.items()):
            # Closed since the last try, whose answer was lost: this replica may not have that block yet.
            if any(marks.unsettled(slot) for slot in tried.values()):
                raise _being_sealed()
            node.ask("SYSTEM SYNC REPLICA open_cell", receive_timeout=int(PATIENCE))
            done |= self._counted(node, batch, marks)
            slots = {day: slot for day, slot in slots.items() if day not in done}
        if slots:
            self._insert(node, batch, slots, tried)
        with self._guard:
            self._tried.pop(batch.id, None)
        return bool(slots)

    def _insert(self, node: Node, batch: Batch, slots: Slots, tried: Slots) -> None:
        with self._guard:
            self._tried[batch.id] = tried | slots
        node.insert("open_cell", _columns(batch, slots))
        marks = _marks(node, batch.site)
        if any(marks.slot(day) != slot for day, slot in slots.items()):
            raise _being_sealed()

    @staticmethod
    def _counted(node: Node, batch: Batch, marks: Marks) -> set[int]:
        """The days of this batch that are counted already. Raises StoreError where a closing decides it."""
        values = {"site": batch.site, "id": batch.id, "days": tuple(batch.days)}
        done = {day for (day,) in node.ask(IN_LEDGER, values)}
        for day, slot in node.ask(IN_SLOTS, values):
            if day not in done and marks.unsettled(slot):
                raise _being_sealed()
            done.add(day)
        return done


def _marks(node: Node, site: str) -> Marks:
    return Marks.of(node.ask(QUERY, {"site": site}))


def _being_sealed() -> StoreError:
    return StoreError("a day of these counts is being sealed: they are tried again")


def _columns(batch: Batch, slots: Slots) -> list[list[Any]]:
    days, panels, labels = sorted(slots), [""] * len(slots), [batch.id] * len(slots)
    visits, views = [0] * len(slots), [1] * len(slots)
    for day in sorted(slots):
        cells = sorted(batch.days[day].items())
        days += [day] * len(cells)
        panels += [panel for (panel, _), _ in cells]
        labels += [label for (_, label), _ in cells]
        pairs = [split_weight(weight) for _, weight in cells]
        visits += [pair[0] for pair in pairs]
        views += [pair[1] for pair in pairs]
    size = len(days)
    where = [slots[day] for day in days]
    return [[batch.site] * size, where, days, panels, labels, [batch.id] * size, visits, views]
