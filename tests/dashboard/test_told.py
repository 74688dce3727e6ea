"""The least and the most that a label's visits can be, where a week has released a part of them."""

from __future__ import annotations

import pytest

from cookiegate.core.sealing import Count, Rule, seal_day, seal_week
from cookiegate.dashboard.period import Days
from cookiegate.dashboard.reading import Reader
from cookiegate.dashboard.told import label_bounds
from cookiegate.stores import MemoryStore

from .conftest import SITE
from .test_attack import MONDAY

RULE = Rule(10)
PANEL = "prompt:withdrawn:language"
OTHERS = {"big": 50, "b": 4, "c": 3, "d": 3, "e": 3, "f": 3}


def reader_of(days):
    """Of a week of withdrawals by language, each day with its visits."""
    store = MemoryStore()
    cells = [
        {("hour", "10"): Count(100, 100)} | {(PANEL, label): Count(n, n) for label, n in some.items()}
        for some in days
    ]
    seals = [seal_day(day, RULE) for day in cells]
    rows = [(day, row) for day, seal in enumerate(seals) for row in seal.rows]
    pieces = [(day, piece) for day, seal in enumerate(seals) for piece in seal.pieces]
    for day, seal in enumerate(seals):
        store.close_day(SITE, MONDAY + day, lambda _, seal=seal: seal)
    store.close_week(SITE, MONDAY, lambda *_: seal_week(pieces, rows, RULE))
    return Reader(store, SITE, end=MONDAY + 6)


@pytest.mark.parametrize(
    ("told", "withheld", "least"),
    [(6, {"a": 3}, 30), (3, {"a": 5}, 35), (5, {}, 25)],
    ids=["groups alone", "both", "nothing was withheld"],
)
def test_of_days_told_and_days_withheld_a_label_is_at_least_what_is_told(told, withheld, least):
    """What a week has of days that were withheld is no part of what left groups, and may be missing."""
    days = [*[{**OTHERS, "a": 5}] * told, *({**withheld, f"only {day}": 3} for day in range(7 - told))]
    found = label_bounds(reader_of(days), PANEL, "a", Days(MONDAY, MONDAY + 6))
    assert found == (least, None)
    assert found.least <= sum(day.get("a", 0) for day in days)


def test_of_days_that_were_all_withheld_the_week_tells_a_label_whole():
    found = label_bounds(
        reader_of([{"a": 5, f"only {day}": 3} for day in range(7)]), PANEL, "a", Days(MONDAY, MONDAY + 6)
    )
    assert found == (35, 35)
