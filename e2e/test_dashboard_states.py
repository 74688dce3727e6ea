"""Every page and state of the dashboard: nothing that axe knows, in light and dark, and nothing cut off."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from .dashboard_states import STATES, House, State, house

PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of all states; a year of visits is generated for them then."""
SCHEMES = ("light", "dark")
WIDTHS = (390, 768, 1440)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("dashboard"), 365 if PICTURES else 21) as found:
        yield found


@pytest.mark.parametrize("state", STATES, ids=[state.name for state in STATES])
def test_a_state_has_no_fault(
    place: House, state: State, browser: Browser, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport={"width": 390, "height": 800}).new_page()
    page.set_default_timeout(10_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    if state.who:
        page.context.add_cookies(place.session(state.who, browser))
    answer = state.reach(page, place)
    assert answer is None or answer.status == state.status
    _photograph(page, state.name)
    page.set_viewport_size({"width": 390, "height": 800})
    page.locator("summary").evaluate_all("all => all.forEach(one => { one.parentElement.open = true })")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found = Axe().run(page).response["violations"]
        assert [(scheme, entry["id"], entry["nodes"][0]["html"]) for entry in found] == []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [line for line in said if "status of" not in line] == []


def _photograph(page: Page, name: str) -> None:
    if not PICTURES:
        return
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}-{scheme}.png", full_page=True)
