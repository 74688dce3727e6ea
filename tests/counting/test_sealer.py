"""Closing what is over: in order, once, after a crash too, and forgetting what was small."""

from __future__ import annotations

from datetime import date

import pytest

from cookiegate.core.counts import VISIT
from cookiegate.core.sealing import Row, Rule
from cookiegate.core.sealing.periods import day_of, week_of
from cookiegate.counting import Calendar, Sealer
from cookiegate.counting.bounds import LABELS, most_labels
from cookiegate.errors import StoreError
from cookiegate.stores import Batch, MemoryStore
from cookiegate.stores.sqlite import SqliteStore

MONDAY = week_of(day_of(date(2026, 11, 23)))
SITE = "site"


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    made = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "counts.sqlite")
    yield made
    made.close()


def fill(store, day, visits, rare=3):
    cells = {("hour", "10"): visits * VISIT, ("page", "/"): (visits - rare) * VISIT}
    cells[("page", "/rare")] = rare * VISIT
    cells[("unique:week", "")] = 4 * VISIT
    cells[("unique:month", "")] = 2 * VISIT
    store.add(Batch(f"{day}-{visits}-{rare}", SITE, {day: cells}, day))


def sealer(store, last):
    return Sealer(store, SITE, Rule(10), last_day=lambda: last)


def test_a_week_from_open_cells_to_figures(store):
    for day in range(MONDAY, MONDAY + 7):
        fill(store, day, 100)
    assert sealer(store, MONDAY + 2).run() == 3
    assert store.open_days(SITE) == [MONDAY + 3, MONDAY + 4, MONDAY + 5, MONDAY + 6]
    assert sealer(store, MONDAY + 6).run() == 5
    assert store.open_weeks(SITE) == []
    week = store.week_rows(SITE, "page", MONDAY, MONDAY + 6)
    assert (MONDAY, Row("page", "", "/rare", 21, 21)) in week
    assert sum(found.visits for found in store.sums(SITE, "page", MONDAY, MONDAY + 6)) == 700
    assert store.week_rows(SITE, "unique:week", MONDAY, MONDAY + 6) == [
        (MONDAY, Row("unique:week", "", "", 28, 28))
    ]


def test_a_month_of_uniques(store):
    first = day_of(date(2026, 10, 1))
    for day in range(first, first + 31):
        fill(store, day, 100)
    sealer(store, first + 40).run()
    assert store.month_rows(SITE, "unique:month", first, first) == [
        (first, Row("unique:month", "", "", 62, 62))
    ]
    assert store.open_months(SITE) == []


@pytest.mark.parametrize(("quiet", "shown"), [(9, []), (2, [83])], ids=["nine", "two"])
def test_a_month_that_would_tell_a_hidden_week_is_not_published(store, quiet, shown):
    """Every visitor of the month is new in their week: what the month has beyond the weeks that are shown is the
    hidden week. Two of at most nine leave it an interval, nine leave none."""
    first = day_of(date(2027, 2, 1))  # a month of exactly four weeks
    for week, new in enumerate((27, 27, 27, quiet)):
        cells = {(panel, ""): new * VISIT for panel in ("unique:day", "unique:week", "unique:month")} | {
            ("hour", "10"): 100 * VISIT
        }
        store.add(Batch(f"{week}", SITE, {first + 7 * week: cells}, first))
        for day in range(1, 7):
            cells = {("hour", "10"): 100 * VISIT, ("unique:month", ""): 0, ("unique:week", ""): 0}
            store.add(Batch(f"{week}-{day}", SITE, {first + 7 * week + day: cells}, first))
    sealer(store, first + 40).run()
    assert len(store.week_rows(SITE, "unique:week", first, first + 27)) == 3
    assert [row.visits for _, row in store.month_rows(SITE, "unique:month", first, first)] == shown


def test_running_again_changes_nothing(store):
    fill(store, MONDAY, 100)
    sealer(store, MONDAY).run()
    before = store.rows(SITE, "page", MONDAY, MONDAY)
    assert sealer(store, MONDAY).run() == 0
    assert store.rows(SITE, "page", MONDAY, MONDAY) == before


