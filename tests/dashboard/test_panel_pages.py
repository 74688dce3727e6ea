"""Each table has a page of its own that something leads to, with the head of all pages, and loses nothing of it."""

from __future__ import annotations

import html
import re

import pytest

from cookiegate.core.counts import VISIT, label_of
from cookiegate.dashboard.panels import PANELS
from cookiegate.dashboard.sheets import kinds
from cookiegate.dashboard.tables import is_table

from .conftest import DAY, ORIGIN, SITE, sealed

WHOLE = {"totals", "time", "notes", "answers"}
"""What the page of a site shows whole."""


def links(page):
    return {
        html.unescape(text): html.unescape(at)
        for at, text in re.findall(r'<a href="([^"]*)"[^>]*>([^<]+)<', page.text)
    }


def names(page):
    return [
        html.unescape(name)
        for name in re.findall(r'<th scope="row">(?:<svg.*?</svg>)?<(?:span|a)[^>]*>([^<]*)<', page.text)
    ]


@pytest.fixture
def countries(store):
    """A day on which people of nine countries were asked; of France the fewest accepted."""
    cells = {("hour", "09"): 9 * 140 * VISIT}
    for place, code in enumerate(("FR", "DE", "GB", "IT", "ES", "PL", "NL", "BE", "AT")):
        cells["cube", label_of(code, "mobile", "search", "undecided")] = 140 * VISIT
        for event, count in (("shown", 90 - place), ("accept", 20 + place)):
            cells[f"prompt:{event}:region", code] = count * VISIT
            cells[f"prompt:{event}:banner", "v1"] = (
                cells.get((f"prompt:{event}:banner", "v1"), 0) + count * VISIT
            )
    sealed(store, DAY + 7, cells)
    return f"?from={'2026-03-11'}&to=2026-03-11"


def test_something_leads_to_the_page_of_each_table(page):
    leads = {at.partition("?")[0] for at in links(page()).values()}
    for kind in kinds().values():
        if kind.id not in WHOLE:
            assert f"/sites/{SITE}/{kind.id}/" in leads, kind.id
    assert {kind.id for kind in kinds().values()} == WHOLE | {panel.id for panel in PANELS} | {
        name for name in kinds() if is_table(name)
    }


def test_held_calls_are_told_by_category_too(store, page, client):
    calls = {("held:service", label_of("analytics", "matomo")): 40 * VISIT, ("held:category", "analytics"): 40 * VISIT,
             ("held:service", label_of("unclassified", "x.test")): 30 * VISIT,
             ("held:category", "unclassified"): 30 * VISIT, ("hour", "09"): 50 * VISIT}  # fmt: skip
    sealed(store, DAY + 7, calls)
    text = page("?from=2026-03-11&to=2026-03-11").text
    assert "Held, by category" in text
    assert "Matomo (analytics)" in text
    assert "x.test (unclassified)" in text
    assert re.search(r"<span>Not classified</span></th><td class=\"n\">30</td>", text)
    found = client.get(
        f"/sites/{SITE}/held-services/?from=2026-03-11&to=2026-03-11&q=analytics", base_url=ORIGIN
    )
    assert names(found) == ["Matomo (analytics)"]
    assert links(found)["Held, by category"].startswith(f"/sites/{SITE}/held-categories/?")


def test_answers_by_country_stand_whole_on_their_page(countries, page, client):
    first = page(countries)
    assert len(re.findall(r"All lines", first.text)) == 1
    at = links(first)["Answers by country"]
    assert at.startswith(f"/sites/{SITE}/answers-by-region/?")
    whole = client.get(at, base_url=ORIGIN)
    assert names(whole)[:2] == ["France", "Germany"]
    assert len(names(whole)) == 9
    by_accepted = client.get(
        links(whole)["Accepted all"].join([f"/sites/{SITE}/answers-by-region/", ""]), base_url=ORIGIN
    )
    assert names(by_accepted)[0] == "Austria"
    assert '<td class="n" data-name="Accepted all">28 <span class="part">34 %</span></td>' in by_accepted.text
    found = client.get(f"{at}&q=italy", base_url=ORIGIN)
    assert names(found) == ["Italy"]
    assert client.get(f"{at}&sort=change", base_url=ORIGIN).status_code == 400


def test_coverage_has_a_page(page):
    found = page("?period=24h", f"/sites/{SITE}/coverage-by-country/")
    assert found.status_code == 200
    assert "Coverage by country" in found.text


@pytest.mark.parametrize("name", ["coverage-by-country", "coverage-by-channel"])
def test_a_page_of_coverage_without_a_line_says_when_it_has_one(page, name):
    words = name.replace("-", " ").capitalize()
    sentence = f"{words} is shown once a part has 200 visits in a day, and so has the rest."
    nobody = "?from=2020-01-01&to=2020-01-02"
    assert sentence in page(nobody, f"/sites/{SITE}/{name}/").text


def test_what_is_hidden_has_no_share_beside_it(store, page):
    cells = {("hour", "09"): 200 * VISIT}
    for event, count in (("shown", 40), ("accept", 2)):
        for side, label in (("region", "FR"), ("banner", "v1")):
            cells[f"prompt:{event}:{side}", label] = count * VISIT
    cells["cube", label_of("FR", "mobile", "search", "undecided")] = 200 * VISIT
    sealed(store, DAY + 7, cells)
    found = page("?from=2026-03-11&to=2026-03-11", f"/sites/{SITE}/answers-by-region/").text
    assert '<td class="n" data-name="Accepted all">hidden</td>' in found
    whole = page("?from=2026-03-11&to=2026-03-11").text
    bar, times = re.search(
        r'<rect width="([^"]*)"[^<]*/>[^\n]*<span>Gave no answer</span></th><td class="n">([^<]*)<', whole
    ).groups()
    assert (times, float(bar)) == ("hidden", 0), "a bar is of what is certain"


@pytest.mark.parametrize("name", ["totals", "time", "answers", "answers-by-x"])
def test_what_stands_whole_on_the_page_has_no_other(page, name):
    assert page("", f"/sites/{SITE}/{name}/").status_code == 404


def test_a_panel_page_changes_the_period_and_keeps_its_order_and_search(client):
    place = f"/sites/{SITE}/pages/"
    found = client.get(f"{place}?period=24h&region=GB&device=mobile&sort=name&q=pri", base_url=ORIGIN)
    for words in ("7 days", "a year before"):
        again = client.get(place + links(found)[words], base_url=ORIGIN)
        assert re.search(rf'aria-current="true">{words}</a>', again.text)
        assert {"sort=name", "q=pri", "region=GB", "device=mobile"} <= set(
            re.split(r"[?&]", links(found)[words])
        )
    less = html.unescape(
        re.search(r'<a href="([^"]*)"><span class="unseen">Without the filter by device', found.text)[1]
    )
    assert {"sort=name", "q=pri", "region=GB"} <= set(re.split(r"[?&]", less))
    assert "device" not in less


def test_a_click_on_a_line_keeps_the_order_and_the_search(client):
    found = client.get(f"/sites/{SITE}/devices/?period=24h&sort=name&q=mob", base_url=ORIGIN)
    assert {"sort=name", "q=mob", "device=mobile"} <= set(re.split(r"[?&]", links(found)["Mobile"]))
    country = client.get(f"/sites/{SITE}/regions/?period=24h&sort=name&q=united", base_url=ORIGIN)
    at = links(country)["United Kingdom"]
    assert "sort=name" in at
    assert "q=" not in at, "a country's lines are its regions, none of which holds its name"
    assert names(client.get(f"/sites/{SITE}/regions/{at}", base_url=ORIGIN)) == ["England"]
