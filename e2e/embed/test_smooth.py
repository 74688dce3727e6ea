"""Nothing moves, nothing stutters, nothing is complained of, and everybody can use it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from ..lab.recorder import Recorder
from ..lab.tasks import traced_tasks
from ..lab.visitor import accept, accept_button, reject, reject_button

Keeping = Callable[..., BrowserContext]
SHIFTS = """
self.shifts = [];
new PerformanceObserver(list => self.shifts.push(
    ...list.getEntries().filter(entry => !entry.hadRecentInput).map(entry => entry.value)))
  .observe({ type: 'layout-shift', buffered: true });
"""
PHONE = {"width": 412, "height": 823}
DESK = {"width": 1280, "height": 900}
QUIET = ("Content Security Policy", "Content-Security-Policy", "preloaded using link preload")
"""The browser's own notices of what a policy keeps away are what the tag is for."""


def listened(page: Page) -> list[str]:
    told: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(words in message.text for words in QUIET):
            told.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: told.append(str(error)))
    return told


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("host", ["shop.test", "www.shared.test"])
def test_banner_moves_nothing(keeping: Keeping, size: dict[str, int], host: str) -> None:
    context = keeping(viewport=size)
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.goto(f"https://{host}/vectors")
    expect(accept_button(page)).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("self.shifts") == []
    reject(page)
    page.wait_for_timeout(500)
    assert page.evaluate("self.shifts") == []
    page.reload()
    page.wait_for_timeout(500)
    assert page.evaluate("self.shifts") == []


@pytest.mark.parametrize("host", ["shop.test", "marks.test", "www.shared.test"])
def test_nothing_is_complained_of_from_the_first_visit_to_withdrawal(
    keeping: Keeping, recorder: Recorder, host: str
) -> None:
    page = keeping().new_page()
    told = listened(page)
    page.goto(f"https://{host}/vectors")
    expect(accept_button(page)).to_be_visible()
    if host == "marks.test":
        accept_button(page).click()
        expect(page.get_by_role("alert")).to_be_visible()
    else:
        accept(page)
    page.goto(f"https://{host}/vectors")
    page.get_by_role("link", name="Cookie settings").click()
    with page.expect_navigation():
        reject_button(page).click()
    page.wait_for_load_state("load")
    assert told == []


def test_no_task_of_the_tag_is_long_on_a_slow_phone(trusting_browser: Browser, keeping: Keeping) -> None:
    """A machine that others use too makes every task longer: the best of five visits counts."""
    found = [long_tasks(trusting_browser, keeping) for _ in range(5)]
    assert min(found, key=len) == [], found


def long_tasks(browser: Browser, keeping: Keeping) -> list[float]:
    context = keeping(viewport=PHONE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.wait_for_timeout(500)
    with traced_tasks(browser, page, "/_gate/") as tasks:
        page.goto("https://shop.test/plain")
        expect(accept_button(page)).to_be_visible()
        page.wait_for_timeout(500)
    context.close()
    return tasks


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{item['id']}: {node['html'][:80]}" for item in found for node in item["nodes"]
            if "gate" in str(node["target"]) or "gate" in node["html"]]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 320, "height": 640}, DESK], ids=["narrow", "desk"])
def test_axe_finds_nothing_in_any_state(keeping: Keeping, scheme: str, size: dict[str, int]) -> None:
    page = keeping(viewport=size, color_scheme=scheme).new_page()
    page.goto("https://shop.test/plain")
    expect(accept_button(page)).to_be_visible()
    assert serious(page) == []
    page.get_by_text("Choose", exact=True).click()
    expect(page.get_by_role("button", name="Save choice")).to_be_visible()
    assert serious(page) == []
    reject(page)
    expect(page.get_by_role("alert")).to_be_visible()
    assert serious(page) == []
    page.reload()
    page.get_by_role("link", name="Cookie settings").click()
    expect(accept_button(page)).to_be_visible()
    assert serious(page) == []


def test_one_tab_reaches_the_banner_and_nothing_is_a_trap(keeping: Keeping) -> None:
    page = keeping().new_page()
    page.goto("https://shop.test/plain")
    expect(accept_button(page)).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.gate')")
    page.keyboard.press("Escape")
    assert page.evaluate("cookiegate.choice.decided") is False
    left = False
    for _ in range(12):
        page.keyboard.press("Tab")
        left = left or bool(page.evaluate("!document.activeElement.closest('.gate')"))
    assert left
