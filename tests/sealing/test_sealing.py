"""What is published of a day and a week, and what is not."""

from __future__ import annotations

from collections import Counter

import pytest

from cookiegate.core.counts import label_of, parts_of
from cookiegate.core.sealing import Count, Piece, Row, Rule, pieces_of, seal_day, seal_table, seal_week
from cookiegate.core.sealing.again import seal_again
from cookiegate.core.sealing.day import WITHHELD, group_label, read_group
from cookiegate.core.sealing.known import CUBE
from cookiegate.core.sealing.regions import country_of, seal_regions
from cookiegate.core.sealing.rests import GOALS, TAGS

from .histories import K, adversarial_week, random_week

RULE = Rule(K)


def counts(**visits):
    return {label: Count(number, number) for label, number in visits.items()}


def test_what_is_common_everywhere_joins_a_group_last() -> None:
    table = seal_table(counts(Chrome=500, Opera=40, Safari=300, Vivaldi=3), RULE, None, ("Chrome", "Safari"))
    assert table is not None
    assert table.group is not None
    assert table.group.leads == ("Opera",)
    assert set(table.shown) == {"Chrome", "Safari"}


def test_of_a_country_and_of_all_countries_the_largest_joins_a_group_last() -> None:
    regions = {
        "GB-ENG": 400,
        "GB-NIR": 30,
        "GB-SCT": 60,
        "GB-WLS": 4,
        "US-CA": 90,
        "FR-IDF": 70,
        "IE-L": 3,
        "NO-03": 80,
    }
    tables = seal_regions({label: Count(number, number) for label, number in regions.items()}, RULE)
    assert tables is not None
    assert tables["GB"].group.leads == ("GB-NIR",)
    assert set(tables["GB"].shown) == {"GB-ENG", "GB-SCT"}
    assert tables[""].group.leads == ("NO",)


def test_k_has_a_floor():
    with pytest.raises(ValueError, match="below the floor of 5"):
        Rule(4)


def test_large_cells_are_shown_and_small_ones_grouped():
    table = seal_table(counts(a=50, b=20, c=6, d=5, e=2), RULE)
    assert table.shown == counts(a=50, b=20)
    assert table.group.count == Count(13, 13)
    assert table.group.leads == ()


def test_a_group_below_k_names_the_cell_that_joins_it():
    table = seal_table(counts(desktop=500, mobile=480, tablet=3), RULE, 5)
    assert table.shown == counts(mobile=480)
    assert table.group.count.visits == 503
    assert table.group.leads == ("desktop",)
    assert table.group.hidden == counts(tablet=3)


def test_the_lead_is_chosen_by_name_and_not_by_size():
    small, large = (seal_table(counts(a=a, b=b, c=1), RULE).group for a, b in ((100, 900), (900, 100)))
    assert small.leads == large.leads == ("a",)


def test_a_full_group_is_joined():
    """Nine and nine of at most nine each are known, so they are not left alone."""
    assert seal_table(counts(a=100, b=9, c=9), RULE).group.leads == ("a",)
    assert seal_table(counts(a=100, b=9, c=4), RULE).group.leads == ()


def test_small_cells_alone_that_leave_no_room_are_told_as_if_a_large_one_were_among_them():
    """Nine and nine look like sixteen and two. A panel of k visits is never withheld: another one of the same
    population tells its total."""
    full, joined = seal_table(counts(a=9, b=9), RULE), seal_table(counts(a=16, b=2), RULE)
    assert (full.shown, full.group.count, full.group.leads) == ({}, Count(18, 18), ())
    assert (joined.shown, joined.group.count, joined.group.leads) == ({}, Count(18, 18), ())
    assert seal_table(counts(a=5, b=4), RULE) is None