def test_it_goes_on_where_a_crash_ended_it(store, monkeypatch):
    for day in range(MONDAY, MONDAY + 7):
        fill(store, day, 100)
    real, calls = type(store).close_day, []

    def crash(self, site, day, seal):
        calls.append(day)
        if len(calls) == 4:

            def interrupted(cells):
                seal(cells)
                raise StoreError("killed in the middle")

            return real(self, site, day, interrupted)
        return real(self, site, day, seal)

    monkeypatch.setattr(type(store), "close_day", crash)
    with pytest.raises(StoreError):
        sealer(store, MONDAY + 6).run()
    assert store.open_days(SITE) == list(range(MONDAY + 3, MONDAY + 7))
    sealer(store, MONDAY + 6).run()
    assert sum(found.visits for found in store.sums(SITE, "page", MONDAY, MONDAY + 6)) == 700


def test_a_second_sealer_leaves(store):
    fill(store, MONDAY, 100)
    with store.lock() as held:
        assert held
        assert sealer(store, MONDAY).run() == 0
    assert sealer(store, MONDAY).run() == 1


def test_a_late_flush_never_changes_a_sealed_day(store):
    fill(store, MONDAY, 100)
    sealer(store, MONDAY).run()
    before = store.rows(SITE, "page", MONDAY, MONDAY)
    fill(store, MONDAY, 40, rare=20)
    assert store.rows(SITE, "page", MONDAY, MONDAY) == before
    sealer(store, MONDAY + 6).run()
    total = sum(found.visits for found in store.sums(SITE, "total", MONDAY, MONDAY + 6))
    assert total == 140
    assert sum(found.visits for found in store.sums(SITE, "page", MONDAY, MONDAY + 6)) == 140


def test_figures_go_after_their_months(store):
    old = day_of(date(2024, 9, 10))
    for day in (old, MONDAY):
        fill(store, day, 100)
    assert Sealer(store, SITE, Rule(10), last_day=lambda: MONDAY, months=25).run() > 0
    assert store.rows(SITE, "total", old, old) == []
    assert len(store.rows(SITE, "total", MONDAY, MONDAY)) == 1


def test_what_many_workers_bring_is_cut_to_a_panels_labels(store, monkeypatch):
    """Each had its own fill, and most of it is nobody's page."""
    monkeypatch.setitem(LABELS, "page", 50)
    for worker in range(4):
        cells = {("page", f"/{worker}-{number}"): VISIT for number in range(50)} | {
            ("page", "/"): 100 * VISIT
        }
        cells |= {("hour", "10"): 150 * VISIT, ("referrer", ""): 150 * VISIT}
        store.add(Batch(str(worker), SITE, {MONDAY: cells}, MONDAY))
    sealer(store, MONDAY).run()
    waiting = [piece for _, piece in store.week(SITE, MONDAY)[0] if piece.panel == "page"]
    rows = [row for _, row in store.rows(SITE, "page", MONDAY, MONDAY)]
    assert len(waiting) <= 50
    assert {row.label: row.visits for row in rows if not row.label.startswith("(other)")} == {
        "/": 400,
        "(rest)": 151,
    }
    assert sum(row.visits for row in rows) == 600


def test_prompts_have_room_for_every_region_and_goals_for_as_many_as_before():
    assert most_labels("prompt:shown:region") == most_labels("region") == 5_000
    assert most_labels("prompt:shown:language") == most_labels("goal:channel") == most_labels("hour") == 500
    assert most_labels("page") == 5_000


def test_a_site_that_counts_nothing_more_forgets_too(store):
    """Nothing is closed any more, and the years go by."""
    old = day_of(date(2026, 1, 10))
    fill(store, old, 100)
    sealer(store, old + 40).run()
    assert len(store.rows(SITE, "total", old, old)) == 1
    late = day_of(date(2028, 2, 1))
    assert sealer(store, late).run(trusting=True) == 0
    assert store.rows(SITE, "total", old, old) == []


