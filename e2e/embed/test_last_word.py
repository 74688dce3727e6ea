"""The last word is the visitor's: what was taken away, or left as it was, outlasts whatever was granted before."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from ..conftest import Visit
from ..lab.recorder import Recorder
from ..lab.visitor import accept, accept_button, reject, settings_link
from ..lab.waiting import wait_until
from .test_two_tabs import Tabs, tabs  # noqa: F401 (a fixture)

SHOP, MOVED = "shop.test", "moved.test"
STORED = "document.cookie.includes('gate=1~')"
NOTHING = "{ preferences: false, analytics: false, marketing: false }"


def later_question(page: Page) -> None:
    """As if the site had published another question since: what is stored here is of an earlier one."""
    now = page.evaluate("cookiegate._.S.question")
    # Away from the page, which on a busy machine may still be storing what it was answered.
    page.goto("about:blank")
    for one in page.context.cookies():
        if now in str(one.get("value")):
            page.context.add_cookies([{**one, "value": str(one.get("value")).replace(now, "0123456789ab")}])  # type: ignore[list-item]


def test_other_managers_choice_is_taken_over_once(
    new_context: Callable[..., BrowserContext], recorder: Recorder
) -> None:
    context = new_context()
    old = quote(json.dumps({"categories": ["necessary", "analytics"]}))
    context.add_cookies([{"name": "cc_cookie", "value": old, "url": f"https://{MOVED}"}])
    page = context.new_page()
    page.goto(f"https://{MOVED}/plain")
    page.wait_for_function("self.cookiegate && cookiegate.allows('analytics')")
    page.wait_for_function("!document.cookie.includes('cc_cookie')")
    with page.expect_navigation():
        page.evaluate("void cookiegate.reject()")
    page.wait_for_function(STORED)
    # Even where the other manager writes its own once more.
    context.add_cookies([{"name": "cc_cookie", "value": old, "url": f"https://{MOVED}"}])
    later_question(page)
    page.goto(f"https://{MOVED}/plain")
    expect(accept_button(page)).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("cookiegate.allows('analytics')") is False


@pytest.mark.parametrize("how", ["set", "save"])
def test_nothing_at_all_is_a_refusal_even_where_it_cannot_be_sent(visit: Visit, how: str) -> None:
    page = visit("/plain", host=SHOP)
    page.route("**/consent", lambda route: route.abort())
    if how == "set":
        page.evaluate(f"cookiegate.set({NOTHING}).catch(() => 0)")
    else:
        page.get_by_text("Choose", exact=True).click()
        page.get_by_role("button", name="Save choice").click()
    page.wait_for_function("document.cookie.includes('gate-no=')")
    page.unroute("**/consent")
    page.goto(f"https://{SHOP}/plain?next")
    page.wait_for_function(STORED)
    assert page.evaluate("cookiegate.choice.decided") is True
    expect(accept_button(page)).to_have_count(0)


def test_single_service_is_taken_away_even_where_it_cannot_be_sent(visit: Visit) -> None:
    page = visit("/partial", host="same.test")
    with page.expect_navigation():
        page.frame_locator("iframe[title='A film']").get_by_role("button", name="always").click()
    page.wait_for_function("self.cookiegate && cookiegate.choice.services.length == 1")
    page.route("**/consent", lambda route: route.abort())
    with page.expect_navigation():
        page.evaluate(f"void cookiegate.set({NOTHING}).catch(() => 0)")
    page.wait_for_function("document.cookie.includes('gate-no=')")
    page.goto("https://same.test/plain")
    page.wait_for_function("self.cookiegate")
    assert page.evaluate("cookiegate.choice.services") == []


def test_what_stays_as_it_is_outlasts_an_acceptance_begun_before(tabs: Tabs) -> None:  # noqa: F811
    only = "{ preferences: false, analytics: true, marketing: false }"
    with tabs.quick.expect_navigation():
        tabs.quick.evaluate(f"void cookiegate.set({only})")
    tabs.slow.reload()
    tabs.slow.wait_for_function("cookiegate.allows('analytics')")
    tabs.hold()
    tabs.slow.evaluate("void cookiegate.accept()")
    tabs.sent()
    with tabs.quick.expect_response("**/consent"):
        tabs.quick.evaluate(f"void cookiegate.set({only})")
    tabs.answer()
    assert tabs.standing() == "a"


def test_second_thought_in_one_page_counts(visit: Visit) -> None:
    page = visit("/plain", host=SHOP)
    waiting: list[Route] = []
    page.route("**/consent", lambda route: waiting.append(route))
    page.evaluate("void cookiegate.accept().catch(() => 0)")
    wait_until(page, lambda: len(waiting) == 1, "a message")
    page.evaluate("void cookiegate.set({ analytics: true }).catch(() => 0)")
    wait_until(page, lambda: len(waiting) == 2, "a second message")
    waiting[0].continue_()
    page.wait_for_timeout(800)
    assert page.evaluate("cookiegate._.read().granted") == ""
    waiting[1].continue_()
    page.wait_for_function("self.cookiegate && cookiegate._.read().granted == 'a'")
    page.unroute("**/consent")
    page.goto(f"https://{SHOP}/plain?next")
    page.wait_for_function("self.cookiegate && cookiegate.allows('analytics')")
    assert page.evaluate("cookiegate.allows('marketing')") is False


def test_withdrawal_counts_in_a_page_that_keeps_what_is_typed(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    accept(page)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<input id=name aria-label=Name>')")
    page.locator("#name").press_sequentially("Ada")
    page.evaluate("new Image().src = 'https://connect.facebook.net/before.png'")
    recorder.wait_for(["before"])
    reject_now(page)
    assert page.locator("#name").input_value() == "Ada"
    page.evaluate("""() => {
      new Image().src = "https://connect.facebook.net/after.png";
      const script = document.createElement("script");
      script.src = "https://connect.facebook.net/after.js";
      document.body.append(script);
    }""")
    recorder.settle(least=0.6)
    assert "after" not in recorder.vectors


def reject_now(page: Page) -> None:
    settings_link(page).click()
    page.get_by_role("button", name="Reject all cookies").click()
    page.wait_for_function("!cookiegate.allows('marketing')")


def test_objection_to_statistics_outlasts_the_question(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    reject(page)
    page.evaluate("cookiegate.statistics(false)")
    page.wait_for_function("document.cookie.includes('~fs')")
    later_question(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(f"https://{SHOP}/plain?next")
    expect(accept_button(page)).to_be_visible()
    page.wait_for_timeout(500)
    assert not [url for url in sent if url.endswith("/seen")]
