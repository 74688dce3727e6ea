"""What a visitor does with a page. Everything is found by its words, as a visitor would."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from .waiting import wait_until

ACCEPT = "Accept all cookies"
REJECT = "Reject all cookies"
SETTINGS_WORDS = re.compile("^(Cookie settings|Opt-out signal honoured: settings)$")


def accept_button(page: Page) -> Locator:
    return page.get_by_role("button", name=ACCEPT, exact=True)


def reject_button(page: Page) -> Locator:
    return page.get_by_role("button", name=REJECT, exact=True)


def settings_link(page: Page) -> Locator:
    """The link in the page, not the one inside the banner. Its words say where a signal was honoured."""
    return page.get_by_role("link", name=SETTINGS_WORDS).and_(page.locator("[role=region] a"))


def smoothed(page: Page) -> None:
    """Wait until the banner's script is there: it is fetched only once the banner has been painted. `wait_for_function`
    fails where a page's policy forbids to evaluate text."""
    wait_until(page, lambda: page.evaluate(f"({BANNER_SCRIPT})?.responseEnd > 0"), "the banner's script")


BANNER_SCRIPT = "performance.getEntriesByType('resource').find(one => one.name.includes('/static/banner.'))"


def accept(page: Page) -> None:
    """Press "Accept all cookies" and wait for the page that follows."""
    with page.expect_navigation():
        accept_button(page).click()
    expect(accept_button(page)).to_have_count(0)


def reject(page: Page) -> None:
    """Press "Reject all cookies" and wait until the banner is gone."""
    reject_button(page).click()
    expect(reject_button(page)).to_be_hidden()
    page.wait_for_load_state("load")


def choose(page: Page, *categories: str, over_signal: bool = False) -> None:
    """Grant exactly `categories` on the settings page, over the browser's signal if so asked; come back."""
    back = page.url
    page.goto(origin(page) + "/_gate/settings")
    for name in ("preferences", "analytics", "marketing"):
        page.locator(f"input[name=category][value={name}]").set_checked(name in categories)
    save = page.get_by_role("button", name="Save choice")
    if over_signal:
        save.locator("xpath=ancestor::form").locator("input[name=override]").check()
    with page.expect_navigation():
        save.click()
    page.goto(back)


def origin(page: Page) -> str:
    return str(page.evaluate("location.origin"))


def ran(page: Page) -> list[str]:
    """The names that third-party scripts left in the page."""
    return list(page.evaluate("self.ran || []"))


def cookie_names(page: Page, url: str | None = None) -> set[str]:
    """Cookies of the site that `url`, or the page, belongs to; HttpOnly ones too."""
    return {cookie.get("name", "") for cookie in page.context.cookies(url or page.url)}
