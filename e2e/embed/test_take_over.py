"""The choice that another manager stored counts here: a refusal as one, a grant as the same or less."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ..lab.recorder import Recorder
from ..lab.visitor import accept_button

MOVED = "https://moved.test"
ALL = {"preferences", "analytics", "marketing"}
CC = {"categories": ["necessary", "analytics"], "revision": 0, "consentTimestamp": "2026-01-01"}

ONE_OF_TWO = CC | {"services": {"necessary": [], "analytics": ["ga"]}}
EACH = CC | {
    "services": {"analytics": ["google-analytics", "google-tag-manager", "hotjar", "ownstats", "labstats"]}
}
EMPTY = CC | {"services": {"necessary": [], "analytics": []}}

STORED = [
    ("cc_cookie", quote(json.dumps(ONE_OF_TWO)), set()),
    ("cc_cookie", quote(json.dumps(EACH)), {"analytics"}),
    ("cc_cookie", quote(json.dumps(EMPTY)), {"analytics"}),
    ("klaro", quote(json.dumps({"analytics": True, "ga": False})), set()),
    ("klaro", quote(json.dumps({"labmaps": True, "labvideo": True, "ga": False})), {"preferences"}),
    ("tarteaucitron", "!analytics=true!hotjar=wait", set()),
    ("tarteaucitron", "!analytics=true!ga4x=false", set()),
    ("tarteaucitron", "!analytics=true!hotjar=true!googletagmanager=true", set()),
    ("tarteaucitron", "!labmaps=true!labvideo=true!analytics=false", {"preferences"}),
    ("cc_cookie", quote(json.dumps(CC)), {"analytics"}),
    ("cc_cookie", quote(json.dumps({"categories": ["necessary"]})), set()),
    ("klaro", quote(json.dumps({"google-analytics": True, "meta-pixel": True})), set()),
    ("klaro", quote(json.dumps({"analytics": True, "hotjar": False})), set()),
    ("klaro", quote(json.dumps({"labmaps": True, "labvideo": True})), {"preferences"}),
    ("eu-consent", quote(json.dumps({"analytics": True, "ads": True})), {"analytics", "marketing"}),
    (
        "CookieConsent",
        "{stamp:%27x%27%2Cnecessary:true%2Cpreferences:true%2Cstatistics:true%2Cmarketing:false}",
        {"preferences", "analytics"},
    ),
    ("OptanonConsent", "isGpc=0&groups=C0001%3A1%2CC0002%3A1%2CC0003%3A0%2CC0004%3A0", {"analytics"}),
    (
        "cookieyes-consent",
        "consentid:abc,consent:yes,action:yes,necessary:yes,functional:no,analytics:no,performance:no,advertisement:yes",
        {"marketing"},
    ),
    ("tarteaucitron", "!hotjar=true!gtag=wait", set()),
]
UNANSWERED = [
    (
        "CookieConsent",
        "{stamp:%27x%27%2Cnecessary:true%2Cpreferences:true%2Cstatistics:true%2Cmarketing:true%2Cmethod:%27implied%27%2Cver:1}",
    ),
    ("OptanonConsent", "groups=C0001%3A1%2CC0002%3A1"),
    ("cc_cookie", "%7Bbroken"),
    ("klaro", "%"),
    ("tarteaucitron", "!hotjar=wait"),
    ("CookieConsent", "-1"),
    ("cookieyes-consent", "consent:no,action:,analytics:yes"),
]


def page_with(new_context: Callable[..., BrowserContext], *cookies: tuple[str, str]) -> Page:
    context = new_context()
    context.add_cookies([{"name": name, "value": value, "url": MOVED} for name, value in cookies])
    return context.new_page()


def visit_with(new_context: Callable[..., BrowserContext], *cookies: tuple[str, str]) -> Page:
    page = page_with(new_context, *cookies)
    page.goto(f"{MOVED}/plain")
    return page


def wait_until_taken_over(page: Page) -> None:
    page.wait_for_function(
        "self.cookiegate && cookiegate.choice.decided && document.cookie.includes('gate=1~')"
    )
    # Where the policy is too narrow for what was granted, the page is loaded anew.
    page.wait_for_timeout(500)
    page.wait_for_function("self.cookiegate && document.readyState == 'complete'")


@pytest.mark.parametrize(("name", "value", "granted"), STORED)
def test_stored_choice_is_taken_over(
    new_context: Callable[..., BrowserContext], recorder: Recorder, name: str, value: str, granted: set[str]
) -> None:
    closed = ("OptanonAlertBoxClosed", "2026-01-01T00:00:00Z")
    page = visit_with(new_context, (name, value), *([closed] if name == "OptanonConsent" else []))
    wait_until_taken_over(page)
    assert {category for category in ALL if page.evaluate(f"cookiegate.allows('{category}')")} == granted
    expect(accept_button(page)).to_have_count(0)


@pytest.mark.parametrize(("name", "value"), UNANSWERED)
def test_what_is_no_answer_is_asked(
    new_context: Callable[..., BrowserContext], recorder: Recorder, name: str, value: str
) -> None:
    page = visit_with(new_context, (name, value))
    expect(accept_button(page)).to_be_visible()
    assert not page.evaluate("cookiegate.choice.decided")


PINNED = f"{MOVED}/plain?tag=moved"
STORED_IN_CC = ("cc_cookie", quote(json.dumps(CC)))


def test_pinned_tag_takes_over_by_the_script_that_it_names(
    new_context: Callable[..., BrowserContext], recorder: Recorder
) -> None:
    page = page_with(new_context, STORED_IN_CC)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[1].split(".")[0]))
    page.goto(PINNED)
    wait_until_taken_over(page)
    assert page.evaluate("cookiegate.allows('analytics') && !cookiegate.allows('marketing')")
    assert {"pinned", "takeover"} <= set(asked)
    assert "more" not in asked
    expect(accept_button(page)).to_have_count(0)


def test_pinned_tag_runs_no_other_script_in_its_place_and_asks(
    new_context: Callable[..., BrowserContext], recorder: Recorder
) -> None:
    page = page_with(new_context, STORED_IN_CC)
    other = "self.tampered = true; cookiegate.accept()"
    anyone = {"Access-Control-Allow-Origin": "*"}
    page.route(
        "**/takeover.*.js",
        lambda route: route.fulfill(content_type="text/javascript", headers=anyone, body=other),
    )
    page.goto(PINNED)
    expect(accept_button(page)).to_be_visible()
    assert page.evaluate("!self.tampered && !cookiegate.choice.decided")
