"""Long lists: a hundred lines at first, a thousand by a link, the rest by the search or the file."""

from __future__ import annotations

import html
import re

import pytest

from cookiegate.core.counts import VISIT
from cookiegate.dashboard.pages import SHOWN

from .conftest import DAY, ORIGIN, SITE, sealed

PAGES = f"/sites/{SITE}/pages/"
WHEN = "?period=custom&from=2026-03-11&to=2026-03-11"


@pytest.fixture
def listed(store, client):
    """`listed(n)`: a day of n pages, /even/… and /odd/… by turns, and a client's way to their panel."""

    def fill(count):
        cells = {("page", f"/{'odd' if n % 2 else 'even'}/{n}"): (3000 - n) * VISIT for n in range(count)}
        sealed(store, DAY + 7, cells | {("hour", "09"): sum(cells.values())})
        return lambda more="": client.get(PAGES + WHEN + more, base_url=ORIGIN)

    return fill


def names(page):
    body = page.text.split("<tbody>")[1].split("</tbody>")[0]
    return [
        html.unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r'<th scope="row">.*?</th>', body)
    ]


def link(page, words):
    """The address behind a link."""
    found = re.search(rf'<a href="([^"]*)"[^>]*>{words}</a>', page.text)
    return None if found is None else html.unescape(found[1])


def test_a_list_begins_with_a_hundred_and_a_link_shows_the_rest_where_it_begins(listed, client):
    ask = listed(150)
    first = ask()
    assert len(names(first)) == SHOWN[0] == 100
    assert 'id="line-101"' not in first.text
    more = link(first, "Show 50 more")
    assert more.endswith("#line-101")
    whole = client.get(PAGES + more.partition("#")[0], base_url=ORIGIN)
    assert len(names(whole)) == 150
    assert whole.text.count('id="line-101"') == 1
    assert "more</a>" not in whole.text


def test_beyond_a_thousand_lines_the_page_says_so(listed, client):
    ask = listed(1100)
    assert link(ask(), "Show 900 of 1,000 more")
    whole = ask("&lines=1000")
    assert len(names(whole)) == 1000
    assert "100 more lines: narrow the search, or take the file." in whole.text


def test_a_search_looks_through_lines_that_are_not_shown(listed):
    ask = listed(150)
    found = ask("&q=%2F149")
    assert names(found) == ["/odd/149"]
    assert "One line holds “/149”." in found.text
    assert "75 lines hold “EVEN”." in ask("&q=+EVEN+").text
    nothing = ask("&q=nothing-of-it")
    assert "No line holds “nothing-of-it”." in nothing.text
    assert 'role="search"' in nothing.text
    assert link(nothing, "Show all lines")


def test_a_search_keeps_the_period_the_order_and_what_more_shows(listed):
    ask = listed(250)
    found = ask("&q=even&sort=name&region=GB")
    assert names(found)[:2] == ["/even/0", "/even/10"]
    for words in ("Name", "Entries", "Show 25 more", "Show all lines"):
        address = link(found, words)
        assert {"period=custom", "from=2026-03-11", "region=GB"} <= set(re.split(r"[?&#]", address)), words
        assert ("q=even" in address) == (words != "Show all lines")
    assert "sort=name" in link(found, "Show 25 more")


def test_the_form_keeps_the_question(listed):
    page = listed(20)("&sort=visits&region=GB").text
    form = page.split('role="search"')[1].split("</form>")[0]
    assert dict(re.findall(r'type="hidden" name="([a-z]+)" value="([^"]*)"', form)) == {
        "period": "custom", "from": "2026-03-11", "to": "2026-03-11", "region": "GB", "sort": "visits"}  # fmt: skip


def test_an_empty_list_has_no_search(client):
    assert 'role="search"' not in client.get(f"/sites/{SITE}/goals/", base_url=ORIGIN).text


@pytest.mark.parametrize("count", ["0", "99", "5000", "x", "-1"])
def test_other_numbers_of_lines_are_refused(listed, count):
    found = listed(20)(f"&lines={count}")
    assert found.status_code == 400
    assert "“lines” is one of 100, 1000." in found.text


def test_hours_are_said_to_stand_in_their_order(client):
    for query, words in (("", "Name"), ("?sort=visits", "Visits")):
        found = client.get(f"/sites/{SITE}/hours/{query}", base_url=ORIGIN).text
        assert re.findall(r'aria-current="true">([^<]*)</a>', found.split('aria-label="Sorted by"')[1]) == [
            words
        ]
