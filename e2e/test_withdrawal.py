"""After withdrawal nothing is left and nothing comes back: cookies, tags, Back, service worker, 304."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .lab.lab import GATED
from .lab.recorder import Recorder
from .lab.visitor import accept, cookie_names, ran, settings_link
from .site.vectors import PEERS_17, TRACKER_COOKIES
from .test_leaks import JAVASCRIPT, nobody


def withdraw(page: Page) -> None:
    """As a visitor does: the link on the page, then "Reject all cookies"."""
    settings_link(page).first.click()
    page.wait_for_url("**/_gate/settings**")
    with page.expect_navigation():
        page.get_by_role("button", name="Reject all cookies").first.click()


@JAVASCRIPT
def test_none_of_four_tracker_cookies_is_left(visit: Visit, js: bool) -> None:
    page = visit("/cookies", host=f"www.{GATED}", js=js)
    accept(page)
    if js:
        page.wait_for_function("document.cookie.includes('_fbp')")
    assert cookie_names(page) >= (TRACKER_COOKIES if js else TRACKER_COOKIES - {"_fbp"})
    withdraw(page)
    page.goto(f"https://www.{GATED}/cookies")
    assert cookie_names(page) & TRACKER_COOKIES == set()
    assert cookie_names(page) >= {"session", "csrftoken", "shop_pref"}


@JAVASCRIPT
def test_trackers_are_held_again(visit: Visit, recorder: Recorder, js: bool) -> None:
    page = visit("/vectors", js=js)
    accept(page)
    recorder.wait_for({"img", "iframe"})
    withdraw(page)
    recorder.settle()
    recorder.clear()
    page.goto(f"https://{GATED}/vectors")
    nobody(recorder)


def test_back_brings_nothing_released_back(visit: Visit, recorder: Recorder) -> None:
    page = visit("/order")
    accept(page)
    assert "1" in ran(page)
    withdraw(page)
    recorder.settle()
    recorder.clear()
    for _ in range(4):
        page.go_back(wait_until="commit")
        page.wait_for_timeout(300)
        if page.url.endswith("/order"):
            break
    assert page.url.endswith("/order")
    assert ran(page) == ["own"]
    nobody(recorder)


def test_service_worker_filled_under_a_grant_brings_nothing_back(visit: Visit, recorder: Recorder) -> None:
    page = visit("/app")
    accept(page)
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.wait_for_function("caches.open('pages').then(cache => cache.match('/app')).then(Boolean)")
    page.reload()
    assert ran(page) == ["app"]
    withdraw(page)
    recorder.settle()
    recorder.clear()
    page.goto(f"https://{GATED}/app")
    page.goto(f"https://{GATED}/app")
    expect(page.locator("h1")).to_have_text("App")
    assert ran(page) == []
    nobody(recorder)


def test_304_after_withdrawal_keeps_the_policy(visit: Visit, recorder: Recorder) -> None:
    page = visit("/conditional")
    accept(page)
    recorder.wait_for(PEERS_17)
    page.goto(f"https://{GATED}/conditional")
    withdraw(page)
    recorder.settle()
    recorder.clear()
    for _ in range(3):
        page.goto(f"https://{GATED}/plain")
        page.goto(f"https://{GATED}/conditional")
    nobody(recorder)


@JAVASCRIPT
def test_withdrawing_is_one_click_from_the_settings_link(visit: Visit, js: bool) -> None:
    page = visit("/plain", js=js)
    accept(page)
    expect(settings_link(page)).to_have_count(1)
    withdraw(page)
    page.goto(f"https://{GATED}/_gate/settings")
    for box in page.locator("input[type=checkbox]:not([disabled])").all():
        expect(box).not_to_be_checked()


@pytest.mark.parametrize("path", ["/plain", "/vectors", "/contact", "/cart"])
def test_settings_link_stands_on_every_page(visit: Visit, path: str) -> None:
    page = visit("/plain")
    accept(page)
    page.goto(f"https://{GATED}{path}")
    expect(settings_link(page)).to_have_count(1)
