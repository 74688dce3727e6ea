"""What people do with the page, and how it must look then: hover, clicks, sign-out, paper, narrow screens, contrast."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cookiegate.dashboard.annotations import Annotations
from cookiegate.demo.year.replay import NAME

from .dashboard_site import TODAY
from .dashboard_states import House, house

JAVASCRIPT = pytest.mark.parametrize("js", [True, False], ids=["script", "no script"])
WEEK = f"/sites/{NAME}/?period=7d"
NOTE = "The fair in Harrogate began, and the newspaper wrote about it"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("dashboard"), 21) as found:
        Annotations(found.accounts).add(NAME, TODAY - 3, NOTE, "eve")
        yield found


@pytest.fixture
def opened(place: House, browser: Browser, new_context: Callable[..., BrowserContext]) -> Open:
    def run(path: str = WEEK, *, js: bool = True, width: int = 1280, scheme: str = "light") -> Page:
        context = new_context(
            java_script_enabled=js, color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        context.add_cookies(place.session("eve", browser))
        page.goto(f"{place.origin}{path}")
        return page

    return run


# -- with the mouse


def test_a_bar_says_its_figures_under_the_chart(opened: Open) -> None:
    page = opened()
    page.locator(".chart svg a").nth(3).hover()
    expect(page.locator(".hover")).to_have_text(
        re.compile(r"^24 Mar: [\d,]+ visits, [\d,]+ views; before: [\d,]+")
    )
    page.locator("h1").hover()
    expect(page.locator(".hover")).to_have_text("")


@JAVASCRIPT
@pytest.mark.parametrize(("panel", "line"), [("devices", "Mobile"), ("channels", "Search engines")])
def test_a_click_on_a_line_filters_the_page(opened: Open, js: bool, panel: str, line: str) -> None:
    page = opened(js=js)
    page.locator(f"section[aria-labelledby=p-{panel}]").get_by_role("link", name=line, exact=True).click()
    expect(page.get_by_role("list", name="Filters")).to_contain_text(line)
    assert "period=7d" in page.url
    page.get_by_role("link", name=re.compile("^Without the filter by")).click()
    expect(page.get_by_role("list", name="Filters")).to_have_count(0)


@JAVASCRIPT
def test_a_table_of_answers_is_found_sorted_and_filtered_by_time(opened: Open, js: bool) -> None:
    page = opened(js=js)
    page.get_by_text("Answers and coverage by country").click()
    page.get_by_role("link", name="Answers by country", exact=True).click()
    expect(page.get_by_role("heading", name="Answers by country", level=1)).to_be_visible()
    page.get_by_role("link", name="Refused all", exact=True).click()
    # The links of a page that is being exchanged know nothing of the order yet.
    expect(page.get_by_role("link", name="Refused all", exact=True)).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="28 days", exact=True).click()
    expect(page.get_by_role("link", name="Refused all", exact=True)).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("link", name="28 days", exact=True)).to_have_attribute("aria-current", "true")


@JAVASCRIPT
def test_the_figures_as_json_are_those_of_the_page(opened: Open, js: bool) -> None:
    page = opened(js=js)
    visits = page.locator("dd.value").first.inner_text().replace(",", "")
    with page.expect_response("**/figures?**") as wait:
        page.get_by_role("link", name="all as JSON").click()
    figures = wait.value.json()["sheets"]["totals"]["rows"]
    assert {row["figure"]: row["value"] for row in figures}["visits"] == int(visits)


@JAVASCRIPT
def test_signing_out_everywhere_ends_other_sessions_too(
    place: House, browser: Browser, new_context: Callable[..., BrowserContext], js: bool
) -> None:
    pages = []
    for _ in range(2):
        page = new_context(java_script_enabled=js).new_page()
        page.goto(f"{place.origin}/once/{place.accounts.link('nora')}")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Sign out everywhere")).to_be_visible()
        pages.append(page)
    pages[0].get_by_role("button", name="Sign out everywhere").click()
    for page in pages:
        page.goto(f"{place.origin}/")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


# -- on paper, and narrow


def lines_of(page: Page, selector: str) -> int:
    """How many lines the tallest of the elements takes."""
    return int(
        page.locator(selector).evaluate_all(
            "all => Math.max(...all.map(one => Math.round(one.getBoundingClientRect().height /"
            " parseFloat(getComputedStyle(one).lineHeight))))"
        )
    )


def test_paper_has_no_controls_and_labels_in_two_lines_at_most(opened: Open) -> None:
    page = opened(width=718)  # A4 within a browser's usual margins
    page.emulate_media(media="print")
    for gone in (".periods", ".own", ".out", ".out-of-here", ".notes form", ".more"):
        assert not [one for one in page.locator(gone).all() if one.is_visible()], gone
    assert lines_of(page, "section.panel tbody th > *:last-child") <= 2
    for panel in page.locator("section.panel").all():
        assert panel.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    expect(page.locator(".map")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_narrow_page_shows_every_change_below_its_figure(opened: Open) -> None:
    wide, narrow = opened(), opened(width=390)
    told = wide.locator("section[aria-labelledby=p-pages] td.c").all_inner_texts()
    small = narrow.locator("section[aria-labelledby=p-pages] tbody .d")
    assert [text for text in told if text] == small.all_inner_texts() != []
    expect(small.first).to_be_visible()
    assert not wide.locator(".d").first.is_visible()


ENDS = """all => all.map(one => {
  const text = document.createRange();
  text.selectNodeContents(one);
  return text.getBoundingClientRect().right;
})"""
"""Where what is written in each ends, which may be beyond it."""


def test_paths_are_not_broken_into_syllables_at_320_px(opened: Open) -> None:
    page = opened(f"/sites/{NAME}/pages/?period=7d", width=320)
    assert "/journal/reading-a-map" in page.locator("tbody th").all_inner_texts()
    assert lines_of(page, "tbody tr:not(.group) th > *:last-child") == 1
    assert max(page.locator("tbody td, thead th").evaluate_all(ENDS)) <= 304.5  # where the page's own edge is


@pytest.mark.parametrize("width", [320, 390, 768, 1024])
@pytest.mark.parametrize("table", ["answers-by-region", "answers-by-device", "coverage-by-country"])
def test_a_whole_table_hides_no_column_behind_a_scroll(opened: Open, table: str, width: int) -> None:
    page = opened(f"/sites/{NAME}/{table}/?period=28d", width=width)
    cells = page.locator("tbody td")
    assert cells.count() >= 4
    assert max(cells.evaluate_all(ENDS)) <= width
    assert page.locator(".scroll").evaluate("one => one.scrollWidth - one.clientWidth") == 0
    said = cells.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)")
    headings = page.locator("thead th").all_inner_texts()[1:]
    if width < 900:  # each figure says what it is
        assert said[: len(headings)] == [f'"{heading}"' for heading in headings]
    else:
        assert set(said) == {"none"}


def test_words_of_buttons_do_not_break(opened: Open) -> None:
    page = opened(width=320)
    assert lines_of(page, ".notes li .word") <= 2  # of 44 px, the least height of a target
    height = "one => one.getClientRects().length && one.getBoundingClientRect().height"
    assert page.get_by_role("button", name=f"Remove {NOTE}").evaluate(height) <= 46


# -- contrast

COLOURS = """() => {
  const css = (selector, what) => getComputedStyle(document.querySelector(selector))[what];
  return {
    page: css("body", "backgroundColor"), step: css(".chart .step", "fill"), bar: css(".bar path", "stroke"),
    group: css(".group .bar path", "stroke"), before: css(".chart use.before", "stroke"),
    mark: css(".chart .mark", "stroke"), casing: css(".chart .casing", "stroke"), land: css(".land", "fill"),
    tints: [1, 2, 3, 4, 5].map((n) => css(`.swatch.t${n}`, "fill")),
  };
}"""


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_carries_a_figure_stands_out(opened: Open, scheme: str) -> None:
    found = opened(scheme=scheme).evaluate(COLOURS)
    for name in ("step", "bar", "group"):
        assert contrast(found[name], found["page"]) >= 3, name
    assert found["casing"] == found["page"]
    for name in ("before", "mark", "step"):
        assert contrast(found[name], found["casing"]) >= 3, name
    tints = [found["land"], *found["tints"]]
    for one, other in itertools.pairwise(tints):
        assert contrast(one, other) >= 1.4, (one, other)


def test_a_note_stands_in_the_middle_of_its_bar(opened: Open) -> None:
    page = opened()
    bar = page.locator(".chart a:has(.mark) .step").bounding_box()
    mark = page.locator(".chart a .mark").evaluate("one => one.getBoundingClientRect().x")
    assert bar is not None
    assert abs(mark - (bar["x"] + bar["width"] / 2)) < 2
    assert page.locator(".chart a:has(.mark) title").text_content().startswith("25 Mar:")  # type: ignore[union-attr]
