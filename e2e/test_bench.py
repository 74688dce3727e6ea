"""The benchmark of the banner measures what it says. None of these tests looks at how long it took."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from .bench.__main__ import Place, serving
from .bench.figures import FLOOR, GATED, NO_GATE, over_tls
from .bench.visit import NETWORK, first_visit
from .browser import launch_arguments


@pytest.fixture(scope="module")
def bench(
    tmp_path_factory: pytest.TempPathFactory, playwright: Playwright, browser_path: Path
) -> Iterator[tuple[Browser, dict[str, Place]]]:
    with serving(tmp_path_factory.mktemp("bench")) as (places, rules):
        browser = playwright.chromium.launch(**launch_arguments(browser_path, rules))
        yield browser, {place.name: place for place in places}
        browser.close()


@pytest.mark.parametrize("name", [FLOOR, GATED, over_tls(FLOOR), over_tls(GATED)])
def test_a_banner_is_seen_after_the_networks_delay_and_with_the_first_paint_of_its_words(
    bench: tuple[Browser, dict[str, Place]], name: str
) -> None:
    browser, places = bench
    seen = first_visit(browser, places[name].url, places[name].button)
    assert seen.shown is not None
    assert seen.shown >= seen.first_paint >= seen.last_byte >= NETWORK["latency"]
    assert bool(seen.secured) == name.endswith("TLS")


def test_a_page_without_a_banner_has_no_such_time(bench: tuple[Browser, dict[str, Place]]) -> None:
    browser, places = bench
    seen = first_visit(browser, places[NO_GATE].url, places[NO_GATE].button)
    assert seen.shown is None
    assert seen.first_paint > 0


def test_what_lies_under_something_else_is_not_seen(bench: tuple[Browser, dict[str, Place]]) -> None:
    browser, places = bench
    context = browser.new_context()
    page = context.new_page()
    watch = Path(__file__).parent / "bench" / "watch.js"
    page.add_init_script(f"({watch.read_text('utf-8')})('Accept all cookies')")
    page.goto(f"{places[FLOOR].url}covered")
    page.wait_for_timeout(800)
    assert page.evaluate("self.paintedAt ?? self.hitAt ?? null") is None
    page.evaluate("document.getElementById('cover').remove()")
    page.wait_for_function("self.hitAt > 0")
    context.close()
