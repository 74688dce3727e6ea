"""One tag in an unmodified page: nothing runs before a choice, all after acceptance, nothing after withdrawal."""

from __future__ import annotations

from collections import Counter

from playwright.sync_api import Page, expect

from ..conftest import Visit
from ..lab.recorder import Recorder
from ..lab.visitor import ACCEPT, accept, accept_button, ran, reject, reject_button
from ..lab.waiting import wait_until
from ..site.vectors import PEERS_17

SHOP = "shop.test"
SCANNED = {"script", "async", "module", "stylesheet", "preload", "img", "srcset"}
"""What Chromium's preload scanner asks for while the tag itself is still on its way; none of it is used."""


ONCE = set(PEERS_17) - {"srcset", "video"}
"""Of media a browser may ask twice, and of an image in two sizes."""


def test_unmodified_page_runs_nothing_before_a_choice(visit: Visit, recorder: Recorder) -> None:
    page = visit("/vectors", host=SHOP)
    expect(accept_button(page)).to_be_visible()
    recorder.settle(least=0.8)
    assert ran(page) == []
    assert recorder.vectors <= SCANNED
    assert len(recorder.requests) <= 7
    asked = {call.host for call in recorder.requests}
    assert recorder.hosts - asked <= {"iframe.stranger.example"}, "connections that are sent nothing"


def test_frame_that_nobody_knows_is_empty_and_no_error_page(visit: Visit) -> None:
    page = visit("/vectors", host=SHOP)
    expect(accept_button(page)).to_be_visible()
    # Playwright gives a frame that has kept its first document no address.
    assert sorted(frame.url for frame in page.frames) == ["", f"https://{SHOP}/vectors"]
    shown = page.evaluate(
        "(page => [page.URL, page.body.childNodes.length])(document.querySelector('iframe').contentDocument)"
    )
    assert shown == ["about:blank", 0]
    accept(page)
    page.wait_for_function("document.querySelector('iframe').src")
    wait_until(page, lambda: any("/iframe.html" in frame.url for frame in page.frames), "the frame's page")


def test_frames_of_the_site_itself_are_left_alone(visit: Visit) -> None:
    page = visit("/vectors", host=SHOP)
    expect(accept_button(page)).to_be_visible()
    page.evaluate(
        """() => document.body.append(...['/plain', 'https://www.shop.test/plain', 'about:blank', 'data:text/html,x']
            .map(src => Object.assign(document.createElement('iframe'), { src, className: 'own' })))"""
    )
    page.wait_for_timeout(100)
    assert page.locator("iframe.own[src]").count() == 4


def test_all_seventeen_run_after_accept_in_order(visit: Visit, recorder: Recorder) -> None:
    page = visit("/vectors", host=SHOP)
    recorder.settle()
    recorder.clear()
    accept(page)
    recorder.wait_for(PEERS_17)
    page.wait_for_function("(self.ran || []).length == 4")
    recorder.settle(least=0.8)
    assert recorder.vectors == set(PEERS_17)
    counts = Counter(call.vector for call in recorder.requests)
    assert {name: counts[name] for name in ONCE} == dict.fromkeys(ONCE, 1)
    names = ran(page)
    assert sorted(names) == ["async", "injected", "module", "script"]
    assert names.index("script") < min(names.index("injected"), names.index("module"))


def test_nothing_runs_after_withdrawal(visit: Visit, recorder: Recorder) -> None:
    page = visit("/vectors", host=SHOP)
    accept(page)
    recorder.wait_for(PEERS_17)
    withdraw(page)
    recorder.settle()
    recorder.clear()
    page.goto(f"https://{SHOP}/vectors")
    recorder.settle(least=0.8)
    assert ran(page) == []
    assert recorder.vectors <= SCANNED
    expect(accept_button(page)).to_have_count(0)


def test_refusal_needs_no_new_page_and_stays(visit: Visit, recorder: Recorder) -> None:
    page = visit("/vectors", host=SHOP)
    page.evaluate("self.same = true")
    reject(page)
    expect(page.get_by_role("alert")).to_contain_text("rejected all optional cookies")
    assert page.evaluate("self.same && !cookiegate.allows('marketing') && cookiegate.choice.decided")
    page.reload()
    expect(page.get_by_role("link", name="Cookie settings")).to_be_visible()
    expect(reject_button(page)).to_have_count(0)


def withdraw(page: Page) -> None:
    page.get_by_role("link", name="Cookie settings").click()
    expect(page.get_by_role("button", name=ACCEPT)).to_be_visible()
    with page.expect_navigation():
        reject_button(page).click()
    page.wait_for_load_state()