@pytest.mark.parametrize("event", ["shown", "accept", "signal"])
@pytest.mark.parametrize("languages", [{"en": 9, "fr": 9}, {"en": 16, "fr": 2}, {"en": 5, "fr": 4}])
def test_the_sides_of_an_event_are_published_with_one_total_or_not_at_all(event, languages):
    visits = sum(languages.values())
    sides = {"device": {"mobile": visits}, "banner": {"a": visits}, "language": languages}
    sides["region"] = {"GB-ENG": visits - 2, "FR-IDF": 2}
    cells = {("hour", "10"): Count(100, 100)}
    for side, labels in sides.items():
        cells |= {(f"prompt:{event}:{side}", label): Count(n, n) for label, n in labels.items()}
    rows = seal_day(cells, RULE).rows
    totals = {side: sum(r.visits for r in rows if r.panel == f"prompt:{event}:{side}") for side in sides}
    assert len(set(totals.values())) == 1, totals
    assert not any(row.label in languages for row in rows if row.visits < K + 6)


def test_views_alone_never_show_a_label():
    table = seal_table({"/": Count(40, 60), "/secret": Count(0, 500)}, RULE)
    assert "/secret" not in table.shown


@pytest.mark.parametrize("shape", [random_week, adversarial_week])
@pytest.mark.parametrize("size", [30, 100, 1000])
def test_each_panel_adds_up_to_the_total(shape, size):
    for cells in shape(size, 1):
        rows = seal_day(cells, RULE).rows
        whole = [row for row in rows if row.panel == "total"]
        for panel in ("hour", "page", *CUBE) if whole else ():
            assert sum(row.visits for row in rows if row.panel == panel) == whole[0].visits, panel


@pytest.mark.parametrize("shape", [random_week, adversarial_week])
def test_a_week_only_moves_visits_out_of_other(shape):
    for seed in range(10):
        seals = [seal_day(cells, RULE) for cells in shape(100, seed)]
        rows = [(day, row) for day, seal in enumerate(seals) for row in seal.rows]
        pieces = [(day, piece) for day, seal in enumerate(seals) for piece in seal.pieces]
        week = seal_week(pieces, rows, RULE)
        total = sum(row.visits for row in week if row.panel == "total")
        for panel in ("hour", "page", *CUBE):
            assert sum(row.visits for row in week if row.panel == panel) == total, panel


def test_no_published_row_is_below_k():
    for size in (30, 100, 1000):
        for cells in adversarial_week(size, 3):
            for row in seal_day(cells, RULE).rows:
                assert row.visits >= K, row


def test_a_day_too_small_publishes_nothing_and_waits():
    cells = {("hour", "09"): Count(4, 7), ("page", "/"): Count(4, 7)}
    seal = seal_day(cells, RULE)
    assert seal.rows == []
    assert Piece("total", "", WITHHELD, "", 4, 7) in seal.pieces


def test_small_days_are_released_together():
    pieces = [(day, piece) for day in range(5) for piece in pieces_of({("hour", "09"): Count(4, 6)})]
    assert Row("total", "", "", 20, 30) in seal_week(pieces, [], RULE)


def test_two_days_of_nine_are_not_released():
    """Eighteen on two days of at most nine each would be both."""
    pieces = [(day, piece) for day in range(2) for piece in pieces_of({("hour", "09"): Count(9, 9)})]
    assert seal_week(pieces, [], RULE) == []


def test_a_label_hidden_every_day_is_released_with_its_week():
    cells = {("hour", "10"): Count(100, 100), ("page", "/"): Count(70, 70)}
    cells |= {("page", f"/{name}"): Count(6, 6) for name in "abcde"}
    seals = [seal_day(cells, RULE) for _ in range(7)]
    rows = [(day, row) for day, seal in enumerate(seals) for row in seal.rows]
    pieces = [(day, piece) for day, seal in enumerate(seals) for piece in seal.pieces]
    week = [row for row in seal_week(pieces, rows, RULE) if row.panel == "page"]
    assert {row.label: row.visits for row in week if read_group(row.label) is None} == dict.fromkeys(
        ("/a", "/b", "/c"), 42
    )


def test_uniques_of_a_day_are_published_from_k_on():
    def rows(number):
        return seal_day({("unique:day", ""): Count(number, number)}, RULE).rows

    assert rows(K - 1) == []
    assert rows(K) == [Row("unique:day", "", "", K, K)]


