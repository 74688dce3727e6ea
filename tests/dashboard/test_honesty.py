"""Nothing is printed that the told cells do not say, and no reason that is not the reason."""

from __future__ import annotations

import csv
import io
import re

import pytest

from cookiegate.core.counts import VIEW, VISIT, label_of
from cookiegate.dashboard.period import iso
from cookiegate.dashboard.sheets import kinds
from cookiegate.dashboard.words import interval

from .conftest import DAY, ORIGIN, SITE, post, sealed
from .test_figures import lines, totals
from .test_shares import made, opened

ROOT = f"/api/v1/sites/{SITE}/figures"


def day_of(visits, cube, more=()):
    """Cells of a day of which every panel but the cube has one label."""
    cells = {
        ("hour", "09"): visits * VISIT,
        ("page", "/"): visits * VISIT + 30 * VIEW,
        ("referrer", ""): visits * VISIT,
    }
    cells |= {(panel, "x"): visits * VISIT + 30 * VIEW for panel in ("browser", "system", "language")}
    cells[("hour", "09")] += 30 * VIEW
    for place, (sides, count) in enumerate(cube.items()):
        cells["cube", label_of(*sides)] = count * VISIT + (30 * VIEW if not place else 0)
    return cells | dict(more)


GB, DE = ("GB-ENG", "mobile", "search", "granted"), ("DE-BY", "desktop", "direct", "undecided")


@pytest.fixture
def sheet(client):
    def get(name, query):
        found = client.get(f"{ROOT}/{name}.csv{query}", base_url=ORIGIN)
        assert found.status_code == 200, found.text
        return list(csv.DictReader(io.StringIO(found.text.lstrip("\ufeff")), quoting=csv.QUOTE_NONNUMERIC))

    return get


def test_views_of_a_channel_are_refused_with_the_reason(page, sheet):
    found = page("?period=24h&channel=search")
    assert totals(found)["Views"] == "–"
    assert "not counted by channel" in found.text
    rows = {row["figure"]: row for row in sheet("totals", "?period=24h&channel=search")}
    assert rows["visits"]["value"] == 40
    assert rows["views"]["value"] == ""
    assert {row["views"] for row in sheet("time", "?period=7d&by=day&channel=search")} == {""}
    assert "not counted</td>" in page("?period=7d&by=day&channel=search").text


def between(first, last, before=None):
    query = f"?period=custom&from={iso(first)}&to={iso(last)}"
    return query if before is None else f"{query}&compare=custom&cfrom={iso(before)}&cto={iso(before)}"


def test_a_label_that_was_in_a_group_has_no_change(page, store, sheet):
    """AI assistants lead a group on the last day: with them 4 by e-mail, who would be alone otherwise."""
    mail = ("GB-ENG", "mobile", "email", "granted")
    ai, search = ("GB-ENG", "mobile", "ai", "granted"), ("GB-ENG", "mobile", "search", "granted")
    sealed(store, DAY - 3, day_of(100, {ai: 50, search: 50}), last=DAY)
    sealed(store, DAY - 2, day_of(100, {ai: 50, search: 50}), last=DAY)
    sealed(store, DAY - 1, day_of(100, {ai: 50, search: 46, mail: 4}), last=DAY)
    rows = {row["label"]: row for row in sheet("channels", between(DAY - 1, DAY - 1, DAY - 2))}
    assert "ai" not in rows
    assert (rows["search"]["visits"], rows["search"]["compared"]) == (46, 50)
    rows = {row["label"]: row for row in sheet("channels", between(DAY - 2, DAY - 1, DAY - 3))}
    assert (rows["ai"]["visits"], rows["ai"]["told"], rows["ai"]["compared"]) == (50, "at least", "")
    found = page(between(DAY - 2, DAY - 1, DAY - 3))
    assert lines(found, "channels")["AI assistants"] == ["≥ 50"]
    assert "Told together, with AI assistants" in lines(found, "channels")
    found = page(f"{between(DAY - 2, DAY - 1, DAY - 3)}&channel=ai")
    assert totals(found)["Visits"] == "≥ 50"
    assert "104 at most" in found.text
    assert "at least 50 and at most 104 visits through" in found.text


