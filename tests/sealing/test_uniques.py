"""Uniques of days, weeks and months are published from k on, and none tells what another hides."""

from __future__ import annotations

import random

from cookiegate.core.sealing import Count, Piece, Rule, seal_day, seal_week
from cookiegate.core.sealing.day import DAY_HIDDEN
from cookiegate.core.sealing.week import seal_month

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
        rows = seal_month(days, weeks, RULE)
        told += bool(rows)
        would_tell += len(rows) < len(seal_month(days, [], RULE))
        if rows and None in weeks:
            low, high = interval(weeks, rows[0].visits)
            assert high - low >= RULE.width, (turn, weeks, visitors)
    assert told > 1000
    assert would_tell > 100
