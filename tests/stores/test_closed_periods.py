"""Counts whose week or month closed without them: they are late, nothing of them stays in what is closed."""

from __future__ import annotations

from datetime import date

import pytest

from cookiegate.core.counts import VISIT
from cookiegate.core.sealing import DaySeal, Piece, Rule
from cookiegate.core.sealing.periods import day_of, next_month
from cookiegate.counting import Sealer
from cookiegate.stores import LATE, Batch, MemoryStore
from cookiegate.stores.sqlite import SqliteStore
from cookiegate.stores.sqlite.open_counts import ADD_PIECE as ADD_TO_SQLITE

SITE = "www.site.test"
MONDAY = day_of(date(2026, 11, 23))
NEXT = MONDAY + 7
"""The last day of November is a Monday."""

NOVEMBER, DECEMBER = day_of(date(2026, 11, 1)), day_of(date(2026, 12, 1))
YEARS_END = day_of(date(2026, 12, 31))
SMALL = Piece("page", "", "", "/rare", 1, 1)


def count(store, *days, visits=40):
    """A day of which something is hidden: a rare page, and few who are new in their week and month."""
    for day in days:
        cells = {("hour", "10"): visits, ("page", "/"): visits - 3, ("page", "/rare"): 3}
        cells |= {("unique:week", ""): 4, ("unique:month", ""): 2}
        weights = {cell: number * VISIT for cell, number in cells.items()}
        store.add(Batch(f"{day}-{visits}", SITE, {day: weights}, day))


def sealer(store, last):
    return Sealer(store, SITE, Rule(10), last_day=lambda: last)


def total(store, panel):
    return sum(found.visits for found in store.sums(SITE, panel, MONDAY, NEXT + 6))


def assert_nothing_is_left(store):
    """Everything is over: no period is open, and none that is closed holds a piece."""
    assert [store.open_days(SITE), store.open_weeks(SITE), store.open_months(SITE)] == [[], [], []]
    for week in range(MONDAY, NEXT + 15, 7):
        assert store.week(SITE, week)[0] == []
    for month in (NOVEMBER, DECEMBER, next_month(DECEMBER)):
        assert store.month(SITE, month) == []
    assert sealer(store, YEARS_END).run() == 0


def test_days_after_a_clock_that_ran_ahead_are_late(store):
    """On Wednesday evening a clock runs ten days ahead for one sealing, and is put right."""
    count(store, MONDAY, MONDAY + 1, MONDAY + 2)
    assert sealer(store, MONDAY + 11).run() == 5  # three days, the week and the month
    count(store, *range(MONDAY + 3, MONDAY + 7))
    assert sealer(store, MONDAY + 6).run() == 0
    assert store.week(SITE, MONDAY)[0] == []
    assert {day for day, _ in store.week(SITE, NEXT)[0]} == {LATE}
    count(store, NEXT)
    assert sealer(store, NEXT).run() == 1
    assert store.month(SITE, NOVEMBER) == []
    assert sealer(store, YEARS_END).run() == 2
    assert (total(store, "total"), total(store, "page")) == (320, 320)
    assert_nothing_is_left(store)


def test_a_day_that_only_a_cut_off_node_had_is_late_after_its_week(store):
    count(store, MONDAY)
    assert sealer(store, MONDAY + 6).run() == 2
    count(store, MONDAY + 1, visits=8)
    count(store, MONDAY + 2, visits=30)
    assert store.open_days(SITE) == []
    assert sealer(store, MONDAY + 6).run() == 0
    assert store.week(SITE, MONDAY)[0] == []
    count(store, NEXT)
    assert sealer(store, YEARS_END).run() == 3  # a day, a week and the month
    assert (total(store, "total"), total(store, "page")) == (118, 118)
    assert_nothing_is_left(store)


def test_a_day_of_an_open_week_leaves_nothing_in_its_closed_month(store):
    """A node that was cut off brings the month's last day, a Monday, on the Tuesday after the month has closed."""
    count(store, NEXT - 1)
    assert sealer(store, NEXT).run() == 3  # a day, a week and the month
    count(store, NEXT)
    assert store.open_days(SITE) == [NEXT]
    assert sealer(store, NEXT).run() == 1
    assert store.open_months(SITE) == [DECEMBER]
    assert sealer(store, YEARS_END).run() == 2
    assert (total(store, "total"), total(store, "page")) == (80, 80)
    assert_nothing_is_left(store)


def test_a_day_that_came_while_its_week_closed_is_late(store):
    count(store, MONDAY)
    store.close_week(SITE, MONDAY, lambda *_: [])
    store.close_day(SITE, MONDAY, lambda _: pytest.fail("sealed as if its week were open"))
    assert store.open_days(SITE) == []
    assert store.cells(SITE, MONDAY) == {}
    assert store.rows(SITE, "page", MONDAY, MONDAY) == []
    late = [(day, piece.visits) for day, piece in store.week(SITE, NEXT)[0] if piece.panel == "hour"]
    assert late == [(LATE, 40)]
    assert sealer(store, YEARS_END).run() == 2  # a week and a month
    assert (total(store, "total"), total(store, "page")) == (40, 40)
    assert_nothing_is_left(store)


def leave(store, kind, period):
    """A piece in a period, whether it is closed or not."""
    if isinstance(store, MemoryStore):
        store._pieces[SITE, kind, period].append((MONDAY, SMALL))
    elif isinstance(store, SqliteStore):
        with store._connection.write() as connection:
            connection.execute(ADD_TO_SQLITE, (SITE, kind, period, MONDAY, *SMALL))
    elif hasattr(store, "_transaction"):
        from sqlalchemy import text

        from cookiegate.stores.postgres_statements import ADD_PIECE as ADD_TO_POSTGRES

        values = {"grp": SMALL.group, **SMALL._asdict()}
        with store._transaction() as connection:
            row = {"site": SITE, "kind": kind, "period": period, "day": MONDAY, **values}
            connection.execute(text(ADD_TO_POSTGRES), row)
    else:
        home = store._cluster.shard_of(SITE)
        columns = [[value] for value in (MONDAY, *SMALL)]
        store._closing._insert(home, "piece", [SITE, kind, period, MONDAY], columns)


def test_what_an_earlier_version_left_in_closed_periods_is_destroyed_by_the_next_sealing(store):
    store.close_day(SITE, MONDAY, lambda _: DaySeal([], []))
    store.close_week(SITE, MONDAY, lambda *_: [])
    store.close_month(SITE, NOVEMBER, lambda _: [])
    for kind, period in (("w", MONDAY), ("w", NEXT), ("m", NOVEMBER), ("m", DECEMBER)):
        leave(store, kind, period)
    assert sealer(store, MONDAY + 6).run() == 0
    assert store.week(SITE, MONDAY)[0] == []
    assert store.month(SITE, NOVEMBER) == []
    assert store.week(SITE, NEXT)[0] == [(MONDAY, SMALL)]  # what waits goes on waiting
    assert store.month(SITE, DECEMBER) == [SMALL]
