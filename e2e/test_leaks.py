"""Nobody but the site is reached before a choice or after "Reject"; everything runs after "Accept"."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .lab.lab import GATED, OPEN, Lab
from .lab.recorder import Recorder
from .lab.visitor import accept, ran, reject, reject_button
from .site.vectors import MORE, MORE_CONNECTIONS, PEERS_17, WORKERS, XHTML

PAGES = ["/vectors", "/vectors?known=1", "/workers", "/page.xhtml", "/collect-page", "/order"]
JAVASCRIPT = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])


SCRIPT_BUILT_FRAME = frozenset({"injectedframe.stranger.example"})
UNREWRITTEN_FRAME = frozenset({"iframe.stranger.example"})
"""Chromium opens a connection for a frame before it asks the policy, then sends nothing: no header that
leaves links alone prevents it. It is left where markup cannot be held: frames that script builds, pages that
cannot be rewritten."""


def nobody(recorder: Recorder, *, least: float = 0.8, bare: frozenset[str] = frozenset()) -> None:
    """Fails with every call that came, if any came. `bare` are hosts where a connection without a request is
    known to be unavoidable."""
    recorder.settle(least=least)
    assert [str(call) for call in recorder.calls if call.method != "CONNECT" or call.host not in bare] == []


@JAVASCRIPT
@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_reached_before_a_choice(visit: Visit, recorder: Recorder, path: str, js: bool) -> None:
    visit(path, js=js)
    nobody(recorder)


@JAVASCRIPT
def test_nobody_is_reached_by_further_vectors(
    visit_with_profile: Visit, recorder: Recorder, js: bool
) -> None:
    page = visit_with_profile("/more", js=js)
    page.locator("#ping").click()
    nobody(recorder, least=1.5, bare=SCRIPT_BUILT_FRAME if js else frozenset())


@JAVASCRIPT
def test_nothing_is_requested_by_a_page_that_cannot_be_rewritten(
    visit: Visit, recorder: Recorder, js: bool
) -> None:
    visit("/utf16", js=js)
    nobody(recorder, bare=UNREWRITTEN_FRAME)


def test_nobody_is_reached_in_five_seconds_of_scrolling_and_escape(visit: Visit, recorder: Recorder) -> None:
    page = visit("/tall")
    page.mouse.wheel(0, 3000)
    page.keyboard.press("Escape")
    page.locator("#bottom").scroll_into_view_if_needed()
    nobody(recorder, least=5)
    assert "granted" not in {cookie.get("value") for cookie in page.context.cookies()}


def test_nobody_is_reached_by_a_deep_link_or_a_second_page(visit: Visit, recorder: Recorder) -> None:
    page = visit("/tall#bottom")
    page.goto(f"https://{GATED}/plain")
    page.locator("#to-vectors").click()
    page.wait_for_url("**/vectors")
    nobody(recorder)


@JAVASCRIPT
@pytest.mark.parametrize("path", ["/vectors", "/vectors?known=1"])
def test_nobody_is_reached_after_reject(visit: Visit, recorder: Recorder, path: str, js: bool) -> None:
    page = visit(path, js=js)
    reject(page)
    page.reload()
    expect(reject_button(page)).to_have_count(0)
    nobody(recorder)


@pytest.mark.parametrize("path", ["/workers", "/page.xhtml", "/collect-page", "/more"])
def test_nobody_is_reached_elsewhere_after_reject(visit: Visit, recorder: Recorder, path: str) -> None:
    page = visit("/plain")
    reject(page)
    page.goto(f"https://{GATED}{path}")
    nobody(recorder, bare=SCRIPT_BUILT_FRAME)


@pytest.mark.parametrize("path", ["/vectors", "/vectors?known=1"])
def test_all_seventeen_run_after_accept(visit: Visit, recorder: Recorder, path: str) -> None:
    page = visit(path)
    accept(page)
    recorder.wait_for(PEERS_17)
    assert set(PEERS_17) - recorder.vectors == set()
    assert {"script", "async", "module", "injected"} <= set(ran(page))


def test_what_needs_no_script_runs_after_accept_without_javascript(visit: Visit, recorder: Recorder) -> None:
    open_page = visit("/vectors", host=OPEN, js=False)
    recorder.settle(least=1.5)
    wanted = recorder.vectors
    open_page.close()
    recorder.clear()
    accept(visit("/vectors", js=False))
    recorder.wait_for(wanted)
    assert len(wanted) >= 7
    assert recorder.vectors == wanted


def test_scripts_run_in_document_order_after_accept(visit: Visit) -> None:
    wanted = ran(visit("/order", host=OPEN))
    page = visit("/order")
    assert ran(page) == ["own"]
    accept(page)
    assert wanted == ["1", "2", "3", "4", "5", "own", "6", "7", "8", "9"]
    assert ran(page) == wanted


def test_every_further_vector_runs_after_accept(visit_with_profile: Visit, recorder: Recorder) -> None:
    page = visit_with_profile("/more")
    accept(page)
    page.locator("#ping").click()
    recorder.wait_for([*MORE, "ping"])
    recorder.settle()
    assert {*MORE, "ping"} - recorder.vectors == set()
    assert recorder.hosts >= MORE_CONNECTIONS


@pytest.mark.parametrize(("path", "wanted"), [("/workers", WORKERS), ("/page.xhtml", XHTML)])
def test_what_is_not_html_runs_after_accept(
    visit: Visit, recorder: Recorder, path: str, wanted: list[str]
) -> None:
    page = visit("/plain")
    accept(page)
    page.goto(f"https://{GATED}{path}")
    recorder.wait_for(wanted)
    assert set(wanted) - recorder.vectors == set()


def test_collection_under_the_own_name_never_reaches_the_site(visit: Visit, lab: Lab) -> None:
    before = len(lab.seen())
    page = visit("/collect-page")
    page.wait_for_timeout(500)
    paths = [environ["PATH_INFO"] for environ in lab.seen()[before:]]
    assert "/collect-page" in paths
    assert "/g/collect" not in paths


def test_collection_under_the_own_name_is_answered_with_nothing(lab: Lab) -> None:
    reply = lab.fetch("/g/collect?v=2&tid=G-ABC")
    assert (reply.status, reply.body) == (204, b"")


def test_tag_under_the_own_name_runs_after_accept(visit: Visit, recorder: Recorder, lab: Lab) -> None:
    page = visit("/collect-page")
    before = len(lab.seen())
    accept(page)
    recorder.wait_for(["gtm"])
    recorder.settle()
    assert {"/gtm.js", "/g/collect"} <= {call.path for call in recorder.to(f"metrics.{GATED}")}
    assert "/g/collect" in {environ["PATH_INFO"] for environ in lab.seen()[before:]}
