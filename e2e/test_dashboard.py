"""The dashboard in a real browser: with and without script, narrow and wide, and no fault that axe knows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cookiegate.dashboard.app import accounts_of, build
from cookiegate.demo.year.dashboard import year_question
from cookiegate.demo.year.replay import NAME, Replay, year_config

TODAY = 20_540
NOW = TODAY * 86400 + 6 * 3600
PASSWORD = "a rather long password"
JAVASCRIPT = pytest.mark.parametrize("js", [True, False], ids=["script", "no script"])
Open = Callable[..., Page]


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard with three generated weeks and an account."""
    folder: Path = tmp_path_factory.mktemp("dashboard")
    config = year_config(folder)
    for _ in Replay(config, year_question(config), TODAY, 21).run():
        pass
    accounts = accounts_of(config)
    accounts.add("anna", PASSWORD, "viewer", (NAME,))
    app = build(config, accounts=accounts, clock=lambda: NOW)
    server = make_server("127.0.0.1", 0, app, handler_class=Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def session(origin: str, browser: Browser) -> Any:
    """The cookies of one sign-in, by keyboard: more of them within a minute would be throttled."""
    page = browser.new_page()
    page.goto(f"{origin}/sites/{NAME}/?period=7d")
    page.get_by_label("Name").fill("anna")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/?period=7d")
    found = page.context.cookies()
    page.close()
    return found


@pytest.fixture
def signed_in(origin: str, session: Any, new_context: Callable[..., BrowserContext]) -> Iterator[Open]:
    said: list[str] = []

    def open_page(*, js: bool = True, width: int = 1280) -> Page:
        page = new_context(java_script_enabled=js, viewport={"width": width, "height": 900}).new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.context.add_cookies(session)
        page.goto(f"{origin}/sites/{NAME}/?period=7d")
        return page

    yield open_page
    assert said == []


@JAVASCRIPT
def test_a_click_on_a_region_filters_and_back_takes_it_away(signed_in: Open, js: bool) -> None:
    page = signed_in(js=js)
    page.get_by_role("link", name="United Kingdom", exact=True).click()
    expect(page.get_by_role("list", name="Filters")).to_contain_text("United Kingdom")
    expect(page.get_by_role("link", name="England", exact=True)).to_be_visible()
    assert "region=GB" in page.url
    assert "period=7d" in page.url
    page.go_back()
    expect(page.get_by_role("list", name="Filters")).to_have_count(0)


@JAVASCRIPT
def test_days_of_ones_own(signed_in: Open, js: bool) -> None:
    page = signed_in(js=js)
    page.get_by_text("Other days, and comparison").click()
    page.locator("select[name=period]").select_option("24h")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="24 hours")).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_nothing_is_cut_off(signed_in: Open, width: int) -> None:
    page = signed_in(js=False, width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("query", ["?period=7d", "?period=7d&region=GB", "?period=24h", "?period=12m"])
def test_axe_finds_nothing(signed_in: Open, origin: str, query: str) -> None:
    page = signed_in()
    page.goto(f"{origin}/sites/{NAME}/{query}")
    page.locator("summary").evaluate_all("all => all.forEach(one => { one.parentElement.open = true })")
    found = Axe().run(page).response["violations"]
    assert [(entry["id"], entry["nodes"][0]["html"]) for entry in found] == []


def test_axe_finds_nothing_before_the_sign_in(
    origin: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    page.goto(f"{origin}/sign-in")
    assert Axe().run(page).response["violations"] == []
