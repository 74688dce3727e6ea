"""A visitor who comes again loads next to nothing, whatever they have chosen, and vendors still hear it first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from ..lab.visitor import accept, accept_button, reject
from ..lab.waiting import wait_until

Keeping = Callable[..., BrowserContext]
SHOP = "https://shop.test"


def sent_to(page: Page, path: str) -> dict[str, int]:
    """What a visit of `path` loads of ours: addresses, and bytes of bodies that came over the network."""
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request) if "/_gate/" in request.url else None)
    page.goto(f"{SHOP}{path}")
    page.wait_for_load_state("networkidle")
    return {request.url: request.sizes()["responseBodySize"] for request in asked}


@pytest.mark.parametrize("decide", [accept, reject], ids=["accept", "reject"])
def test_returning_visitor_loads_under_2_kb(keeping: Keeping, decide: Callable[[Page], None]) -> None:
    page = keeping().new_page()
    page.goto(f"{SHOP}/plain")
    decide(page)
    sent = sent_to(page, "/plain?again")
    assert sum(sent.values()) < 2_000, sent
    assert page.evaluate("cookiegate.choice.decided")


def test_what_is_too_old_is_asked_for_without_a_body(keeping: Keeping) -> None:
    page = keeping().new_page()
    page.goto(f"{SHOP}/plain")
    accept(page)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    statuses: list[int] = []
    session.on("Network.responseReceivedExtraInfo", lambda event: statuses.append(event["statusCode"]))
    page.evaluate("fetch('https://gate.test/_gate/embed/shop.test.js', "
                  "{ cache: 'no-cache', mode: 'no-cors', credentials: 'include' })")  # fmt: skip
    wait_until(page, lambda: statuses, "an answer")
    assert statuses == [304]


def test_vendors_hear_of_a_grant_without_a_written_script(keeping: Keeping) -> None:
    page = keeping().new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(f"{SHOP}/plain")
    accept(page)
    sent = sent_to(page, "/plain?again")
    assert not [url for url in sent if "/signals." in url]
    assert page.evaluate("self.dataLayer.length") == 2
    assert not [text for text in told if "parser-blocking" in text]


def test_who_was_asked_by_a_question_that_is_over_is_asked_anew(keeping: Keeping) -> None:
    """The browser had kept a script from before `cookiegate publish`."""
    page = keeping().new_page()
    page.goto(f"{SHOP}/plain?tag=none")
    text = str(
        page.evaluate("fetch('https://gate.test/_gate/embed/shop.test.js').then(answer => answer.text())")
    )
    question = "0123456789ab"
    older = text.replace(text.partition('question:"')[2][:12], question)
    page.route(
        "**/_gate/embed/shop.test.js",
        lambda route: route.fulfill(body=older, content_type="text/javascript"),
        times=1,
    )
    page.goto(f"{SHOP}/plain")
    assert page.evaluate("cookiegate._.S.question") == question
    with page.expect_navigation():
        accept_button(page).click()
    expect(accept_button(page)).to_be_visible()
    assert page.evaluate("cookiegate._.S.question") != question
    accept(page)
    assert page.evaluate("cookiegate.allows('marketing')")
