"""What every store does, memory first."""

from __future__ import annotations

import random
import threading
from datetime import date

import pytest

from cookiegate.core.counts import VIEW, VISIT
from cookiegate.core.sealing import Count, DaySeal, Piece, Row, Rule, seal_day
from cookiegate.core.sealing.day import group_label
from cookiegate.core.sealing.periods import day_of, month_of, week_of
from cookiegate.stores import LATE, Batch, Sum

SITE = "www.site.test"
MONDAY = week_of(20_500)
MONTHS_END = day_of(date(2026, 11, 30))
"""A Monday that is the last day of its month."""


def batch(id, day=MONDAY, site=SITE, sent=MONDAY, **cells):
    return Batch(id, site, {day: {("page", label): weight for label, weight in cells.items()}}, sent)


def given(result):
    """A sealing that comes to this whatever it is given."""
    return lambda *_: result


def row(label, visits, panel="page", block=""):
    return Row(panel, block, label, visits, visits)


def test_increments_add_up(store):
    store.add(batch("a", x=VISIT, y=3 * VIEW))
    store.add(batch("b", x=2 * VISIT + VIEW))
    assert store.cells(SITE, MONDAY) == {("page", "x"): Count(3, 4), ("page", "y"): Count(0, 3)}


def test_a_batch_counts_once(store):
    assert store.add(batch("a", x=VISIT))
    assert not store.add(batch("a", x=VISIT))
    assert store.cells(SITE, MONDAY) == {("page", "x"): Count(1, 1)}


def test_equal_batches_with_their_own_ids_count_twice(store):
    store.add(batch("a", x=VISIT))
    store.add(batch("b", x=VISIT))
    assert store.cells(SITE, MONDAY) == {("page", "x"): Count(2, 2)}


def test_sites_and_days_are_apart(store):
    store.add(batch("a", x=VISIT))
    store.add(batch("b", site="other.test", x=VISIT))
    store.add(batch("c", day=MONDAY + 1, x=VISIT))
    assert store.sites() == ["other.test", SITE]
    assert store.open_days(SITE) == [MONDAY, MONDAY + 1]
    assert store.open_days("other.test") == [MONDAY]


def test_a_closed_day_is_published_and_its_cells_are_gone(store):
    store.add(batch("a", x=12 * VISIT, y=VISIT))
    store.close_day(SITE, MONDAY, given(DaySeal([row("x", 12)], [Piece("page", "", "", "y", 1, 1)])))
    assert store.open_days(SITE) == []
    assert store.cells(SITE, MONDAY) == {}
    assert store.rows(SITE, "page", MONDAY, MONDAY) == [(MONDAY, row("x", 12))]
    assert store.week(SITE, MONDAY) == (
        [(MONDAY, Piece("page", "", "", "y", 1, 1))],
        [(MONDAY, row("x", 12))],
    )
    assert store.open_weeks(SITE) == [MONDAY]


def test_closing_twice_publishes_once(store):
    for _ in range(2):
        store.close_day(SITE, MONDAY, given(DaySeal([row("x", 12)], [])))
        store.close_week(SITE, MONDAY, given([row("y", 30)]))
    assert store.sums(SITE, "page", MONDAY, MONDAY + 6) == [Sum("", "x", 12, 12), Sum("", "y", 30, 30)]


def test_late_uniques_of_a_closed_month_wait_for_the_next(store):
    """A week that begins in one month goes on in the next: its late flushes come after that month has closed."""
    month = month_of(week_of(MONTHS_END))
    day = week_of(MONTHS_END)
    store.add(batch("a", day=day, x=VISIT))
    store.close_day(SITE, day, given(DaySeal([], [Piece("unique:month", "", "-", "", 6, 6)])))
    store.close_month(SITE, month, given([]))
    store.add(Batch("late", SITE, {day: {("unique:month", ""): 3 * VISIT}}, day))
    if not store.open_months(SITE):  # ClickHouse looks at what is late when the week closes
        store.close_week(SITE, day, given([]))
    assert store.open_months(SITE) == [month_of(month + 32)]
    assert [(p.panel, p.visits) for p in store.month(SITE, month_of(month + 32))] == [("unique:month", 3)]
    store.close_month(SITE, month_of(month + 32), given([]))
    assert store.open_months(SITE) == []


def test_a_late_flush_waits_in_the_open_week(store):
    store.close_day(SITE, MONDAY, given(DaySeal([], [])))
    store.add(batch("a", x=2 * VISIT))
    store.add(batch("b", x=3 * VISIT))
    assert store.open_days(SITE) == []
    pieces = [(day, piece) for day, piece in store.week(SITE, MONDAY)[0]]
    assert {day for day, _ in pieces} == {LATE}
    assert sum(piece.visits for _, piece in pieces) == 5


