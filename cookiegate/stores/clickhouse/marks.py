"""What of a site is closed or being closed, and where a flush belongs by that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...core.sealing.periods import week_of
from ..contract import month_for, week_for

CLOSING, CLOSED = 1, 2
QUERY = "SELECT kind, period, max(state) FROM mark WHERE site = %(site)s GROUP BY kind, period"


@dataclass(slots=True)
class Marks:
    """The state of each (kind, period) that has one."""

    states: dict[tuple[str, int], int] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[str, int, int]]) -> Marks:
        """Of (kind, period, state) from one shard or several: the furthest state counts."""
        states: dict[tuple[str, int], int] = {}
        for kind, period, state in rows:
            states[kind, period] = max(state, states.get((kind, period), 0))
        return cls(states)

    def state(self, kind: str, period: int) -> int:
        return self.states.get((kind, period), 0)

    def closed(self, kind: str, state: int = CLOSED) -> list[int]:
        return sorted(period for (k, period), s in self.states.items() if k == kind and s >= state)

    def is_open(self, day: int) -> bool:
        """No closing has begun of this day, nor of its week without it."""
        return not self.state("d", day) and not self.state("w", week_of(day))

    def slot(self, day: int) -> int:
        """Where a flush of this day goes now."""
        if self.is_open(day):
            return day
        return slot_of_week(week_for(day, max(self.closed("w", CLOSING), default=None)))

    def state_of_slot(self, slot: int) -> int:
        return self.state("d", slot) if slot >= 0 else self.state("w", week_of_slot(slot))

    def is_late(self, slot: int) -> bool:
        """What is found in this slot is a late flush. A day that its week's closing left out is late when that has
        ended: what that closing has not read is the next week's."""
        return slot < 0 or CLOSED in (self.state("d", slot), self.state("w", week_of(slot)))

    def week_of_late(self, slot: int) -> int:
        """The week that closes over what is in a late slot."""
        week = week_of_slot(slot) if slot < 0 else week_of(slot)
        return week_for(week, max(self.closed("w"), default=None))

    def month_for(self, day: int) -> int:
        """The month that takes a day's uniques of the month, or the late ones of the week of this Monday: its own, or
        the first that no closing has begun of."""
        return month_for(day, max(self.closed("m", CLOSING), default=None))

    def unsettled(self, slot: int) -> bool:
        """A closing is at work that may or may not have seen what is in this slot."""
        if self.state_of_slot(slot) == CLOSING:
            return True
        return self.is_late(slot) and any(
            kind == "w" and s == CLOSING for (kind, _), s in self.states.items()
        )


def slot_of_week(week: int) -> int:
    return -1 - week


def week_of_slot(slot: int) -> int:
    return -1 - slot
