"""A known day gives exactly these figures."""

from __future__ import annotations

import html
import re

import html5lib
import pytest

from cookiegate.core.counts import VIEW, VISIT, label_of
from cookiegate.dashboard.filters import is_value
from cookiegate.dashboard.period import iso
from cookiegate.dashboard.words import change
from cookiegate.errors import AccountError, StoreError

from .conftest import DAY, ORIGIN, SITE, sealed


def lines(page, panel):
    """{name: figures} of a panel's table."""
    section = page.text.split(f'id="p-{panel}"')[1].split("</section>")[0]
    found = {}
    for row in re.findall(r"<tr.*?</tr>", section)[1:]:
        name = html.unescape(re.sub(r"<[^>]+>", "", row.split("</th>")[0]))
        found[name] = [text.strip() for text in re.findall(r'<td class="n">([^<]*)<', row)]
    return found


def totals(page):
    names = re.findall(r"<dt>([^<]*)</dt>\s*<dd class=\"value\">([^<]*)</dd>", page.text)
    return dict(names)


def test_totals_are_exact(page):
    assert totals(page()) == {
        "Visits": "60",
        "Views": "80",
        "Accepted all": "50 %",
        "Seen by consent tools": "42 %",
        "Visitors who opted in": "–",
    }


def test_panels_are_exact(page):
    found = page()
    assert lines(found, "regions") == {"United Kingdom": ["40"], "Germany": ["20"]}
    assert lines(found, "devices") == {"Mobile": ["40"], "Desktop": ["20"]}
    assert lines(found, "channels") == {"Search engines": ["40"], "Direct": ["20"]}
    assert lines(found, "sources") == {"google.com": ["40"], "No referrer": ["20"]}
    assert lines(found, "languages") == {"English": ["40"], "German": ["20"]}
    assert lines(found, "robots") == {"Search marketing": ["12"]}


def test_an_answer_that_no_day_tells_is_hidden_and_not_nought(page):
    found = page().text
    assert re.search(r'Chose a part</span></th><td class="n">≤ 8</td><td class="n s">≤ 20 %</td>', found)
    assert re.search(r'Gave no answer</span></th><td class="n">≤ 8</td>', found)
    assert re.search(r'Took a consent back</span></th><td class="n">hidden</td>', found)


def test_a_hidden_answer_says_why(page):
    section = page().text.split('id="consent"')[1].split("</div>")[0]
    assert ">hidden<" in section
    assert "Hidden: under 10 on each day, or not to be told safely." in section


def test_changes_stand_under_their_figures_for_a_telephone(page, store):
    """Its tables have no column for them: one each in answers, by side, and in what tools can see."""
    cells = {("hour", "09"): 200 * VISIT, ("language", "en"): 200 * VISIT}
    for state in ("undecided", "denied"):
        cells["cube", label_of("GB-ENG", "mobile", "search", state)] = 100 * VISIT
    for event, count in (("shown", 100), ("accept", 40), ("reject", 60)):
        for side, label in (("banner", "v1"), ("device", "mobile"), ("region", "GB-ENG"), ("language", "en")):
            cells[f"prompt:{event}:{side}", label] = count * VISIT
    for day in (DAY + 7, DAY + 8):
        sealed(store, day, cells, last=DAY + 8)
    found = page("?from=2026-03-12&to=2026-03-12").text
    for name in ('id="consent"', ">Answers by device<"):
        part = found.split(name)[1].split("</table>")[0]
        assert '<span class="d">Change</span>' in part
        assert '<span class="d">± 0 points</span>' in part


def test_held_calls_say_that_they_are_rounded(page, store):
    calls = {("held:service", label_of("analytics", "matomo")): 344 * VISIT, ("hour", "09"): 60 * VISIT}
    sealed(store, DAY + 7, calls)
    found = page("?from=2026-03-11&to=2026-03-11").text
    assert (
        "Each day is rounded to two figures" in found.split('id="p-held-services"')[1].split("</section>")[0]
    )
    assert found.count("Each day is rounded") == 1


def test_a_column_of_shares_that_cannot_be_said_is_left_out(page, store):
    """Of robots of two days that group one of them."""
    sealed(
        store,
        DAY + 1,
        {("hour", "09"): 60 * VISIT, ("bot", "seo"): 12 * VIEW, ("bot", "monitoring"): 3 * VIEW},
    )
    section = (
        page(f"?from={iso(DAY)}&to={iso(DAY + 1)}").text.split('id="p-robots"')[1].split("</section>")[0]
    )
    assert "Share" not in section
    assert "Share" in page().text.split('id="p-robots"')[1].split("</section>")[0]


def test_a_small_page_is_told_together_and_the_page_says_why(page):
    found = page()
    assert "/hello" not in found.text
    assert lines(found, "pages") == {"/": ["45", "40"], "Told together, with /pricing": ["35", "20"]}
    assert "because labels among them had under 10 visits on their day" in found.text
    assert "in this week is shown in it from 9 Mar on" in found.text


def test_a_filter_by_region_shows_its_subdivisions_and_total(page):
    found = page("?period=24h&region=GB")
    assert totals(found)["Visits"] == "40"
    assert lines(found, "regions") == {"England": ["40"]}


def test_a_panel_that_cannot_honour_a_filter_says_so(page):
    found = page("?period=24h&region=GB")
    section = found.text.split('id="p-pages"')[1].split("</section>")[0]
    assert "Whole site:" in section
    assert lines(found, "pages")["/"] == ["45", "40"]