def test_a_flush_after_its_week_goes_to_the_next(store):
    store.close_day(SITE, MONDAY, given(DaySeal([], [])))
    store.close_week(SITE, MONDAY, given([]))
    store.add(batch("a", x=VISIT))
    assert store.week(SITE, MONDAY)[0] == []
    assert len(store.week(SITE, MONDAY + 7)[0]) == 1
    assert store.open_weeks(SITE) == [MONDAY + 7]


def test_a_closed_week_forgets_its_pieces(store):
    store.close_day(SITE, MONDAY, given(DaySeal([], [Piece("page", "", "", "y", 1, 1)])))
    store.close_week(SITE, MONDAY, given([row("y", 12)]))
    assert store.open_weeks(SITE) == []
    assert store.week(SITE, MONDAY)[0] == []
    assert store.week_rows(SITE, "page", MONDAY, MONDAY + 6) == [(MONDAY, row("y", 12))]


def test_a_week_counts_only_where_the_range_holds_all_of_it(store):
    store.close_week(SITE, MONDAY, given([row("y", 12)]))
    assert store.week_rows(SITE, "page", MONDAY, MONDAY + 5) == []
    assert store.sums(SITE, "page", MONDAY + 1, MONDAY + 9) == []
    assert store.sums(SITE, "page", MONDAY - 3, MONDAY + 6) == [Sum("", "y", 12, 12)]


def test_uniques_of_a_month_wait_for_it(store):
    month = month_of(MONDAY)
    for day in (month, month + 9):
        store.close_day(SITE, day, given(DaySeal([], [Piece("unique:month", "", "-", "", 6, 6)])))
    assert store.open_months(SITE) == [month]
    assert sum(piece.visits for piece in store.month(SITE, month)) == 12
    store.close_month(SITE, month, given([Row("unique:month", "", "", 12, 12)]))
    assert store.open_months(SITE) == []
    assert store.month_rows(SITE, "unique:month", month, month) == [
        (month, Row("unique:month", "", "", 12, 12))
    ]


def test_days_told_are_counted_by_label(store):
    for place in range(9):
        labels = [label for label in "abc" if place % (ord(label) - ord("a") + 1) == 0]
        rows = [row(label, 12) for label in labels] + [row("d", 12, block="GB")]
        store.close_day(SITE, MONDAY + place, given(DaySeal(rows, [])))
    assert store.days_told(SITE, "page", MONDAY, MONDAY + 6) == {"a": 7, "b": 4, "c": 3}
    assert store.days_told(SITE, "page", MONDAY + 1, MONDAY + 6, ["a", "c", "x"]) == {"a": 6, "c": 2}
    assert store.days_told(SITE, "page", MONDAY, MONDAY + 6, []) == {}
    assert store.days_told(SITE, "hour", MONDAY, MONDAY + 6) == {}


def test_sums_agree_with_rows_over_any_range(store):
    rng = random.Random(7)
    first = day_of(date(2026, 1, 15))
    for day in range(first, first + 120):
        rows = [row(label, rng.randint(10, 99), block=block) for label in "abc" for block in ("", "GB")]
        store.close_day(SITE, day, given(DaySeal(rows, [])))
    for _ in range(40):
        start = rng.randrange(first - 5, first + 120)
        end = start + rng.randrange(0, 110)
        wanted: dict[tuple[str, str], int] = {}
        for _, found in store.rows(SITE, "page", start, end):
            wanted[found.block, found.label] = wanted.get((found.block, found.label), 0) + found.visits
        assert {(s.block, s.label): s.visits for s in store.sums(SITE, "page", start, end)} == wanted


def test_top_leaves_groups_out(store):
    rows = [row("a", 20), row("b", 30), row("b", 5, block="GB"), row(group_label("", ("a",)), 90)]
    store.close_day(SITE, MONDAY, given(DaySeal(rows, [])))
    assert store.top(SITE, "page", MONDAY, MONDAY, 5) == [Sum("", "b", 35, 35), Sum("", "a", 20, 20)]
    assert store.top(SITE, "page", MONDAY, MONDAY, 1) == [Sum("", "b", 35, 35)]
    assert store.top(SITE, "nothing", MONDAY, MONDAY, 1) == []


def test_pruning_takes_whole_days(store):
    for day in range(MONDAY - 40, MONDAY):
        for site in (SITE, "other.test"):
            store.close_day(site, day, given(DaySeal([row("a", 10)], [])))
    assert store.prune(SITE, MONDAY - 10, MONDAY) == 30
    assert store.sums(SITE, "page", MONDAY - 100, MONDAY) == [Sum("", "a", 100, 100)]
    assert store.sums("other.test", "page", MONDAY - 100, MONDAY) == [Sum("", "a", 400, 400)]
    assert store.prune(SITE, MONDAY - 10, MONDAY) == 0
    assert store.last_closed(SITE) == MONDAY - 1
    assert store.last_closed("nobody.test") is None