def test_held_calls_are_rounded():
    seal = seal_day({("held:category", "marketing"): Count(40, 1234)}, RULE)
    assert seal.rows == [Row("held:category", "", "marketing", 0, 1200)]


def test_a_group_says_what_joined_it():
    assert read_group(group_label("GB", ("GB-ENG",))) == ("GB", ("GB-ENG",))
    assert read_group("GB-ENG") is None


def test_sealing_is_deterministic():
    cells = random_week(1000, 5)[0]
    backwards = dict(reversed(list(cells.items())))
    assert seal_day(cells, RULE) == seal_day(backwards, RULE)


@pytest.mark.parametrize("size", [30, 100, 1000, 5000])
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
@pytest.mark.parametrize("seed", range(3))
def test_a_country_is_not_counted_twice_where_a_week_tells_a_part_of_it(shape, size, seed):
    """What a week releases of a country's regions stood in the country's own group already."""
    days = shape(size, seed)
    seals = [seal_day(cells, RULE) for cells in days]
    rows = [(day, row) for day, seal in enumerate(seals) for row in seal.rows]
    pieces = [(day, piece) for day, seal in enumerate(seals) for piece in seal.pieces]
    week = seal_week(pieces, rows, RULE)
    truth, told = Counter(), Counter()
    for cells in days:
        for (panel, label), count in cells.items():
            if panel == "cube":
                truth[country_of(parts_of(label)[0])] += count.visits
    for row in [*(row for _, row in rows), *week]:
        if row.panel == "region":
            group = read_group(row.label)
            told[country_of(row.label if group is None else group[0])] += row.visits
    rest = told.pop("", 0)
    assert all(0 <= visits <= truth[country] for country, visits in told.items())
    withheld = sum(row.visits for row in week if row.panel == "total")
    shown = sum(row.visits for _, row in rows if row.panel == "total")
    assert sum(told.values()) + rest == shown + withheld
    assert rest >= 0


def goal_day(goal, channels, campaigns):
    cells = {("goal", "order"): goal}
    cells |= {("goal:channel", label_of("order", name)): n for name, n in channels.items()}
    cells |= {("goal:campaign", label_of("order", name)): n for name, n in campaigns.items()}
    return {cell: Count(n, n) for cell, n in cells.items()}


def told(cells, panels):
    rows = seal_day(cells, RULE).rows
    return {panel: found for panel in panels if (found := sum(r.visits for r in rows if r.panel == panel))}


@pytest.mark.parametrize(
    ("goal", "channels", "campaigns", "sides"),
    [
        (31, 30, 29, {}),  # one had not opted in
        (31, 31, 29, {"goal:channel": 31}),  # two came without a campaign
        (31, 31, 31, {"goal:channel": 31, "goal:campaign": 31}),
        (60, 50, 40, {"goal:channel": 50, "goal:campaign": 40}),
        (60, 50, 41, {"goal:channel": 50}),
        (60, 51, 50, {"goal:campaign": 50}),
    ],
)
def test_those_who_reached_a_goal_and_are_in_no_side_of_it_are_a_cell(goal, channels, campaigns, sides):
    cells = goal_day(goal, {"direct": channels}, {"spring": campaigns})
    assert told(cells, GOALS) == {"goal": goal, **sides}


@pytest.mark.parametrize(
    ("visits", "fields"),
    [
        ({"source": 98, "medium": 97}, {}),
        ({"source": 90, "medium": 89}, {"source": 90}),
        ({"source": 90, "medium": 90, "campaign": 80}, {"source": 90, "medium": 90, "campaign": 80}),
        ({"source": 100, "medium": 100, "term": 4}, {"source": 100, "medium": 100}),
    ],
)
def test_visits_without_a_field_of_a_campaign_are_a_cell(visits, fields):
    cells = {("hour", "10"): Count(100, 100)}
    cells |= {(f"utm_{name}", "a"): Count(n, n) for name, n in visits.items()}
    assert told(cells, TAGS) == {f"utm_{name}": n for name, n in fields.items()}


