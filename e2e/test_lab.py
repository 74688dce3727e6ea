"""The lab itself, without a gate: a leak that it cannot see would make every other test worthless."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .lab.lab import OPEN
from .lab.recorder import Recorder
from .lab.visitor import cookie_names, ran
from .site.vectors import MORE, MORE_CONNECTIONS, PEERS_17, TRACKER_COOKIES, WORKERS, XHTML


@pytest.mark.parametrize("query", ["", "?known=1"])
def test_recorder_sees_all_seventeen_vectors(visit: Visit, recorder: Recorder, query: str) -> None:
    visit(f"/vectors{query}", host=OPEN)
    recorder.wait_for(PEERS_17)
    assert set(PEERS_17) <= recorder.vectors


def test_recorder_sees_every_further_vector(visit_with_profile: Visit, recorder: Recorder) -> None:
    visit_with_profile("/more", host=OPEN).locator("#ping").click()
    recorder.wait_for([*MORE, "ping"])
    recorder.settle()
    assert {*MORE, "ping"} - recorder.vectors == set()
    assert recorder.hosts >= MORE_CONNECTIONS


def test_recorder_sees_pixels_for_visitors_without_script(visit: Visit, recorder: Recorder) -> None:
    visit("/more", host=OPEN, js=False)
    recorder.wait_for(["noscript"])
    assert "noscript" in recorder.vectors


@pytest.mark.parametrize(("path", "expected"), [("/workers", WORKERS), ("/page.xhtml", XHTML)])
def test_recorder_sees_what_is_not_html(
    visit: Visit, recorder: Recorder, path: str, expected: list[str]
) -> None:
    visit(path, host=OPEN)
    recorder.wait_for(expected)
    assert set(expected) <= recorder.vectors


def test_recorder_sees_a_tag_served_under_the_own_name(visit: Visit, recorder: Recorder) -> None:
    visit("/collect-page", host=OPEN)
    recorder.wait_for(["gtm"])
    assert {"/gtm.js", "/g/collect"} <= {call.path for call in recorder.to("metrics.open.test")}


def test_browser_calls_nobody_of_its_own_accord(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=OPEN)
    expect(page.locator("h1")).to_have_text("Plain")
    recorder.settle(least=2)
    assert recorder.hosts == set()


def test_ungated_site_sets_all_four_tracker_cookies(visit: Visit) -> None:
    page = visit("/cookies", host=f"www.{OPEN}")
    page.wait_for_function("document.cookie.includes('_fbp')")
    assert cookie_names(page) >= TRACKER_COOKIES


def test_ungated_page_comes_back_whole_from_the_back_forward_cache(visit: Visit) -> None:
    page = visit("/order", host=OPEN)
    assert "1" in ran(page)
    page.evaluate("self.addEventListener('pageshow', event => { self.restored = event.persisted })")
    page.goto(f"https://{OPEN}/plain")
    page.go_back(wait_until="commit")
    page.wait_for_function("self.restored === true")
