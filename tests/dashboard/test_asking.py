"""The head of a page: its links and forms lead where their words say, and nothing in an address goes unheard."""

from __future__ import annotations

import html
import re

import pytest

from .conftest import ORIGIN, SITE

PAGE = f"/sites/{SITE}/"
DATES = "from=2026-03-01&to=2026-03-04"


def forms(page):
    """(hidden and shown fields with their values, by the words of the button)."""
    found = {}
    for form in re.findall(r'<form method="get" class="dates">.*?</form>', page.text, re.S):
        fields = re.findall(r'<input type="(?:hidden|date|text)" name="([a-z]+)" value="([^"]*)"', form)
        found[re.search(r"<button[^>]*>(.*?)</button>", form)[1]] = dict(fields)
    return found


def pressed(client, page, button, **typed):
    return client.get(PAGE, base_url=ORIGIN, query_string={**forms(page)[button], **typed})


def test_dates_decide_whatever_the_period_was(page, client):
    first = page("?period=7d&device=mobile&by=day")
    found = pressed(client, first, "Show", **{"from": "2026-03-02", "to": "2026-03-04"})
    assert "2 Mar to 4 Mar 2026" in found.text
    assert 'aria-label="Filters"' in found.text
    compared = pressed(client, found, "Compare", cfrom="2026-02-01", cto="2026-02-03")
    assert forms(compared)["Show"]["cfrom"] == "2026-02-01"
    assert forms(compared)["Compare"]["from"] == "2026-03-02"
    assert "2 Mar to 4 Mar 2026" in compared.text
    assert "Compared with" in compared.text


def test_dates_of_the_comparison_keep_the_period(page, client):
    found = pressed(client, page("?period=7d"), "Compare", cfrom="2026-02-01", cto="2026-02-03")
    assert re.search(r'period=7d[^"]*" aria-current="true"', html.unescape(found.text))
    assert forms(found)["Compare"]["cfrom"] == "2026-02-01"


def test_dates_alone_are_a_period(page, client):
    assert "1 Mar to 4 Mar 2026" in page(f"?{DATES}").text
    asked = f"/api/v1/sites/{SITE}/figures/totals?{DATES}&cfrom=2026-02-01&cto=2026-02-02"
    found = client.get(asked, base_url=ORIGIN).json
    assert (found["from"], found["to"]) == ("2026-03-01", "2026-03-04")


@pytest.mark.parametrize("query", [f"?period=7d&{DATES}", "?compare=year&cfrom=2026-02-01&cto=2026-02-02"])
def test_dates_beside_a_name_that_says_otherwise_are_refused(page, query):
    found = page(query)
    assert found.status_code == 400
    assert "leave one of them out" in found.text


@pytest.mark.parametrize(
    "query", ["?from=2026-03-01", "?cto=2026-03-01", "?from=x&to=y", "?from=2026-03-02&to=2026-03-01"]
)
def test_dates_that_are_none_are_refused(page, query):
    assert page(query).status_code == 400


FAULTS = {
    "from=2026-03-02&to=2026-03-01": (
        {"from", "to"},
        "The period ends before it begins: swap the two dates.",
    ),
    "from=2026-03-01&to=1969-12-31": ({"to"}, "“To” must be a date from 1970 on, written YYYY-MM-DD."),
    "from=2.3.2026&to=2026-03-03": ({"from"}, "“From” must be a date from 1970 on, written YYYY-MM-DD."),
    "from=2026-02-30&to=2026-03-03": ({"from"}, "“From” must be a date from 1970 on, written YYYY-MM-DD."),
    "from=1970-01-01&to=2026-03-01": ({"from", "to"}, "A period may have 3660 days at most."),
    "cfrom=2026-03-02&cto=x": ({"cto"}, "“To” must be a date from 1970 on, written YYYY-MM-DD."),
    "cfrom=2026-03-02&cto=2026-03-01": (
        {"cfrom", "cto"},
        "The period ends before it begins: swap the two dates.",
    ),
}


def fields(page):
    """Attributes of each field of dates, by its name."""
    found = (
        dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        for tag in re.findall(r"<input [^>]*required[^>]*>", page.text)
    )
    return {field["name"]: field for field in found}


@pytest.mark.parametrize("place", ["", "pages/"])
@pytest.mark.parametrize("typed", FAULTS)
def test_dates_that_are_refused_stand_in_the_form_as_they_were_typed(page, client, typed, place):
    wrong, sentence = FAULTS[typed]
    more = "" if "cfrom" in typed else "&compare=none"
    found = page(f"?{typed}&device=mobile{more}", PAGE + place)
    assert found.status_code == 400
    shown = fields(found)
    given = dict(pair.split("=") for pair in typed.split("&"))
    assert {name: field["value"] for name, field in shown.items()} == given
    assert {name for name, field in shown.items() if field.get("aria-invalid") == "true"} == wrong
    for name in wrong:
        id = shown[name]["aria-describedby"]
        assert f'<p class="wrong" id="{id}">{sentence}</p>' in html.unescape(found.text)
    # A field of dates shows nothing for what is none.
    assert {name for name, field in shown.items() if field["type"] == "text"} == {
        name for name, text in given.items() if text in ("x", "2.3.2026", "2026-02-30")
    }
    (form,) = forms(found).values()
    mended = {**form, **dict(zip(given, ("2026-03-03", "2026-03-04"), strict=True))}
    again = client.get(PAGE + place, base_url=ORIGIN, query_string=mended)
    assert again.status_code == 200
    assert 'aria-label="Filters"' in again.text


def test_a_site_that_one_may_not_see_is_not_told_apart_by_wrong_dates(page):
    assert page("?from=2026-03-02&to=2026-03-01", "/sites/nowhere.test/").status_code == 404


def test_wrong_dates_of_a_program_are_one_sentence(client):
    found = client.get(f"/api/v1/sites/{SITE}/figures/totals?from=2026-03-02&to=2026-03-01", base_url=ORIGIN)
    assert (found.status_code, found.json) == (
        400,
        {"error": "The period ends before it begins: swap the two dates."},
    )


@pytest.mark.parametrize("words", ["a year before", "nothing", "the period before"])
def test_a_comparison_is_a_link(page, client, words):
    at = html.unescape(re.search(rf'<a href="([^"]*)"[^>]*>{words}</a>', page("?period=7d").text)[1])
    found = client.get(PAGE + at, base_url=ORIGIN)
    assert re.search(rf'aria-current="true">{words}</a>', found.text)
    assert re.search(r'aria-current="true">7 days</a>', found.text)


@pytest.mark.parametrize(
    ("query", "ends"),
    [
        ("?period=7d", ["26 Feb", "1 Mar", "4 Mar"]),
        ("?from=2026-01-01&to=2026-03-04&by=week", ["1 Jan", "2 Feb", "4 Mar"]),
        ("?from=2026-01-05&to=2026-03-04&by=month", ["Jan 2026", "Feb 2026", "Mar 2026"]),
        ("?period=24h", ["00:00", "12:00", "23:00"]),
    ],
)
def test_a_charts_ends_are_short(page, query, ends):
    line = re.search(r'<p class="ends" aria-hidden="true">(.*?)</p>', page(query).text)[1]
    assert re.findall(r"<span>([^<]*)</span>", line) == ends
