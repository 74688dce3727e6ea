"""What a host's channel and a system's devices tell of each other."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest

from cookiegate.core.counts import view_cells
from cookiegate.core.counts.labels import UNKNOWN
from cookiegate.core.sealing import Count, Piece, Rule, seal_day, seal_table, seal_week
from cookiegate.core.sealing.day import read_group
from cookiegate.core.sealing.kin import seal_kin
from cookiegate.core.sealing.known import COMMON, POSSIBLE
from cookiegate.core.sealing.week_rests import telling_labels
from cookiegate.device import Device
from cookiegate.request_data import load_referrers

from .histories import K

REFERRERS = load_referrers()
RULE = Rule(K, channel_of=REFERRERS.channel_of)


def day_of(*visits):
    """Cells of (number, device, system, referrer), and the medium of a campaign."""
    cells: dict[tuple[str, str], Count] = {}
    for number, kind, system, host, *medium in visits:
        device = Device(kind, "Chrome", system)
        channel = REFERRERS.channel_of(host)
        if medium:
            channel = REFERRERS.tagged(channel, {"medium": medium[0]})
        found = view_cells(10, "/", "GB-ENG", device, channel, "undecided", "en")
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


def visits_of(letters, mails, others=30):
    """What a site of some direct visits has, `letters` of a newsletter whose readers send no referrer, `mails` from a
    host of e-mail."""
    return day_of(
        (57, "desktop", "Windows", ""), (letters, "desktop", "Windows", "", "newsletter"),
        (mails, "desktop", "Windows", "outlook.live.com"), (others, "desktop", "Windows", "google.com"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("letters", "mails", "hosts"),
    [
        (
            3,
            10,
            {"google.com": 30},
        ),  # 60 without a referrer beside 57 direct visits: three came by the newsletter
        (1, 10, {"google.com": 30}),
        (10, 10, {"": 67, "outlook.live.com": 10, "google.com": 30}),
        (12, 0, {"": 69, "google.com": 30}),
        (0, 10, {"": 57, "outlook.live.com": 10, "google.com": 30}),
    ],
)
def test_visits_that_a_campaign_took_out_of_their_hosts_channel_are_a_cell(letters, mails, hosts):
    rows = seal_day(visits_of(letters, mails), RULE).rows
    assert told(rows, "referrer") == hosts
    # A lead that is named has ten at least: of eleven by e-mail one would have come by the newsletter, or none.
    assert not leads(rows, "referrer")
    assert sum(row.visits for row in rows if row.panel == "referrer") == 57 + letters + mails + 30


def test_what_stands_together_of_all_families_has_no_small_rest_either():
    """Of 25 who came by a tag from no host, twelve each are of search and e-mail: the one left is of a social network."""
    cells = day_of(
        (60, "desktop", "Windows", ""), (12, "desktop", "Windows", "", "organic"),
        (12, "desktop", "Windows", "", "newsletter"), (1, "desktop", "Windows", "", "social"),
        (20, "desktop", "Windows", "google.com"), (20, "desktop", "Windows", "outlook.live.com"),
        (20, "desktop", "Windows", "facebook.com"),
    )  # fmt: skip
    hosts = told(seal_day(cells, RULE).rows, "referrer")
    assert "facebook.com" not in hosts
    channels = told(seal_day(cells, RULE).rows, "channel")
    beyond = sum(channels[REFERRERS.channel_of(host)] - visits for host, visits in hosts.items())
    assert beyond == 0 or abs(beyond) >= K


def released(days):
    seals = [seal_day(cells, RULE) for cells in days]
    rows = [(day, row) for day, seal in enumerate(seals) for row in seal.rows]
    return seal_week([(day, piece) for day, seal in enumerate(seals) for piece in seal.pieces], rows, RULE)


@pytest.mark.parametrize(("letters", "is_told"), [(1, False), (2, True)])
def test_a_week_does_not_tell_how_many_came_by_a_newsletter_either(letters, is_told):
    """42 by e-mail, and 35 of the only host: seven came by a tagged link."""
    small = ("outlook.live.com", "chatgpt.com", "facebook.com", "example.org", "blog.example", "bing.com")
    others = [(5, "desktop", "Windows", host) for host in small]
    day = day_of((57, "desktop", "Windows", ""), (letters, "desktop", "Windows", "", "newsletter"),
                 (30, "desktop", "Windows", "google.com"), *others)  # fmt: skip
    week = released([day] * 7)
    assert told(week, "channel")["email"] == 7 * (5 + letters)
    assert ("outlook.live.com" in told(week, "referrer")) == is_told


def test_a_week_does_not_tell_it_of_the_last_family_by_all_others():
    """Seven came by adverts of a social network, 14 by newsletters: 21 of no host, who are told by no more than two."""
    hosts = {"": 42, "outlook.live.com": 35, "facebook.com": 35}
    channels = {"direct": 21, "email": 49, "social": 42}
    pieces = {
        (panel, ""): [(0, Piece(panel, "", "", label, visits, visits)) for label, visits in counts.items()]
        for panel, counts in (("referrer", hosts), ("channel", channels))
    }
    assert telling_labels("referrer", {0}, pieces, {}, RULE) == {"facebook.com", "outlook.live.com"}


@pytest.mark.parametrize("direct", [10, 57])
@pytest.mark.parametrize("mails", [10, 11, 19, 25])
@pytest.mark.parametrize("searches", [10, 12, 30])
def test_of_all_days_that_look_alike_the_visits_of_campaigns_can_be_anything(direct, mails, searches):
    """All ways in which e-mail and search may have come by tagged links without a referrer, beside one host of each."""
    channels = {name: Count(n, n) for name, n in (("direct", direct), ("email", mails), ("search", searches))}
    parents = [(channels, seal_table(channels, RULE, POSSIBLE["channel"], COMMON["channel"]))]
    alike = defaultdict(list)
    for letters, adverts in product(range(mails + 1), range(searches + 1)):
        left = {"": direct + letters + adverts, "outlook.live.com": mails - letters}
        left["google.com"] = searches - adverts
        hosts = {host: Count(n, n) for host, n in left.items() if n}
        table = seal_kin("referrer", hosts, parents, RULE, COMMON["referrer"])
        group = table.group and (table.group.count, table.group.leads)
        alike[tuple(table.shown.items()), group].append((letters, adverts, letters + adverts))
    widths = [
        max(found) - min(found)
        for days in alike.values()
        for found in zip(*days, strict=True)
        if any(0 < n < K for n in found)
    ]
    assert min(widths) >= RULE.width
