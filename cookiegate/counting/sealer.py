"""The sealer: closes days, weeks and months whose time is over, one sealer at a time over all nodes.

Each step reads, computes and publishes in one transaction of the store, and a closed period stays as it is. So a
crash in the middle, or two sealers after all, change nothing: the next run goes on where this one ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..core.sealing import Rule, seal_day, seal_week
from ..core.sealing.periods import WEEK, date_of, month_of, next_month, week_of
from ..core.sealing.uniques import EndedMonth, Figure, WeekOfMonth, seal_month
from ..errors import StoreError
from ..stores import Store
from .bounds import bounded

UNIQUES = "unique:week"
GRACE = 2 * 3600
"""Seconds after midnight in which flushes still count for yesterday: longer than the outage that buffers bridge
without loss."""

LEAP = 62
"""Days from one sealed day to the next that a clock is believed without more."""

ENOUGH_DAYS = 3
"""Days with counts beyond a leap after which the clock is believed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One period to close."""

    site: str
    kind: str
    period: int

    def __str__(self) -> str:
        kind = {"d": "day", "w": "week from", "m": "month from"}[self.kind]
        return f"{kind} {date_of(self.period).isoformat()}, {self.site}"


class Sealer:
    """Of one site: another that shares the store has its own smallest number, time zone and months. `last_day` gives
    the last day that is over, grace included; `months` is how long rows are kept."""

    def __init__(
        self, store: Store, site: str, rule: Rule, *, last_day: Callable[[], int], months: int = 25
    ) -> None:
        self._store = store
        self._site = site
        self._rule = rule
        self._last_day = last_day
        self._months = months
        self._pruned: tuple[int, int] | None = None
        self.closed = 0
        """Periods that this sealer has closed."""
        self.last_closed: int | None = None
        """The last of the days among them."""

    def run(self, progress: Callable[[Step], None] | None = None, *, trusting: bool = False) -> int:
        """Close all that is over, then prune. Returns how many periods were closed; 0 where another sealer is
        at work. Raises StoreError, also where the clock cannot be right; `trusting` believes it."""
        done = 0
        with self._store.lock() as held:
            if not held:
                return 0
            if not trusting:
                self._check_clock()
            for step in self.steps():
                self._close(step)
                done += 1
                if progress is not None:
                    progress(step)
            due = self.kept_from(), self._last_day() + 1
            if due != self._pruned:
                self._store.prune(self._site, *due)
                self._pruned = due
        return done

    def prune(self, *, trusting: bool = False) -> int | None:
        """Delete what was kept long enough. Returns how many rows; None where another sealer is at work. Raises
        StoreError as `run` does."""
        with self._store.lock() as held:
            if not held:
                return None
            if not trusting:
                self._check_clock()
            return self._store.prune(self._site, self.kept_from(), self._last_day() + 1)

    def steps(self) -> Iterator[Step]:
        """What is to be closed, days before the weeks and months that they belong to."""
        last, site = self._last_day(), self._site
        for day in self._store.open_days(site):
            if day <= last:
                yield Step(site, "d", day)
        for week in self._store.open_weeks(site):
            if week + WEEK - 1 <= last:
                yield Step(site, "w", week)
        for month in self._store.open_months(site):
            if next_month(month) - 1 <= last:
                yield Step(site, "m", month)

    def kept_from(self) -> int:
        """The first day that is kept: the first of a month, so that months stay whole, and none is kept longer than
        it may be."""
        month = month_of(self._last_day() + 1)
        for _ in range(self._months - 1):
            month = month_of(month - 1)
        return month

    def _check_clock(self) -> None:
        """A clock that is years ahead would close today and delete figures before their time. A site that was away
        as long counts again on one day after another, which a wrong clock does not go on to do."""
        closed, last = self._store.last_closed(self._site), self._last_day()
        if closed is None or last - closed <= LEAP:
            return
        since = [day for day in self._store.open_days(self._site) if day > closed + LEAP]
        if len(since) < ENOUGH_DAYS:
            raise StoreError(
                f"this machine's clock says that {date_of(last)} is over, and the last sealed day of {self._site} is "
                f"{date_of(closed)}; where the clock is right, run cookiegate seal --trust-clock, or wait "
                f"until {ENOUGH_DAYS} days have been counted"
            )

    def _close(self, step: Step) -> None:
        self._close_period(step)
        self.closed += 1
        if step.kind == "d":
            self.last_closed = max(step.period, self.last_closed or step.period)

    def _close_period(self, step: Step) -> None:
        store, site, period = self._store, step.site, step.period
        if step.kind == "d":
            store.close_day(site, period, lambda cells: seal_day(bounded(cells), self._rule))
        elif step.kind == "w":
            ended = self._ended_month(site, period)
            store.close_week(site, period, lambda pieces, rows: seal_week(pieces, rows, self._rule, ended))
        else:
            weeks = self._weeks_of(site, period)
            store.close_month(site, period, lambda pieces: seal_month(pieces, weeks, self._rule))

    def _ended_month(self, site: str, week: int) -> EndedMonth | None:
        """The month that ended within the week, if it is published."""
        begun = month_of(week + WEEK - 1)
        if begun <= week:
            return None
        ended = month_of(begun - 1)
        rows = self._store.month_rows(site, "unique:month", ended, ended)
        figure = next((row.visits for _, row in rows), None)
        return EndedMonth(figure, self._days(site, begun, week + WEEK - 1))

    def _weeks_of(self, site: str, month: int) -> list[WeekOfMonth]:
        """What is published of each week that has a day in this month. The last week may go on after the month: it
        counts as hidden until its visitors are enough to be shown, which they then stay."""
        first, end = week_of(month), next_month(month)
        last = week_of(end - 1)
        rows = self._store.week_rows(site, UNIQUES, first, last + WEEK - 1)
        shown: dict[int, int] = {week: row.visits for week, row in rows}
        if last not in shown:
            pieces, _ = self._store.week(site, last)
            so_far = sum(piece.visits for _, piece in pieces if piece.panel == UNIQUES)
            if so_far >= self._rule.k:
                shown[last] = so_far
        found = []
        for week in range(first, last + 1, WEEK):
            days = self._days(site, week, week + WEEK - 1)
            start, stop = max(month - week, 0), min(end - week, WEEK)
            found.append(WeekOfMonth(shown.get(week), days[start:stop], days[:start] + days[stop:]))
        return found

    def _days(self, site: str, first: int, last: int) -> list[Figure]:
        rows = self._store.rows(site, "unique:day", first, last)
        shown = {day: row.visits for day, row in rows}
        return [shown.get(day) for day in range(first, last + 1)]