def test_a_filter_finer_than_the_blocks_says_what_is_not_told(page):
    section = page("?period=24h&region=GB").text.split('id="p-devices"')[1].split("</section>")[0]
    assert "a part is shown on its own from 200 visits a day" in section


def test_change_is_against_the_period_before(page, store):
    sealed(store, DAY - 1, {("hour", "09"): 50 * VISIT, ("page", "/"): 50 * VISIT}, last=DAY)
    sealed(store, DAY - 2, {("hour", "09"): 50 * VISIT, ("page", "/"): 50 * VISIT}, last=DAY)
    assert "+20 %" in page().text


def test_a_comparison_with_days_before_the_first_is_refused_in_words(page):
    assert "The first figures are of 4 Mar 2026: too late for a comparison." in page("").text


def test_an_empty_site_says_when_figures_appear(app, client, store):
    store._rows.clear()
    found = client.get(f"/sites/{SITE}/", base_url=ORIGIN)
    assert "Nothing is published yet." in found.text


def test_a_store_that_is_down_is_a_sentence(client, store, monkeypatch):
    def fail(*_):
        raise StoreError("the disk is gone")

    monkeypatch.setattr(store, "sums", fail)
    found = client.get(f"/sites/{SITE}/", base_url=ORIGIN)
    assert found.status_code == 503
    assert "cannot be read at the moment" in found.text
    assert "disk" not in found.text


def test_accounts_that_cannot_be_read_are_a_sentence(client, accounts, monkeypatch):
    def fail(*_):
        raise AccountError("the disk is gone")

    monkeypatch.setattr(accounts, "get", fail)
    found = client.get(f"/sites/{SITE}/", base_url=ORIGIN)
    assert found.status_code == 503
    assert "cannot be read at the moment" in found.text
    assert "disk" not in found.text


@pytest.mark.parametrize(
    "query",
    ["?period=9d", "?compare=x", "?period=custom&from=2026-02-30&to=2026-03-01", "?region=gb", "?device=x",
     "?channel=<script>", "?by=minute", "?period=custom&from=2026-03-02&to=2026-03-01", "?region=GB%00-x"],
)  # fmt: skip
def test_what_cannot_be_asked_is_one_sentence(page, query):
    found = page(query)
    assert found.status_code == 400
    assert "<script>" not in re.sub(r"<script src=[^>]*>", "", found.text)


@pytest.mark.parametrize("path", ["/sites/nowhere.test/", f"/sites/{SITE}/nothing/", "/nothing"])
def test_what_is_not_there_is_404(page, path):
    assert page("", path).status_code == 404


@pytest.mark.parametrize("query", ["", "?period=24h", "?period=12m", "?period=all&by=month", "?region=GB&device=mobile",
                                   "?compare=none&by=hour", "?compare=year"])  # fmt: skip
def test_every_page_is_valid_html(page, query):
    found = page(query)
    assert found.status_code == 200
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(found.text)


def test_labels_of_visitors_come_out_escaped(page, store):
    bad = "<img src=x onerror=alert(1)>\"'"
    sealed(
        store,
        DAY + 7,
        {("hour", "01"): 20 * VISIT, ("page", bad): 20 * VISIT, ("utm_campaign", bad): 20 * VISIT},
    )
    found = page(f"?period=custom&from=2026-03-11&to=2026-03-11&q={bad}", f"/sites/{SITE}/pages/")
    assert "<img" not in found.text
    assert "&lt;img" in found.text


def test_search_and_long_lists(page):
    found = page("?period=24h&q=GOOG", f"/sites/{SITE}/sources/")
    assert "google.com" in found.text
    assert "No referrer" not in found.text
    assert "No line holds" in page("?period=24h&q=zzz", f"/sites/{SITE}/pages/").text


@pytest.mark.parametrize(
    ("sort", "order"),
    [("", ["Safari", "Firefox"]), ("visits", ["Safari", "Firefox"]), ("name", ["Firefox", "Safari"])],
)
def test_a_panel_is_sorted(page, sort, order):
    found = page(f"?period=24h&sort={sort}".removesuffix("&sort="), f"/sites/{SITE}/browsers/").text
    assert re.findall(r"</svg><span>([^<]*)</span>", found) == order


def test_a_sort_that_is_none_is_refused(page):
    assert page("?sort=bogus", f"/sites/{SITE}/pages/").status_code == 400
    assert page("?sort=views", f"/sites/{SITE}/sources/").status_code == 400


def test_regions_are_credited(page):
    assert "IP Geolocation by DB-IP" in page().text


@pytest.mark.parametrize(
    ("region", "known"),
    [
        ("GB-ENG", True),
        ("RU-Kaluga", True),
        ("HK-Kwai Tsing District", True),
        ("gb", False),
        ("GB-\x1f", False),
    ],
)
def test_a_subdivision_without_a_code_can_be_filtered_by(region, known):
    assert is_value("region", region) == known


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (100_060, 100_000, "+0.1 %"),
        (99_940, 100_000, "−0.1 %"),
        (100_010, 100_000, "± 0 %"),
        (108, 100, "+8.0 %"),
        (0, 7, "−100 %"),
    ],
)
def test_a_change_is_a_number(now, before, text):
    assert change(now, before) == text