def week_of(days):
    seals = [seal_day(cells, RULE) for cells in days]
    rows = [(day, row) for day, seal in enumerate(seals) for row in seal.rows]
    return seal_week([(d, piece) for d, seal in enumerate(seals) for piece in seal.pieces], rows, RULE)


def goal_week(goal, direct, other, first=0):
    """Each day has a channel of its own beside `direct`, `first` fewer on the first day."""
    return [goal_day(goal, {"direct": direct, f"c{day}": other - first * (day == 0)}, {}) for day in range(7)]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([goal_day(31, {"direct": 30}, {"spring": 29})] * 7, {}),  # kept for its rest: told to nobody
        (goal_week(40, 5, 3), {"goal:channel": 35}),  # too small by itself, beside a large rest
        (goal_week(12, 5, 3), {}),
        (goal_week(8, 5, 3), {"goal:channel": 35}),  # all had opted in
        (goal_week(8, 5, 3, first=1), {}),  # but one
        (goal_week(9, 3, 2), {"goal:channel": 21}),
    ],
)
def test_a_week_does_not_tell_what_its_days_kept_for_their_rest(days, told):
    week = week_of(days)
    assert {row.panel: row.visits for row in week if read_group(row.label) is None} == told


@pytest.mark.parametrize(("k", "told"), [(10, {"goal:channel": 45}), (20, {})])
def test_under_a_higher_threshold_a_side_gives_way_to_its_whole_as_well(k, told):
    rows = seal_day(goal_day(60, {"direct": 45}, {}), RULE).rows
    day = {panel: [row for row in rows if row.panel == panel] for panel in GOALS}
    again = {panel: sum(r.visits for r in seal_again(panel, day, Rule(k))) for panel in GOALS}
    assert {panel: visits for panel, visits in again.items() if visits} == {"goal": 60, **told}


def withheld_day_beside(panel, block):
    """Six days that hide `a` among others, and one of five visits that is withheld, three of them of `a`."""
    names = {"big": 50, "a": 5, "b": 4, "c": 3, "d": 3, "e": 3, "f": 3}
    last = {"a": 3, "z": 2}
    labels = [{label_of(*block, name): n for name, n in some.items()} for some in [*[names] * 6, last]]
    return [{(panel, label): Count(n, n) for label, n in some.items()} for some in labels]


@pytest.mark.parametrize(("panel", "block"), [("bot", ()), ("goal:campaign", ("order",)), ("utm_term", ())])
def test_a_week_does_not_tell_how_much_of_a_label_came_from_withheld_days(panel, block):
    """What leaves the groups of its days is published, so what a label has beyond that would be known."""
    week = week_of(withheld_day_beside(panel, block))
    assert sum(row.visits for row in week if row.panel == panel) == 0
    assert any(row.label == "a" for row in week)


def test_what_days_withheld_is_told_by_itself_where_it_is_enough():
    hidden = [{("bot", "a"): Count(5, 5), ("bot", f"only {day}"): Count(3, 3)} for day in range(4)]
    told = withheld_day_beside("bot", ())[:4]
    week = {row.label: row.visits for row in week_of([*told, *hidden])}
    assert week == {"a": 20 + 20, "b": 16, group_label("", ()): -36}


def test_a_rest_that_a_week_may_not_tell_is_not_judged_with_days_that_it_does_not_tell():
    """Of three days that withheld their visits too, nothing is told of either field; of the others, of which one
    rest each is left, both together would be."""
    days = []
    for day in range(7):
        own, visits, tagged = f"only {day}", *((9, 8) if day < 3 else (100, 9))
        cells = {("hour", "10"): visits, ("utm_source", "a"): 5, ("utm_source", own): tagged - 5}
        cells |= {("utm_medium", "m"): 5, ("utm_medium", own): 3}
        days.append({cell: Count(n, n) for cell, n in cells.items()})
    assert {row.panel: row.visits for row in week_of(days) if row.panel in TAGS} == {"utm_source": 20}