def test_a_campaign_that_is_told_of_some_days_has_no_share(page, store, sheet):
    sealed(store, DAY - 1, day_of(60, {GB: 60}, {("utm_campaign", "spring"): 4 * VISIT}.items()), last=DAY)
    sealed(store, DAY - 2, day_of(60, {GB: 60}, {("utm_campaign", "spring"): 20 * VISIT}.items()), last=DAY)
    assert [(row["told"], row["share"]) for row in sheet("campaigns", between(DAY - 2, DAY - 2))] == [
        ("whole", 1.0)
    ]
    assert [(row["told"], row["share"]) for row in sheet("campaigns", between(DAY - 2, DAY - 1))] == [
        ("at least", "")
    ]
    found = page(between(DAY - 2, DAY - 1))
    assert lines(found, "campaigns") == {"spring": ["≥ 20"]}
    section = found.text.split('id="p-campaigns"')[1].split("</section>")[0]
    assert "<summary>≥: at least</summary>" in section, "nothing is told together, and nothing hidden"


def test_a_field_that_nearly_all_visits_have_says_why_it_is_not_told(page, store, sheet):
    """Five of sixty came without it, and would be told by the total."""
    sealed(store, DAY - 1, day_of(60, {GB: 60}, {("utm_source", "post"): 55 * VISIT}.items()), last=DAY)
    sealed(store, DAY - 2, day_of(60, {GB: 60}, {("utm_source", "post"): 50 * VISIT}.items()), last=DAY)
    path = "/sites/www.site.test/campaign-sources/"
    why = "under 10 visits had one, or so nearly all that the few without would stand alone."
    assert sheet("campaign-sources", between(DAY - 1, DAY - 1)) == []
    assert (
        f"Nothing is told of these days: no visit had one, {why}"
        in page(between(DAY - 1, DAY - 1), path).text
    )
    both = page(between(DAY - 2, DAY - 1), path).text
    assert "≥ 50" in both
    assert f"A day tells nothing where {why}" in both
    assert why not in page(between(DAY - 2, DAY - 2), path).text


def test_a_share_of_what_is_at_least_something_is_at_least_something(page, store, sheet):
    """Firefox leads a group on the second day: its 12 visits of the first are in 60,000."""
    for day, rare in ((DAY - 2, {"Firefox": 12}), (DAY - 1, {"Firefox": 12, "Lynx": 3})):
        cells = day_of(30_000, {GB: 30_000})
        cells["browser", "Chrome"] = cells.pop(("browser", "x")) - sum(rare.values()) * VISIT
        sealed(
            store, day, cells | {("browser", name): visits * VISIT for name, visits in rare.items()}, last=DAY
        )
    found = page(between(DAY - 2, DAY - 1))
    assert lines(found, "browsers")["Firefox"] == ["≥ 12"]
    assert '<td class="n">≥ 12</td><td class="n s">≥ 0.02 %</td>' in found.text
    row = next(row for row in sheet("browsers", between(DAY - 2, DAY - 1)) if row["label"] == "Firefox")
    assert (row["visits"], row["told"], row["share"]) == (12, "at least", 12 / 60_000)


def test_a_total_with_a_hidden_day_is_at_least(page, store, sheet):
    sealed(store, DAY - 1, {("hour", "09"): 5 * VISIT, ("page", "/"): 5 * VISIT}, last=DAY)
    sealed(store, DAY - 2, day_of(60, {GB: 60}), last=DAY)
    found = page(f"?period=custom&from={iso(DAY - 2)}&to={iso(DAY)}")
    assert totals(found)["Visits"] == "≥ 120"
    assert "1 day shows nothing: under 10 visits, or figures too small to be told apart." in found.text


def test_days_that_are_not_over_are_no_days_of_few_visits(page):
    found = page(f"?period=custom&from={iso(DAY)}&to={iso(DAY + 400)}").text
    assert "400 days are not over yet, or not sealed." in found
    assert "nothing: under 10 visits, or figures" not in found
    assert totals(page(f"?period=custom&from={iso(DAY)}&to={iso(DAY + 400)}"))["Visits"] == "60"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("region=IS", "of this filter alone is told in these days"),
        ("region=GB-ENG&device=mobile&channel=ai", "on its own from 200 visits a day"),
    ],
)
def test_a_filter_of_which_nothing_is_told_is_not_a_site_without_visits(page, query, why):
    found = page(f"?period=24h&{query}").text
    assert "No figure of this" in found
    assert why in found.split('class="empty"')[1].split("</p>")[0]
    assert "each had under 10 visits" not in found


def test_days_that_are_not_told_are_not_said_to_be_small_for_sure(page, store):
    sealed(store, DAY - 9, day_of(60, {GB: 60}), last=DAY)
    for day in range(DAY - 8, DAY):
        sealed(store, day, day_of(1, {GB: 1}), last=DAY)
    found = page(between(DAY - 1, DAY - 1)).text
    assert "each had under 10 visits, or figures too small to be told apart" in found
    assert "1 day shows nothing: under 10 visits, or figures" in found