def test_figures_that_are_gone_are_not_closed_again(store):
    first = day_of(date(2026, 9, 1))
    for day in range(first, first + 80):
        fill(store, day, 50)
    once = Sealer(store, SITE, Rule(10), last_day=lambda: first + 79, months=1)
    assert once.run() > 80
    for _ in range(3):
        assert Sealer(store, SITE, Rule(10), last_day=lambda: first + 79, months=1).run() == 0


def test_a_sealer_leaves_every_other_site_of_its_store_alone(store):
    """Another site has its own smallest number, time zone and months."""
    old = MONDAY - 200
    for day in (old, MONDAY):
        store.add(Batch(f"other-{day}", "other.test", {day: {("hour", "10"): 60 * VISIT}}, day))
        Sealer(store, "other.test", Rule(20), last_day=lambda: old).run()
        fill(store, day, 100)
    Sealer(store, SITE, Rule(5), last_day=lambda: MONDAY, months=1).run(trusting=True)
    assert store.open_days(SITE) == []
    assert store.open_days("other.test") == [MONDAY]
    assert [row.visits for _, row in store.rows("other.test", "total", old, old)] == [60]


def test_a_clock_that_is_years_ahead_closes_and_deletes_nothing(store):
    for day in range(MONDAY - 300, MONDAY + 1):
        fill(store, day, 50)
    sealer(store, MONDAY - 1).run()
    before = len(store.rows(SITE, "total", 0, MONDAY))
    ahead = MONDAY + 3 * 365
    fill(store, ahead + 1, 1)  # what is counted has the same clock
    with pytest.raises(
        StoreError, match=r"clock says that 2029-11-22 is over.*cookiegate seal --trust-clock"
    ):
        sealer(store, ahead).run()
    with pytest.raises(StoreError, match="clock"):
        sealer(store, ahead).prune()
    assert len(store.rows(SITE, "total", 0, MONDAY)) == before
    assert store.open_days(SITE) == [MONDAY, ahead + 1]


def test_a_site_that_was_away_for_months_is_believed_after_three_days(store):
    fill(store, MONDAY, 100)
    sealer(store, MONDAY).run()
    for day in (MONDAY + 100, MONDAY + 101, MONDAY + 102):
        with pytest.raises(StoreError, match="clock"):
            sealer(store, day - 1).run()
        fill(store, day, 100)
    assert sealer(store, MONDAY + 102).run() > 0
    assert store.open_days(SITE) == []


def test_a_retention_of_25_months_keeps_nothing_longer():
    kept = Sealer(
        MemoryStore(), SITE, Rule(10), last_day=lambda: day_of(date(2026, 11, 24)), months=25
    ).kept_from()
    assert kept == day_of(date(2024, 11, 1))


@pytest.mark.parametrize(
    ("zone", "hour", "day"),
    [("UTC", 23, 0), ("Europe/Berlin", 0, 1), ("Asia/Kolkata", 4, 1), ("Pacific/Apia", 12, 1)],
)
def test_days_and_hours_are_the_sites_own(zone, hour, day):
    start = day_of(date(2026, 11, 23)) * 86_400 + 23 * 3600
    calendar = Calendar(zone, lambda: start)
    assert calendar.now() == (day_of(date(2026, 11, 23)) + day, hour)


def test_small_numbers_and_their_labels_are_gone_from_the_disk(tmp_path):
    """Not in the file, not in its log, whatever SQLite would keep of a deleted row."""
    store = SqliteStore(tmp_path / "counts.sqlite")
    for day in range(MONDAY, MONDAY + 7):
        labels = [f"/very-rare-{day}-{number}" for number in range(200)]
        cells = {("page", label): VISIT for label in labels} | {
            ("hour", "10"): 700 * VISIT,
            ("page", "/"): 500 * VISIT,
        }
        store.add(Batch(str(day), SITE, {day: cells}, day))
    assert any(b"very-rare" in file.read_bytes() for file in tmp_path.iterdir())
    sealer(store, MONDAY + 6).run()
    for file in tmp_path.iterdir():
        assert b"very-rare" not in file.read_bytes(), file.name
    store.close()
