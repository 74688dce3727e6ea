"""What a closing is going to do. It is written down whole before any of it is done, and doing it twice does no
more than doing it once: that is what makes a closing exact without transactions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...core.sealing import Piece, Row
from ...core.sealing.periods import month_of, week_of

Line = tuple[str, int, int, str, str, str, str, int, int]
"""what, number, day, panel, block, group, label, visits, views."""

KeptPiece = tuple[str, int, int, Piece]
"""Kind and period that the piece waits for, its day, and the piece."""


@dataclass(slots=True)
class Plan:
    """`slots` and `periods` are destroyed; `batches` of (shard, id, day) were in those slots."""

    rows: list[Row] = field(default_factory=list)
    pieces: list[KeptPiece] = field(default_factory=list)
    batches: list[tuple[int, str, int]] = field(default_factory=list)
    slots: list[int] = field(default_factory=list)

    def lines(self) -> list[Line]:
        found: list[Line] = [
            ("row", 0, 0, r.panel, r.block, "", r.label, r.visits, r.views) for r in self.rows
        ]
        found += [(f"piece {kind}", period, day, *piece) for kind, period, day, piece in self.pieces]
        found += [("batch", shard, day, "", "", "", id, 0, 0) for shard, id, day in self.batches]
        found += [("slot", slot, 0, "", "", "", "", 0, 0) for slot in self.slots]
        return [*found, ("end", len(found), 0, "", "", "", "", 0, 0)]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Plan | None:
        """None where the plan was not written to its end."""
        plan, read, end = cls(), 0, None
        for what, number, day, panel, block, group, label, visits, views in lines:
            read += what != "end"
            if what == "row":
                plan.rows.append(Row(panel, block, label, visits, views))
            elif what.startswith("piece "):
                plan.pieces.append((what[6:], number, day, Piece(panel, block, group, label, visits, views)))
            elif what == "batch":
                plan.batches.append((number, label, day))
            elif what == "slot":
                plan.slots.append(number)
            else:
                end = number
        return plan if read == end else None


def roll_ups(kind: str, period: int) -> list[tuple[str, int]]:
    """The kinds and periods that a closed period's rows are published under."""
    if kind != "d":
        return [(kind, period)]
    return [("d", period), ("r", month_of(period)), ("v", week_of(period))]
