"""Tabs that choose differently, whichever answer comes first: what somebody refused never comes back by a late one.

On three kinds of host: the script writes the cookie, the service sets it for the domain, the gate sets it itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from ..lab.recorder import Recorder
from ..lab.visitor import accept, accept_button, reject, reject_button
from ..lab.waiting import wait_until

HOSTS = ("shop.test", "www.shared.test", "same.test")
REFUSED = "self.cookiegate && cookiegate.choice.decided && !cookiegate.allows('marketing')"
STANDING = """[...'pam'].filter(letter => cookiegate.allows(
    { p: 'preferences', a: 'analytics', m: 'marketing' }[letter])).join('')"""


class Tabs:
    """Two pages of one visitor. What the first one sends waits until `answer`; what it sends then goes through."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.host = host
        self.slow, self.quick = context.new_page(), context.new_page()
        self._waiting: list[Route] = []
        for page in (self.slow, self.quick):
            page.goto(f"https://{host}/plain")

    def hold(self) -> None:
        self.slow.route("**/consent", lambda route: self._waiting.append(route), times=1)

    def answer(self) -> None:
        """Once it was sent; returns when its page has dealt with it, the repeated message included."""
        self.sent()
        self._waiting.pop().continue_()
        self.slow.wait_for_timeout(1200)

    def sent(self) -> None:
        wait_until(self.slow, lambda: self._waiting, "a message")

    def standing(self) -> str:
        """The categories that a fresh page of the visitor's allows, and what its signed choice grants."""
        self.quick.goto(f"https://{self.host}/plain?next")
        self.quick.wait_for_function("self.cookiegate")
        return str(self.quick.evaluate(STANDING))

    def token(self) -> str:
        """The letters that the stored, signed choice grants by itself."""
        (token,) = [
            str(one.get("value"))
            for one in self.quick.context.cookies(f"https://{self.host}/")
            if str(one.get("name")).endswith("gate")
        ]
        return "".join(part[1:] for part in token.split(".")[0].split("~") if part.startswith("g"))


@pytest.fixture(params=HOSTS)
def tabs(
    request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext], recorder: Recorder
) -> Iterator[Tabs]:
    both = Tabs(new_context(), request.param)
    yield both
    for page in (both.slow, both.quick):
        page.unroute_all(behavior="ignoreErrors")
        page.goto("about:blank")


def test_refusal_outlasts_an_acceptance_begun_before(tabs: Tabs) -> None:
    tabs.hold()
    accept_button(tabs.slow).click()
    tabs.sent()
    reject(tabs.quick)
    tabs.answer()
    assert tabs.standing() == ""
    assert tabs.quick.evaluate(REFUSED)
    assert tabs.token() == ""


def test_refusal_outlasts_an_acceptance_whose_page_is_gone(tabs: Tabs) -> None:
    """A message is kept alive beyond its page: no script of ours is there when its answer sets the cookie."""
    tabs.hold()
    accept_button(tabs.slow).click()
    tabs.sent()
    tabs.slow.evaluate("Object.defineProperty(document, 'cookie', { get: () => '', set() {} })")
    reject(tabs.quick)
    tabs.answer()
    assert tabs.standing() == ""
    tabs.quick.wait_for_function(REFUSED)
    wait_until(tabs.quick, lambda: tabs.token() == "", "the refusal, signed once more by the next page")


def test_second_refusal_outlasts_an_acceptance_between_the_two(tabs: Tabs) -> None:
    reject(tabs.quick)
    tabs.hold()
    accept_button(tabs.slow).click()
    tabs.sent()
    with tabs.quick.expect_response("**/consent"):
        tabs.quick.evaluate("void cookiegate.reject()")
    tabs.quick.wait_for_timeout(300)
    tabs.answer()
    assert tabs.standing() == ""


def test_narrower_choice_outlasts_an_acceptance_begun_before(tabs: Tabs) -> None:
    tabs.hold()
    accept_button(tabs.slow).click()
    tabs.sent()
    with tabs.quick.expect_navigation():
        tabs.quick.evaluate("void cookiegate.set({ preferences: true })")
    tabs.answer()
    assert tabs.standing() == "p"
    assert tabs.token() == "p"


def test_withdrawal_and_objection_to_statistics_both_last(tabs: Tabs) -> None:
    accept(tabs.slow)
    tabs.quick.reload()
    tabs.hold()
    tabs.slow.evaluate("void cookiegate.statistics(false)")
    tabs.sent()
    with tabs.quick.expect_navigation():
        tabs.quick.evaluate("void cookiegate.set({ analytics: false, marketing: false })")
    tabs.quick.wait_for_timeout(600)
    tabs.answer()
    assert tabs.standing() == "p"
    assert tabs.token() == "p"
    (value,) = [
        str(one.get("value"))
        for one in tabs.quick.context.cookies(f"https://{tabs.host}/")
        if str(one.get("name")).endswith("gate")
    ]
    assert "~fs" in value


def test_later_acceptance_counts_in_both_tabs(tabs: Tabs) -> None:
    reject(tabs.slow)
    with tabs.quick.expect_navigation():
        accept_button(tabs.quick).click()
    assert tabs.standing() == "pam"
    tabs.slow.reload()
    assert tabs.slow.evaluate("cookiegate.allows('marketing')")
    assert sorted(tabs.token()) == ["a", "m", "p"]


@pytest.mark.parametrize("first", ["accept", "reject"])
def test_both_at_once_end_in_the_refusal(tabs: Tabs, first: str) -> None:
    waiting: dict[str, Route] = {}
    pages: dict[str, Page] = {"accept": tabs.slow, "reject": tabs.quick}
    for name, page in pages.items():
        page.route("**/consent", partial(waiting.__setitem__, name), times=1)
    for name, button in (("accept", accept_button), ("reject", reject_button)):
        button(pages[name]).click()
        wait_until(pages[name], partial(waiting.get, name), f"the message of {name}")
    for name in (first, *(set(pages) - {first})):
        waiting[name].continue_()
        pages[name].wait_for_timeout(600)
    assert tabs.standing() == ""
    expect(accept_button(tabs.quick)).to_have_count(0)
    assert tabs.token() == ""
