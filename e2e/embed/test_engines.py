"""The tag in each engine that is here: Chromium, and Firefox and WebKit where Playwright's builds of them are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from ..lab.lab import Lab
from ..lab.recorder import Recorder
from ..lab.tunnel import running_tunnel
from ..lab.visitor import accept, accept_button, ran, reject, reject_button, settings_link

SHOP = "shop.test"
SCRIPTS = ["script", "module"]


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def engine(
    request: pytest.FixtureRequest, playwright: Playwright, browser_path: Path, lab: Lab
) -> Iterator[Browser]:
    kind = getattr(playwright, request.param)
    path = browser_path if request.param == "chromium" else Path(kind.executable_path)
    if not path.exists():
        pytest.skip(
            f"Playwright's {request.param} is not here; `playwright install {request.param}` brings it"
        )
    places = {SHOP: lab.embedding.pages_port, "gate.test": lab.embedding.service_port}
    with running_tunnel(lambda host: places.get(host, lab.recorder.port)) as proxy:
        browser = kind.launch(executable_path=path, proxy={"server": proxy})
        yield browser
        browser.close()


@pytest.fixture
def context(engine: Browser, recorder: Recorder) -> Iterator[BrowserContext]:
    context = engine.new_context(ignore_https_errors=True)
    context.set_default_timeout(15_000)
    yield context
    context.close()


def opened(context: BrowserContext, query: str = "") -> Page:
    page = context.new_page()
    page.goto(f"https://{SHOP}/vectors{query}")
    return page


def test_nothing_runs_before_a_choice_and_all_in_order_after_one(
    context: BrowserContext, recorder: Recorder
) -> None:
    page = opened(context)
    expect(accept_button(page)).to_be_visible()
    recorder.settle(least=0.8)
    assert ran(page) == []
    accept(page)
    page.wait_for_function("(self.ran || []).includes('module')")
    assert [name for name in ran(page) if name in SCRIPTS] == SCRIPTS


def test_marked_up_tags_reach_nobody_before_a_choice(context: BrowserContext, recorder: Recorder) -> None:
    page = opened(context, "?as=gate")
    expect(accept_button(page)).to_be_visible()
    recorder.settle(least=0.8)
    assert recorder.vectors == set()
    accept(page)
    recorder.wait_for(SCRIPTS)
    assert set(SCRIPTS) <= recorder.vectors


def test_a_refusal_stays_and_a_grant_can_be_taken_back(context: BrowserContext, recorder: Recorder) -> None:
    page = opened(context)
    reject(page)
    page.reload()
    expect(settings_link(page)).to_be_visible()
    expect(reject_button(page)).to_have_count(0)
    settings_link(page).click()
    accept(page)
    page.wait_for_function("(self.ran || []).includes('script')")
    settings_link(page).click()
    with page.expect_navigation():
        reject_button(page).click()
    recorder.settle(least=0.8)
    assert ran(page) == []
    assert page.evaluate("cookiegate.choice.decided && !cookiegate.allows('marketing')")
