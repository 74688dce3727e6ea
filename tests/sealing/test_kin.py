"""What a host's channel and a system's devices tell of each other."""

from __future__ import annotations

import pytest

from cookiegate.core.counts import view_cells
from cookiegate.core.counts.labels import UNKNOWN
from cookiegate.core.sealing import Count, Rule, seal_day
from cookiegate.core.sealing.day import read_group
from cookiegate.device import Device
from cookiegate.request_data import load_referrers

from .histories import K

REFERRERS = load_referrers()
RULE = Rule(K, channel_of=REFERRERS.channel_of)


def day_of(*visits):
    """Cells of (number, device, system, referrer)."""
    cells: dict[tuple[str, str], Count] = {}
    for number, kind, system, host in visits:
        device = Device(kind, "Chrome", system)
        found = view_cells(10, "/", "GB-ENG", device, REFERRERS.channel_of(host), "undecided", "en")
        for cell in [*found, ("referrer", host)]:
            cells[cell] = cells.get(cell, Count()).plus(Count(number, number))
    return cells


def told(rows, panel):
    return {row.label: row.visits for row in rows if row.panel == panel and read_group(row.label) is None}


def leads(rows, panel):
    return {
        lead for row in rows if row.panel == panel and (group := read_group(row.label)) for lead in group[1]
    }


def test_three_telephones_of_a_kind_are_not_told_by_the_devices():
    """Windows joining them would leave Android's 40 of 43 mobile."""
    cells = day_of((150, "desktop", "Windows", ""), (40, "mobile", "Android", ""), (3, "mobile", "iOS", ""))
    rows = seal_day(cells, RULE).rows
    assert told(rows, "device") == {"desktop": 150, "mobile": 43}
    assert told(rows, "system") == {"Windows": 150}
    assert leads(rows, "system") == {"Android"}


def test_three_visits_of_a_host_are_not_told_by_the_channels():
    cells = day_of(
        (150, "desktop", "Windows", ""), (100, "desktop", "Windows", "google.com"),
        (40, "desktop", "Windows", "facebook.com"), (30, "desktop", "Windows", "mail.google.com"),
        (3, "desktop", "Windows", "chatgpt.com"),
    )  # fmt: skip
    rows = seal_day(cells, RULE).rows
    hidden = {REFERRERS.channel_of(lead) for lead in leads(rows, "referrer")}
    assert leads(rows, "channel") <= hidden | {"ai"}
    assert hidden
    # What of the group's families is told by the channels leaves nothing small.
    group = sum(row.visits for row in rows if row.panel == "referrer" and read_group(row.label))
    known = sum(visits for channel, visits in told(rows, "channel").items() if channel in hidden)
    assert group - known >= K


def test_the_only_small_host_of_a_channel_takes_another_of_it_along():
    cells = day_of((200, "desktop", "Windows", ""), (60, "desktop", "Windows", "google.com"),
                   (4, "desktop", "Windows", "bing.com"), (40, "desktop", "Windows", "example.org"))  # fmt: skip
    rows = seal_day(cells, RULE).rows
    assert told(rows, "channel")["search"] == 64
    assert told(rows, "referrer") == {"": 200, "example.org": 40}


def test_names_that_are_known_to_no_family_are_sealed_as_before():
    assert told(seal_day(day_of((20, "other", "Whatever", "")), RULE).rows, "system") == {"Whatever": 20}


@pytest.mark.parametrize(
    ("label", "channel"), [("", "direct"), ("app com.example", "other"), ("bing.com", "search")]
)
def test_the_channel_of_a_label(label, channel):
    assert REFERRERS.channel_of(label) == channel


def test_direct_visits_are_in_the_sum_where_all_hosts_stand_together():
    """Their label is empty. Nine at one host of the search channel would stand alone, and nothing may be named."""
    cells = day_of((246, "desktop", "Windows", ""), (9, "desktop", "Windows", "google.com"),
                   (9, "desktop", "Windows", "bing.com"))  # fmt: skip
    rows = [row for row in seal_day(cells, RULE).rows if row.panel == "referrer"]
    assert sum(row.visits for row in rows) == 264


def one_kind_beside_another():
    """Tablets lead the group of devices, and of what stands beside them 14 are of neither hand nor desk."""
    return (
        (37, "mobile", "iOS", ""),
        (46, "tablet", "Android", ""),
        (10, UNKNOWN, UNKNOWN, ""),
        (4, "other", UNKNOWN, ""),
    )


def test_a_family_whose_total_would_leave_its_own_small_label_no_room_is_not_told():
    """Fourteen, of which ten at least are the lead: four at most are the others, and a few such days are an equation."""
    rows = seal_day(day_of(*one_kind_beside_another()), RULE).rows
    assert leads(rows, "device") == {UNKNOWN, "tablet"}
    assert not told(rows, "system")


def test_a_family_with_room_is_told():
    roomy = [
        (16 if kind == UNKNOWN else number, kind, *rest) for number, kind, *rest in one_kind_beside_another()
    ]
    rows = seal_day(day_of(*roomy), RULE).rows
    assert leads(rows, "device") == {UNKNOWN, "tablet"}
    assert told(rows, "system") == {UNKNOWN: 20, "Android": 46, "iOS": 37}