@pytest.mark.parametrize("weeks", [1, 9, 10, 11, 20])
def test_what_is_pruned_is_not_to_be_closed_again(store, weeks):
    """Neither a week nor a day, wherever the retention ends in its week and in what a store destroys at a time."""
    for week in range(MONDAY - 7 * weeks, MONDAY, 7):
        store.close_day(SITE, week + 3, given(DaySeal([row("a", 10)], [])))
        store.close_week(SITE, week, given([]))
    for before in range(MONDAY - 7 * weeks + 7, MONDAY + 21, 5):
        store.prune(SITE, before, MONDAY)
        assert store.open_days(SITE) == []
        assert store.open_weeks(SITE) == []


def test_old_batches_are_forgotten_and_new_ones_are_not(store):
    store.add(batch("old", day=MONDAY - 100, sent=MONDAY - 100, x=VISIT))
    store.add(batch("new", sent=MONDAY, x=VISIT))
    store.add(batch("from a clock that is ahead", sent=MONDAY + 1000, x=VISIT))
    store.prune(SITE, 0, MONDAY)
    assert not store.add(batch("new", sent=MONDAY, x=VISIT))


def test_one_sealer_at_a_time(store):
    with store.lock() as first, store.lock() as second:
        assert (first, second) == (True, False)
    with store.lock() as again:
        assert again


def test_hot_keys_from_many_threads(store):
    def work(number):
        for turn in range(25):
            store.add(batch(f"{number}-{turn}", x=VISIT, y=VIEW))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.cells(SITE, MONDAY) == {("page", "x"): Count(200, 200), ("page", "y"): Count(0, 200)}


def test_strange_labels_come_back_as_they_went_in(store):
    labels = ["'; DROP TABLE sealed; --", "日本語", "a\x1fb", "\\N", "tab\there", "%s {x}", '"quoted"', "🙂"]
    store.add(Batch("a", SITE, {MONDAY: {("page", label): 20 * VISIT for label in labels}}, MONDAY))
    assert {label for _, label in store.cells(SITE, MONDAY)} == set(labels)
    seal = seal_day(store.cells(SITE, MONDAY) | {("hour", "01"): Count(160, 160)}, Rule())
    store.close_day(SITE, MONDAY, given(seal))
    assert {found.label for found in store.sums(SITE, "page", MONDAY, MONDAY)} == set(labels)


def test_a_label_of_any_length_is_published(store):
    """A group names its leads in its label. Of little repetition, so that no server makes it short again."""
    rng = random.Random(3)
    leads = [f"{rng.getrandbits(160):040x}.test" for _ in range(450)]
    rows = [row("x", 12), row(group_label("", leads), 90)]
    assert len(rows[1].label) > 20_000
    for day in (MONDAY, MONDAY + 1):
        store.add(batch(str(day), day=day, x=VISIT))
        store.close_day(SITE, day, given(DaySeal(rows, [])))
        assert store.rows(SITE, "page", day, day) == sorted((day, found) for found in rows)
    labels = [found.label for found in rows]
    assert store.days_told(SITE, "page", MONDAY, MONDAY + 1, labels) == dict.fromkeys(labels, 2)


def test_it_is_sound_and_says_what_it_holds(store):
    store.migrate()
    assert store.check() is None
    columns = {column for _, column in store.inventory()}
    assert {"site", "day", "panel", "label", "visits", "views"} <= columns
    assert not columns & {"address", "ip", "user_agent", "visitor", "session", "url", "query", "time"}


def test_begun_anew_it_goes_on(store):
    store.add(batch("a", x=VISIT))
    store.close()  # no fork here: nobody else would
    store.begin_anew()
    assert not store.add(batch("a", x=VISIT))
    store.add(batch("b", x=VISIT))
    assert store.cells(SITE, MONDAY) == {("page", "x"): Count(2, 2)}


def test_sealing_sees_what_was_counted(store):
    store.add(batch("a", x=12 * VISIT))
    seen = []
    store.close_day(SITE, MONDAY, lambda cells: seen.append(dict(cells)) or DaySeal([row("x", 12)], []))
    assert seen == [{("page", "x"): Count(12, 12)}]


def test_a_sealing_that_fails_changes_nothing(store):
    store.add(batch("a", x=12 * VISIT))
    with pytest.raises(ZeroDivisionError):
        store.close_day(SITE, MONDAY, lambda cells: 1 / 0)
    assert store.open_days(SITE) == [MONDAY]
    assert store.cells(SITE, MONDAY) == {("page", "x"): Count(12, 12)}
