"""Scripts are held in whatever spelling a browser runs them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from cookiegate.core.html.vectors import SCRIPT_TYPES

from ..conftest import Visit
from ..lab.visitor import accept, accept_button, ran, settings_link

SHOP = "shop.test"
SNIPPET = """(self.ran = self.ran || []).push("%s"); self.hj = self.hj || (() => {}); hj('trigger', 'x')"""
OWN = "https://stats.shop.test/ownstats.js"
TYPES = [kind.decode() for kind in sorted(SCRIPT_TYPES - {b"module"})]
ATTRIBUTES = [
    *(f'type="{kind.upper()}"' for kind in TYPES),
    'type=" text/javascript\t"',
    'type="\n"',
    'type=" Module"',
    'type="MODULE"',
    'type=""',
    'language="JavaScript1.2"',
    "nomodule=no type='text/javascript\f'",
]


def made(visit: Visit, head: str) -> Page:
    """A page of the shop with the tag and then `head` in it."""
    return visit("/made?" + urlencode({"head": head}), host=SHOP)


def scripts(of: Callable[[str, str], str]) -> str:
    return "".join(of(attribute, str(number)) for number, attribute in enumerate(ATTRIBUTES))


def drawing(inner: str) -> str:
    return f"<svg>{inner}</svg>"


WAYS: dict[str, Callable[[str, str], str]] = {
    "inline": lambda attribute, name: f"<script {attribute}>{SNIPPET % name}</script>",
    "source": lambda attribute, name: f"<script {attribute} src={OWN}></script>",
    "drawing": lambda attribute, name: drawing(f"<script {attribute}>{SNIPPET % name}</script>"),
    "drawing's source": lambda attribute, name: drawing(f"<script {attribute} href={OWN}></script>"),
    "drawing's link": lambda attribute, name: drawing(f"<script {attribute} xlink:href={OWN}></script>"),
}


@pytest.mark.parametrize("way", WAYS)
def test_script_is_held_in_every_spelling(visit: Visit, way: str) -> None:
    page = made(visit, scripts(WAYS[way]))
    expect(accept_button(page)).to_be_visible()
    page.wait_for_timeout(300)
    assert ran(page) == []
    accept(page)
    expect(settings_link(page)).to_be_visible()
    page.wait_for_function("(self.ran || []).length > 10")


def test_data_is_left_alone_however_much_it_resembles_a_script(visit: Visit) -> None:
    kinds = ["application/json", "text/javascript-template", "text/typescript", "importmap", "text/plain"]
    page = made(visit, "".join(f"<script type={kind}>{SNIPPET % kind}</script>" for kind in kinds))
    expect(accept_button(page)).to_be_visible()
    assert page.locator("script[data-gate]").count() == 0
    found = page.evaluate("[...document.scripts].map(script => script.type).filter(Boolean)")
    assert found == kinds


SPELLING = "TEXT/JavaScript1.5"
TYPES_THERE = "[...document.scripts].map(script => script.getAttribute('type'))"


def test_held_spelling_is_what_comes_back(visit: Visit) -> None:
    """With another category granted the policy is there still, and what stays held can be seen."""
    page = made(visit, f'<script type="{SPELLING}">{SNIPPET % "x"}</script>')
    with page.expect_navigation():
        page.evaluate("void cookiegate.set({ preferences: true })")
    script = page.locator("script[data-gate=hotjar]")
    expect(script).to_have_count(1)
    assert script.get_attribute("data-gate-type") == SPELLING
    assert script.get_attribute("type") == "text/plain"
    assert ran(page) == []
    with page.expect_navigation():
        page.evaluate("void cookiegate.set({ analytics: true })")
    page.wait_for_function("self.ran")
    expect(script).to_have_count(0)
    assert SPELLING in page.evaluate(TYPES_THERE)
    assert ran(page) == ["x"]


def test_spelling_of_a_marked_up_script_comes_back_in_the_same_page(visit: Visit) -> None:
    held = f'<script type="text/plain" data-gate="analytics" data-gate-type="{SPELLING}">{SNIPPET % "x"}</script>'
    page = visit("/made?" + urlencode({"body": held}), host="marks.test")
    page.evaluate("self.same = true")
    page.evaluate("cookiegate.set({ analytics: true })")
    page.wait_for_function("self.ran")
    assert SPELLING in page.evaluate(TYPES_THERE)
    assert ran(page) == ["x"]
    assert page.evaluate("self.same")