def test_uniques_compare_with_the_days_that_were_asked_for(page, store):
    for place, count in ((0, 40), (1, 30), (2, 20)):
        sealed(
            store,
            DAY + place + 1,
            day_of(60, {GB: 60}, {("unique:day", ""): count * VISIT}.items()),
            last=DAY + 3,
        )
    query = f"?period=custom&from={iso(DAY + 3)}&to={iso(DAY + 3)}&compare=custom&cfrom={iso(DAY + 1)}&cto={iso(DAY + 1)}"
    found = page(query).text
    assert re.search(
        r"Visitors who opted in</dt>\s*<dd class=\"value\">20</dd>\s*<dd class=\"change\">−50 %", found
    )
    assert "before, on 5 Mar" in found
    assert "before, on 5 Mar, whole site" in page(f"{query}&region=GB").text


def test_what_is_of_the_whole_site_says_so_each_by_itself(sheet, page):
    scopes = {row["figure"]: row["scope"] for row in sheet("totals", "?period=24h&region=GB-ENG")}
    assert scopes["visits"] == "filter"
    assert scopes["coverage"] == scopes["uniques"] == "whole site"
    found = page("?period=24h&region=GB-ENG").text
    assert "here, whole site" in found
    by = found.split("Answers and coverage by")[1].split("</details>")[0]
    assert "Whole site: answers are counted" in by
    assert "Whole site: only the traffic" in by
    assert "asked, whole site" in page("?period=24h&channel=search").text
    assert {row["scope"] for row in sheet("coverage-by-country", "?period=24h&region=GB-ENG")} <= {
        "whole site"
    }


def test_all_days_are_compared_with_days_of_ones_own(page):
    query = f"?period=all&compare=custom&cfrom={iso(DAY)}&cto={iso(DAY)}"
    assert "Compared with Wednesday" in page(query).text
    assert page("?period=all&compare=custom").status_code == 400


def test_days_to_come_are_compared_with_nothing(page, store):
    """Two days of which one is not over are not half of two days."""
    for day in range(DAY - 5, DAY):
        sealed(store, day, day_of(60, {GB: 60}, {("unique:day", ""): 30 * VISIT}.items()), last=DAY)
    found = page(f"?from={iso(DAY)}&to={iso(DAY + 1)}").text
    assert "Compared with Tuesday, 3 Mar 2026. 1 day is not over yet" in found
    assert "± 0 %" in found
    found = page(f"?from={iso(DAY - 1)}&to={iso(DAY + 2)}").text
    assert "Compared with 1 Mar to 2 Mar 2026." in found
    assert "on 4 Mar" in found.split("Visitors who opted in")[1][:300]


def test_a_comparison_of_unlike_lengths_says_so(page, store):
    for day in range(DAY - 5, DAY):
        sealed(store, day, day_of(60, {GB: 60}), last=DAY)
    query = f"?from={iso(DAY - 1)}&to={iso(DAY)}&cfrom={iso(DAY - 2)}&cto={iso(DAY - 2)}"
    assert "Compared with Monday, 2 Mar 2026 (1 day beside 2)." in page(query).text
    assert " beside " not in page(f"?from={iso(DAY - 1)}&to={iso(DAY)}").text


def test_hours_of_many_days_say_what_they_are(page, store):
    sealed(store, DAY - 1, day_of(60, {GB: 60}), last=DAY)
    assert (
        "Visits by hour of the day, 2 days added up"
        in page(f"?period=custom&from={iso(DAY - 1)}&to={iso(DAY)}&by=hour").text
    )
    assert ">Visits by hour<" in page().text


def test_a_month_that_is_cut_says_so(page):
    found = page("?period=custom&from=2026-03-02&to=2026-05-30&by=month").text
    assert "Mar 2026, from 2 Mar" in found
    assert ">Apr 2026<" in found
    assert "May 2026, to 30 May" in found


def test_a_banner_that_is_new_on_the_first_day_is_marked(page, store):
    new = {("prompt:shown:banner", "v2"): 40 * VISIT}
    sealed(store, DAY + 1, day_of(60, {GB: 60}, new.items()), last=DAY + 2)
    query = f"?period=custom&from={iso(DAY + 1)}&to={iso(DAY + 2)}"
    assert "A new question or banner" in page(query).text
    assert "A new question or banner" not in page().text


