"""Uniques of days, weeks and months are published from k on, and none tells what another hides."""

from __future__ import annotations

import random
from datetime import date

import pytest

from cookiegate.core.counts import VISIT, periods_new_to
from cookiegate.core.sealing import Count, Piece, Rule, seal_day, seal_week
from cookiegate.core.sealing.day import DAY_HIDDEN
from cookiegate.core.sealing.periods import WEEK, day_of, month_of, next_month, week_of
from cookiegate.core.sealing.uniques import EndedMonth, WeekOfMonth, seal_month
from cookiegate.counting import Sealer
from cookiegate.stores import Batch, MemoryStore

from .attacker import WIDE, Equations, add_limit

K = 10
RULE = Rule(K)


def days_of(kind, rng, number):
    """(unique on the day, new in the period) of each day: all new, hardly any, or at the edges of the rules."""
    for _ in range(number):
        today = rng.choice({"edge": (K - 1, K - 1, K, 0, 1, 40), "small": (0, 3, 9), "any": range(60)}[kind])
        yield today, today if kind == "edge" and rng.random() < 0.8 else rng.randint(0, today)


def published(days, period):
    """What is published of these days and of their period: [figure or None of each day], figure or None."""
    seals = [
        seal_day({("unique:day", ""): Count(u, u), (f"unique:{period}", ""): Count(new, new)}, RULE)
        for u, new in days
    ]
    shown = [next((row.visits for row in seal.rows), None) for seal in seals]
    pieces = [(day, piece) for day, seal in enumerate(seals) for piece in seal.pieces]
    rows = seal_week(pieces, [], RULE) if period == "week" else seal_month([p for _, p in pieces], [], RULE)
    return shown, next((row.visits for row in rows), None)


def interval(shown, whole):
    """What anyone can work out of one hidden day: a period has no more visitors than its days together, and
    each hidden day has fewer than k."""
    hidden = shown.count(None)
    excess = (whole or 0) - sum(figure for figure in shown if figure is not None)
    return max(0, excess - (hidden - 1) * (K - 1)), K - 1


def test_no_hidden_day_is_told_by_its_week_or_month():
    rng = random.Random(11)
    told = 0
    for turn in range(3000):
        kind, period = rng.choice(("edge", "small", "any")), rng.choice(("week", "month"))
        shown, whole = published(list(days_of(kind, rng, 7 if period == "week" else 30)), period)
        told += whole is not None
        if None in shown:
            low, high = interval(shown, whole)
            assert high - low >= RULE.width, (turn, shown, whole)
    assert told > 1000


def test_a_week_of_new_visitors_alone_would_tell_and_is_withheld():
    shown, whole = published([(50, 50)] * 6 + [(K - 1, K - 1)], "week")
    assert shown == [50] * 6 + [None]
    assert whole is None


def month_of_weeks(rng):
    """The published uniques of four or five weeks, None below k, and how many visitors the month has: mostly all
    of them new, so that its figure is nearly the sum of its weeks'."""
    sizes = [rng.choice((0, 2, 5, K - 1, K - 1, K, 30, 200)) for _ in range(rng.choice((4, 5)))]
    visitors = max(*sizes, sum(sizes) - rng.choice((0, 0, 1, 2, 8, 40)))
    return sizes, [size if size >= K else None for size in sizes], visitors


