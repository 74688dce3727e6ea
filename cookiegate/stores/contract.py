"""What every store of counts does, and what passes between it and the rest.

Danger: a type here that could hold a visit would sooner or later be asked to. There are cells, pieces and rows.

A store keeps four things of a site: *open* cells of days that are not sealed yet; *pieces*, what sealed days hid
until their week or month closes; *rows*, published for good; and a *ledger* of batches, so that a retry never
counts twice. Each method is one transaction, and raises StoreError where it did nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ..core.counts import Cell, split_weight
from ..core.sealing import Count, DaySeal, Piece, Row, pieces_of, week
from ..core.sealing.periods import WEEK, month_of, next_month, week_of

LATE = week.LATE
"""The day of a piece that came after its day was sealed."""

BATCH_DAYS = 62
"""Batches are remembered this long: a node that was cut off longer drops what it has."""

Dated = tuple[int, Piece]
DatedRow = tuple[int, Row]

SealDay = Callable[[Mapping[Cell, Count]], DaySeal]
SealWeek = Callable[[list[Dated], list[DatedRow]], list[Row]]
SealMonth = Callable[[list[Piece]], list[Row]]


@dataclass(frozen=True, slots=True)
class Batch:
    """One flush: `days` maps a day (since 1970, in the site's time zone) to cells and their weights. `id` is
    drawn once and kept over retries; `sent` is the day of the flush."""

    id: str
    site: str
    days: Mapping[int, Mapping[Cell, int]]
    sent: int

    def __len__(self) -> int:
        return sum(map(len, self.days.values()))

    def rows(self) -> Iterator[tuple[int, str, str, int, int]]:
        """(day, panel, label, visits, views), sorted: two nodes lock rows in the same order."""
        for day, cells in sorted(self.days.items()):
            for (panel, label), weight in sorted(cells.items()):
                yield (day, panel, label, *split_weight(weight))


class Sum(NamedTuple):
    """A label's figure over a range of days, of all sealed pieces in it."""

    block: str
    label: str
    visits: int
    views: int


class Store(Protocol):
    """`site` names a site everywhere. Days, weeks and months are numbers as `core.sealing.periods` has them."""

    def add(self, batch: Batch) -> bool:
        """Add a batch's cells, or none. False where this batch was added before. What belongs to a sealed day, or
        to any day of a closed week, becomes pieces of the first week that is open."""
        ...

    def sites(self) -> list[str]: ...

    def open_days(self, site: str) -> list[int]: ...

    def cells(self, site: str, day: int) -> dict[Cell, Count]:
        """The exact cells of an open day."""
        ...

    def close_day(self, site: str, day: int, seal: SealDay) -> None:
        """Give `seal` the open cells, publish its rows, keep its pieces, destroy the cells: in one transaction,
        so that no flush comes between. Nothing where the day is closed. Where its week is, the cells are late:
        they become pieces as `add` has it, and `seal` is not asked."""
        ...

    def open_weeks(self, site: str) -> list[int]:
        """Weeks that have a closed day or a piece and are not closed themselves."""
        ...

    def week(self, site: str, week: int) -> tuple[list[Dated], list[DatedRow]]:
        """The pieces of an open week, and the rows of its days."""
        ...

    def close_week(self, site: str, week: int, seal: SealWeek) -> None:
        """Give `seal` the pieces and the rows of the days, publish its rows, destroy the pieces, likewise."""
        ...

    def open_months(self, site: str) -> list[int]:
        """Months that have a piece and are not closed."""
        ...

    def month(self, site: str, month: int) -> list[Piece]: ...

    def close_month(self, site: str, month: int, seal: SealMonth) -> None: ...

    def rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        """The sealed rows of a panel by day, both ends included."""
        ...

    def week_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]:
        """What weeks that lie wholly in the range added, by their Monday."""
        ...

    def month_rows(self, site: str, panel: str, first: int, last: int) -> list[DatedRow]: ...

    def sums(self, site: str, panel: str, first: int, last: int) -> list[Sum]:
        """Rows of days and of whole weeks in the range, added up by block and label."""
        ...

    def days_told(
        self, site: str, panel: str, first: int, last: int, labels: Sequence[str] | None = None
    ) -> dict[str, int]:
        """On how many days of the range a label has a row outside of blocks; of these labels alone where they are
        given."""
        ...

    def top(self, site: str, panel: str, first: int, last: int, limit: int) -> list[Sum]:
        """The labels of most visits over all blocks, groups left out."""
        ...

    def last_closed(self, site: str) -> int | None:
        """The last day of this site that is closed."""
        ...

    def prune(self, site: str, before: int, today: int) -> int:
        """Delete this site's rows of days and weeks before this day, pieces of its closed weeks and months (which
        earlier versions left there), and all batches that are `BATCH_DAYS` old today. Returns how many rows."""
        ...

    def lock(self) -> AbstractContextManager[bool]:
        """Held by one sealer at a time: yields False where another one holds it."""
        ...

    def check(self) -> str | None:
        """What is wrong with the store, in one sentence, or None."""
        ...

    def inventory(self) -> list[tuple[str, str]]:
        """Every (table, column) that there is, read from the store itself."""
        ...

    def migrate(self) -> list[str]:
        """Make the tables, or bring them to this version's format. Returns what was done, in sentences."""
        ...

    def begin_anew(self) -> None:
        """In the child of a fork, before anything else: connections and locks are the parent's, and are let go of
        without a word to the server. Never raises."""
        ...

    def close(self) -> None: ...


def forgotten_before(before: int) -> int:
    """The first day of which is still known that it is closed, where rows are kept from `before` on: a Monday,
    since a week that knew its days and not itself would close again and again."""
    return week_of(before - WEEK)


def week_for(day: int, last_closed: int | None) -> int:
    """The week that takes a late flush of this day: its own, or the first that is open."""
    own = week_of(day)
    return own if last_closed is None or own > last_closed else last_closed + WEEK


def month_for(day: int, last_closed: int | None) -> int:
    """The month that takes the uniques of a month of this day, or the late ones that wait with the week of this
    Monday: its own, or the first that is open."""
    own = month_of(day)
    return own if last_closed is None or own > last_closed else next_month(last_closed)


def late_pieces(rows: Iterable[tuple[str, str, int, int]]) -> list[Piece]:
    """Pieces of (panel, label, visits, views)."""
    return pieces_of({(panel, label): Count(visits, views) for panel, label, visits, views in rows})


def period_of(piece: Piece, day: int, month: int) -> tuple[str, int]:
    """("w", Monday) or, for the uniques of a month, ("m", `month`) that a day's piece waits for. Both must be open:
    nothing takes up, nor destroys, what lies in a closed one."""
    return ("m", month) if piece.panel == "unique:month" else ("w", week_of(day))
