"""Long lists in a browser: more lines and the search, with and without script, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .dashboard_states import LONG, House, house

JAVASCRIPT = pytest.mark.parametrize("js", [True, False], ids=["script", "no script"])
PATH = f"/sites/{LONG}/pages/?period=7d"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("dashboard"), 1) as found:
        yield found


@pytest.fixture
def open_list(
    place: House, browser: Browser, new_context: Callable[..., BrowserContext]
) -> Callable[..., Page]:
    def run(js: bool, path: str = PATH) -> Page:
        page = new_context(java_script_enabled=js, viewport={"width": 390, "height": 800}).new_page()
        page.context.add_cookies(place.session("mia", browser))
        page.goto(f"{place.origin}{path}")
        return page

    return run


def _tab_to(page: Page, name: str) -> None:
    focused = page.locator(":focus")
    for _ in range(160):
        page.keyboard.press("Tab")
        if focused.count() and name in (focused.inner_text(), focused.get_attribute("id")):
            return
    raise AssertionError(f"no Tab leads to {name}")


@JAVASCRIPT
def test_more_lines_by_keyboard_and_on_from_where_they_begin(
    open_list: Callable[..., Page], js: bool
) -> None:
    page = open_list(js)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(100)
    page.get_by_role("link", name="Show 68 more").focus()
    page.keyboard.press("Enter")
    expect(rows).to_have_count(168)
    assert page.url.endswith("#line-101")
    expect(page.locator("#line-101")).to_be_in_viewport()
    page.go_back()
    expect(rows).to_have_count(100)


@JAVASCRIPT
def test_a_search_by_keyboard(open_list: Callable[..., Page], js: bool) -> None:
    page = open_list(js)
    _tab_to(page, "q")
    page.keyboard.type("Washer-of")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("42 lines hold “Washer-of”. Show all lines")
    expect(page.locator("tbody tr")).to_have_count(42)
    assert {"period=7d", "q=Washer-of"} <= set(page.url.partition("?")[2].split("&"))
    if js:  # and on from there, without looking for the field again
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type("-the-ak")
        page.keyboard.press("Enter")
        expect(page.locator("tbody tr")).to_have_count(1)
        page.go_back()
    expect(page.locator("tbody tr")).to_have_count(42)
    _tab_to(page, "Show all lines")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(100)
    expect(page.locator("#q")).to_have_value("")


@JAVASCRIPT
def test_a_panel_of_the_page_leads_to_its_list(open_list: Callable[..., Page], js: bool) -> None:
    page = open_list(js, f"/sites/{LONG}/?period=7d")
    page.get_by_role("link", name=re.compile("^160 more")).click()
    expect(page.get_by_role("heading", name="Pages", level=1)).to_be_visible()
    assert "period=7d" in page.url
    page.get_by_role("link", name="Name", exact=True).click()
    expect(page.locator("tbody th").first).to_have_text("/catalogue/part-bolt-of-the-ak")
    expect(page.get_by_role("link", name="Name", exact=True)).to_have_attribute("aria-current", "true")