def test_no_hidden_week_is_told_by_its_month():
    rng = random.Random(12)
    told = would_tell = 0
    for turn in range(3000):
        _, weeks, visitors = month_of_weeks(rng)
        days = [
            Piece("unique:month", "", DAY_HIDDEN, "", visitors // 30 + (day < visitors % 30), 0)
            for day in range(30)
        ]
        rows = seal_month(days, [WeekOfMonth(week, [50] * 7) for week in weeks], RULE)
        told += bool(rows)
        would_tell += len(rows) < len(seal_month(days, [], RULE))
        if rows and None in weeks:
            low, high = interval(weeks, rows[0].visits)
            assert high - low >= RULE.width, (turn, weeks, visitors)
    assert told > 1000
    assert would_tell > 100


JUNE = [WeekOfMonth(27, [27, *[None] * 6]) for _ in range(4)]
"""Four weeks of 27 visitors, who came on Monday."""


@pytest.mark.parametrize(("visitors", "told"), [(162, True), (163, False), (167, False)])
def test_a_month_is_weighed_against_weeks_and_days_in_one_cover(visitors, told):
    """108 in four weeks, 50 on Monday the 29th: what the month has more, the 30th has at least."""
    weeks = [*JUNE, WeekOfMonth(59, [50, None], [None] * 5)]
    pieces = [Piece("unique:month", "", DAY_HIDDEN, "", n, 0) for n in [5] * 30 + [visitors - 150]]
    assert bool(seal_month(pieces, weeks, RULE)) is told


@pytest.mark.parametrize(("visitors", "told"), [(44, True), (45, False)])
def test_a_week_across_the_edge_is_weighed_against_the_month_that_ended(visitors, told):
    pieces = [(0, Piece("unique:week", "", "+", "", visitors, 90))]
    rows = seal_week(pieces, [], RULE, EndedMonth(30, [10, None]))
    assert bool(rows) is told


@pytest.mark.parametrize(("visitors", "told"), [(40, False), (45, False), (46, True)])
def test_a_month_is_weighed_against_the_week_that_began_before_it(visitors, told):
    weeks = [WeekOfMonth(60, [40, 40], [10, None]), *[WeekOfMonth(40, [40] * 7)] * 4]
    pieces = [Piece("unique:month", "", "+", "", visitors, 400)]
    assert bool(seal_month(pieces, weeks, RULE)) is told


def visits_of(rng, first, number):
    """{day: visitors}. Most come once, so that every cover is nearly exact; days at the edges of the rules."""
    if rng.random() < 0.3:
        return visits_of_mondays(rng, first, number)
    found, known = {}, 0
    sizes = rng.choice(((0, 1, 5, K - 1, K - 1, K, 12), (0, 0, 3, K - 1, 40), (2, 8, 9, 9, 60)))
    faithful = rng.choice((0.0, 0.0, 0.1, 0.5))
    for day in range(first, first + number):
        today = set()
        for _ in range(rng.choice(sizes) if rng.random() < 0.8 else 0):
            if known and rng.random() < faithful:
                today.add(rng.randrange(known))
            else:
                today.add(known)
                known += 1
        found[day] = today
    return found


def visits_of_mondays(rng, first, number):
    """Weeks of visitors who came on Monday, a few of whom came again with somebody new: each such week is all in one
    figure. On the last days of a month that ends within a week everybody is new."""
    found, known, regular = {}, 0, rng.choice((12, 27, 40))
    for day in range(first, first + number):
        month, monday = month_of(day), week_of(day)
        if day != monday and (month_of(monday + WEEK - 1) == month or month_of(monday) != month):
            found[day] = set(range(max(0, known - 2), known + 1))
            known += 1
            continue
        today = regular if month_of(monday + WEEK - 1) == month else rng.choice((K - 1, 50))
        found[day] = set(range(known, known + today))
        known += today
    return found


def sealed(visits, last):
    """All that is published of these visits, sealed day by day or all at once."""
    store = MemoryStore()
    counted: dict[int, int] = {}
    for day, visitors in visits.items():
        cells = {("hour", "10"): 100 * VISIT}
        for one in visitors:
            for period in periods_new_to(counted.get(one), day):
                cell = (f"unique:{period}", "")
                cells[cell] = cells.get(cell, 0) + VISIT
            counted[one] = day
        store.add(Batch(str(day), "s", {day: cells}, day))
    Sealer(store, "s", RULE, last_day=lambda: last).run(trusting=True)
    kinds = {"day": store.rows, "week": store.week_rows, "month": store.month_rows}
    return {
        (kind, at): row.visits
        for kind, read in kinds.items()
        for at, row in read("s", f"unique:{kind}", 0, last)
    }


def equations_of(visits, told):
    """What everyone knows of visitors: those of a part are among those of the whole, and all of the whole are in
    parts that cover it. A week across the edge of a month has two parts."""
    equations = Equations()
    parts: dict[object, set[object]] = {}
    for day in visits:
        part = ("part", week_of(day), month_of(day))
        for whole, one in (
            (part, ("day", day)),
            (("week", week_of(day)), part),
            (("month", month_of(day)), part),
        ):
            parts.setdefault(whole, set()).add(one)
    for name in {*parts, *(one for some in parts.values() for one in some)}:
        low, high = (told[name], told[name]) if name in told else (0, K - 1 if name[0] == "day" else None)
        equations.variable(name, low, high)
    for whole, some in parts.items():
        for one in some:
            add_limit(equations, [one], whole)
        at = [(equations.places[one], 1.0) for one in some]
        rest = equations.variable(("cover", whole))
        equations.sums.append(([*at, (equations.places[whole], -1.0), (rest, -1.0)], 0.0))
    return equations


def test_nobody_is_told_by_days_weeks_and_months_together():
    rng = random.Random(13)
    first = day_of(date(2026, 5, 1))
    last = next_month(next_month(first)) + 2 * WEEK
    cells = exact = near = published_months = 0
    for turn in range(40):
        visits = visits_of(rng, first, last - first - WEEK)
        told = sealed(visits, last)
        published_months += sum(kind == "month" for kind, _ in told)
        wanted = [
            ("day", day) for day, some in visits.items() if 0 < len(some) < K and ("day", day) not in told
        ]
        if not wanted:
            continue
        for name, (low, high) in equations_of(visits, told).intervals(wanted, turn).items():
            if high - low < WIDE:
                assert low - 1e-6 <= len(visits[name[1]]) <= high + 1e-6
            cells += 1
            exact += high - low < 1 - 1e-6
            near += high - low <= 2 + 1e-6
    assert cells > 500
    assert published_months > 10
    assert exact == 0
    assert near <= cells * 0.02
