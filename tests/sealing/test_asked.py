"""Those asked are a part of all visits: how many were not is known by subtraction, and protected like a cell."""

from __future__ import annotations

import random

import pytest

from cookiegate.core.counts import prompt_cells, view_cells
from cookiegate.core.sealing import Count, Rule, seal_day, seal_week
from cookiegate.core.sealing.day import read_group
from cookiegate.core.sealing.split import Split, seal_split
from cookiegate.device import Device

from .histories import K

RULE = Rule(K)
SIDES = ("region", "device", "language")


def day_of(*visits):
    """Cells of (number, region, device, state, language)."""
    cells: dict[tuple[str, str], Count] = {}
    for number, region, kind, state, language in visits:
        device = Device(kind, "Chrome", "Windows")
        found = [*view_cells(10, "/", region, device, "direct", state, language), ("referrer", "")]
        event = {"undecided": "shown", "signal": "signal"}.get(state)
        found += prompt_cells(event, region, kind, "a", language) if event else []
        for cell in found:
            cells[cell] = cells.get(cell, Count()).plus(Count(number, number))
    return cells


def told(rows, panel):
    return {row.label: row.visits for row in rows if row.panel == panel and read_group(row.label) is None}


def total(rows, panel):
    return sum(row.visits for row in rows if row.panel == panel)


def asked_in_two_regions(*decided):
    """120 who were asked and 30 who have decided in England, 38 asked in Auckland, and whoever has `decided`."""
    return seal_day(
        day_of((120, "GB-ENG", "desktop", "undecided", "en"), (30, "GB-ENG", "desktop", "granted", "en"),
               (38, "NZ-AUK", "mobile", "undecided", "en"), *decided),
        RULE,
    ).rows  # fmt: skip


def test_a_region_is_not_named_where_two_of_it_have_decided():
    rows = asked_in_two_regions((2, "NZ-AUK", "mobile", "granted", "en"))
    assert told(rows, "region") == {"GB-ENG": 150, "NZ-AUK": 40}
    assert told(rows, "prompt:shown:region") == told(rows, "prompt:shown:device") == {}
    assert total(rows, "prompt:shown:region") == total(rows, "prompt:shown:banner") == 158


def test_a_region_is_named_where_none_or_many_have_decided():
    rows = asked_in_two_regions((12, "FR-IDF", "mobile", "denied", "fr"))
    assert told(rows, "prompt:shown:region") in (
        {"GB-ENG": 120, "NZ": 38},
        {"GB-ENG": 120, "NZ-AUK": 38},
    )


def test_signals_of_a_country_are_not_told_beside_its_visits_where_its_prompts_are_hidden():
    """Its region is not known, so that visits name it as a country: 24, of which 21 signals would leave three asked."""
    rows = seal_day(
        day_of((14, "DE-BE", "desktop", "undecided", "de"), (3, "NZ-", "desktop", "undecided", "en"),
               (21, "NZ-", "desktop", "signal", "en"), (49, "DE-BE", "desktop", "signal", "de")),
        RULE,
    ).rows  # fmt: skip
    assert told(rows, "region")["NZ"] == 24
    assert "NZ" not in told(rows, "prompt:signal:region")


def test_those_asked_are_not_told_where_that_tells_how_many_have_decided():
    rows = seal_day(
        day_of((150, "GB-ENG", "desktop", "undecided", "en"), (3, "GB-ENG", "desktop", "granted", "en")), RULE
    ).rows
    assert total(rows, "device") == 153
    assert not any(row.panel.startswith("prompt:") for row in rows)


def test_signals_are_not_told_where_they_leave_three_who_granted():
    rows = seal_day(
        day_of((150, "GB-ENG", "desktop", "undecided", "en"), (40, "GB-ENG", "desktop", "signal", "en"),
               (3, "GB-ENG", "desktop", "granted", "en")),
        RULE,
    ).rows  # fmt: skip
    assert total(rows, "state") == 193
    assert total(rows, "prompt:shown:device") == 150
    assert total(rows, "prompt:signal:device") == 0


def test_what_days_could_not_tell_of_those_asked_is_told_by_the_week_in_which_enough_have_decided():
    cells = day_of((85, "GB-ENG", "desktop", "undecided", "en"), (3, "GB-ENG", "desktop", "granted", "en"))
    for days, asked in ((3, 0), (4, 340)):
        seals = [seal_day(cells, RULE) for _ in range(days)]
        rows = [(day, row) for day, seal in enumerate(seals) for row in seal.rows]
        pieces = [(day, piece) for day, seal in enumerate(seals) for piece in seal.pieces]
        week = seal_week(pieces, rows, RULE)
        assert total(week, "prompt:shown:device") == total(week, "prompt:shown:banner") == asked
        assert not any(row.panel.startswith("prompt:rest") for row in week)


@pytest.mark.parametrize("size", [100, 1000, 5000])
def test_no_subtraction_of_shown_labels_tells_who_has_decided(size):
    """At the rates of a real site: most are undecided."""
    shown = 0
    for seed in range(10):
        rng = random.Random(seed)
        regions = ["GB-ENG", "GB-SCT", "DE-BE", "DE-BY", "US-CA", "FR-IDF", "AT-9", "(unknown)"]
        weights = [rng.random() ** 4 + 0.002 for _ in regions]
        visits = [
            (1, rng.choices(regions, weights)[0],
             rng.choices(("desktop", "mobile", "tablet", "other"), (50, 40, 5, 1))[0],
             rng.choices(("undecided", "denied", "partial", "granted", "signal"), (85, 5, 1, 5, 4))[0],
             rng.choices(("en", "fr", "de"), (80, 10, 6))[0])
            for _ in range(size)
        ]  # fmt: skip
        rows = seal_day(day_of(*visits), RULE).rows
        for side in SIDES:
            asked, signals = told(rows, f"prompt:shown:{side}"), told(rows, f"prompt:signal:{side}")
            whole = told(rows, side) if size < 400 or side == "language" else {}
            shown += len(asked) if size > 100 else total(rows, f"prompt:shown:{side}")
            for label, visits_of in whole.items():
                for left in (
                    visits_of - asked.get(label, 0),
                    visits_of - signals.get(label, 0),
                    visits_of - asked.get(label, 0) - signals.get(label, 0),
                ):
                    assert left == 0 or left >= K, (side, label)
    assert shown > 10


def test_a_rest_of_nine_and_nine_that_leaves_no_room_is_joined():
    splits = {
        name: Split(Count(50, 50), Count(rest, rest))
        for name, rest in (("a", 9), ("b", 9), ("c", 60), ("d", 90))
    }
    table = seal_split(splits, RULE)
    assert table.group.leads == ("c",)
    assert set(table.shown) == {"d"}
