"""In pages with Trusted Types the tag asks, grants and releases as in any other, by a policy named `cookiegate`."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ..lab.embed_pages import NONCE
from ..lab.recorder import Recorder
from ..lab.visitor import accept_button, ran, settings_link
from .test_injected import until

Keeping = Callable[..., BrowserContext]
POLICY = (
    f"script-src 'nonce-{NONCE}' 'strict-dynamic'; connect-src https://gate.test; "
    "require-trusted-types-for 'script'"
)
MARKED = f"""
<script type="text/plain" nonce="{NONCE}" data-gate="analytics">(self.ran = self.ran || []).push("inline")</script>
<script type="text/plain" nonce="{NONCE}" data-gate="analytics" data-gate-src="https://one.stranger.example/one.js"></script>
<script type="text/plain" nonce="{NONCE}" data-gate="analytics" src="https://two.stranger.example/two.js"></script>
<template data-gate="analytics"><script nonce="{NONCE}">(self.ran = self.ran || []).push("wrapped")</script></template>
<object data-gate="analytics" data-gate-data="/plain?tag=none"></object>
"""


def opened(keeping: Keeping, host: str, errors: list[str], **query: str) -> Page:
    page = keeping().new_page()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"https://{host}/made?" + urlencode(query))
    return page


@pytest.mark.parametrize("named", ["", "; trusted-types cookiegate"], ids=["any", "named"])
def test_marked_up_elements_are_released(keeping: Keeping, recorder: Recorder, named: str) -> None:
    errors: list[str] = []
    page = opened(keeping, "marks.test", errors, body=MARKED, csp=POLICY + named)
    accept_button(page).click()
    until(page, "(self.ran || []).length == 4")
    assert ran(page) == ["inline", "one", "two", "wrapped"]
    assert page.locator("object").get_attribute("data") == "/plain?tag=none"
    assert errors == []


def test_acceptance_is_recorded_and_holds(keeping: Keeping, recorder: Recorder) -> None:
    errors: list[str] = []
    page = opened(keeping, "shop.test", errors, csp=POLICY)
    with page.expect_navigation():
        accept_button(page).click()
    until(page, "self.cookiegate && cookiegate.allows('marketing')")
    expect(settings_link(page)).to_be_visible()
    assert errors == []


def test_page_that_names_other_policies_releases_no_script_and_works(
    keeping: Keeping, recorder: Recorder
) -> None:
    errors: list[str] = []
    page = opened(keeping, "marks.test", errors, body=MARKED, csp=POLICY + "; trusted-types theirs")
    accept_button(page).click()
    until(page, "cookiegate.allows('analytics')")
    page.wait_for_timeout(500)
    assert ran(page) == []
    expect(page.get_by_role("alert")).to_be_visible()