def test_signals_and_withdrawals_stand_beside_the_answers(page, store):
    asked = ("GB-ENG", "mobile", "search", "undecided")
    signal = ("GB-ENG", "mobile", "search", "signal")
    sides = {"banner": "v1", "device": "mobile", "region": "GB-ENG", "language": "x"}
    more = {(f"prompt:{event}:{side}", label): count * VISIT for side, label in sides.items()
            for event, count in (("shown", 60), ("signal", 50), ("withdrawn", 31))}  # fmt: skip
    sealed(store, DAY - 1, day_of(160, {asked: 60, signal: 50, GB: 50}, more.items()), last=DAY)
    found = page(between(DAY - 1, DAY - 1)).text
    assert re.search(r'Took a consent back</span></th><td class="n">31</td>', found)
    assert re.search(r'Not asked: an opt-out signal</span></th><td class="n">50</td>', found)
    assert '<td class="n" data-name="Signal">' in found


FIXED = {"region": "GB", "device": "mobile", "channel": "search"}


@pytest.mark.parametrize("fixed", [{"region": "GB"}, {"device": "mobile"}, {"channel": "search"}, FIXED])
def test_a_bound_guest_may_filter_further_everywhere(app, editor, fixed):
    guest, _ = opened(app, made(editor, **fixed))
    for dimension, value in FIXED.items():
        for query in (f"?period=24h&{dimension}={value}", f"?period=7d&by=hour&{dimension}={value}"):
            for place in (
                "",
                *(f"{name}/" for name in ("regions", "pages", "answers-by-region", "coverage-by-channel")),
            ):
                found = guest.get(f"/sites/{SITE}/{place}{query}", base_url=ORIGIN)
                assert found.status_code == 200, (place, query)
            assert guest.get(f"{ROOT}{query}", base_url=ORIGIN).status_code == 200


def test_a_guest_who_is_bound_to_a_filter_sees_nothing_else(app, editor):
    """A page of no bound guest differs, and holds no figure of the whole site."""
    post(editor, f"/sites/{SITE}/notes", day=iso(DAY), text="The fair began")
    guest, _ = opened(app, made(editor, region="GB"))
    seen = guest.get(f"{ROOT}?period=24h", base_url=ORIGIN).json["sheets"]
    for name in kinds():
        if seen[name]["refusal"]:
            assert seen[name]["rows"] == [], name
            assert seen[name]["refusal"].startswith("Not part of this link:")
    assert {row["figure"] for row in seen["totals"]["rows"]} == {"visits", "views", "accepted", "coverage"}
    assert {row["scope"] for row in seen["totals"]["rows"]} == {"filter"}
    assert seen["regions"]["rows"]
    found = guest.get(f"/sites/{SITE}/?period=24h", base_url=ORIGIN)
    assert found.status_code == 200
    for text in (
        "/pricing",
        "google.com",
        "The fair began",
        "Seo",
        "Search marketing",
        "Visitors who opted in",
    ):
        assert text not in found.text
    further = found.text.partition(">Further panels</h2>")[2].partition("</section>")[0]
    assert "Pages · Sources" in further
    assert further.count("Not part of this link: what is read") == 1, "one reason for all its panels"
    single = guest.get(f"/sites/{SITE}/pages/?period=24h", base_url=ORIGIN)
    assert "Not part of this link:" in single.text
    assert "/pricing" not in single.text
    narrow = guest.get(f"{ROOT}?period=24h&region=GB-ENG", base_url=ORIGIN).json["sheets"]
    assert all(not sheet["rows"] for sheet in narrow.values() if sheet["refusal"])


@pytest.mark.parametrize(
    ("least", "most", "text"),
    [(0.38, 0.38, "38 %"), (0.0955, 0.139, "9.5–14 %"), (0.061, 1.0, "≥ 6.1 %"), (0.0, 0.371, "≤ 38 %"), (0.0, 1.0, "–"),
     (0.4, 0.404, "40–41 %"), (0.29, 0.58, "29–58 %"), (0.00057, 1.0, "≥ 0.05 %"), (0.00001, 1.0, "> 0 %"),
     (0.00057, 0.41, "0.05–41 %"), (0.00001, 0.41, "≤ 41 %"), (0.0002, 0.0007, "0.02–0.1 %"), (0.0004, 0.0004, "under 0.1 %")],
)  # fmt: skip
def test_an_interval_holds_what_lies_in_it(least, most, text):
    assert interval(least, most) == text
