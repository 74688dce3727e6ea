"""docs/paste.md, tried: the tag as it says, in a page of each shape, held before a choice and whole after one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ..conftest import Visit
from ..lab.embed_shapes import NEXT, SERVED, note
from ..lab.recorder import Recorder
from ..lab.servers import ROOT
from ..lab.visitor import accept, accept_button, ran, reject
from .test_smooth import Keeping, listened

SHOP = "shop.test"
VENDORS = {
    "static": {"www.googletagmanager.com"},
    "wordpress": {"www.googletagmanager.com", "connect.facebook.net"},
    "shopify": {"connect.facebook.net"},
    "tag-manager": {"www.googletagmanager.com"},
    "next": {"www.googletagmanager.com", "www.youtube.com"},
    "vue": {"www.googletagmanager.com"},
}
"""Hosts that each page asks for once all is granted."""

RAN = {
    "static": "gtag",
    "wordpress": "gtm",
    "shopify": "fbevents",
    "tag-manager": "gtm",
    "next": "gtag",
    "vue": "gtag",
}
WORKS = {
    "wordpress": ("button.add", "#basket"),
    "next": ("#more", "#count"),
    "vue": ("#more", "#count"),
}
"""What to press in the page, and where it counts, where that is not `#add` and `#items`."""

BUILT = [pytest.param(name, marks=pytest.mark.node) for name in ("next", "vue")]
SHAPES = pytest.mark.parametrize("name", ["static", "wordpress", "shopify", "tag-manager", *BUILT])


@pytest.fixture(autouse=True)
def made(request: pytest.FixtureRequest) -> None:
    """What a library makes is there before a page of it is asked for."""
    if request.node.get_closest_marker("node"):
        request.getfixturevalue("built")


def works(page: Page, name: str) -> None:
    """The site's own script counts a press."""
    button, counted = WORKS.get(name, ("#add", "#items"))
    before = int(page.locator(counted).inner_text())
    page.locator(button).click()
    expect(page.locator(counted)).to_have_text(str(before + 1))


@SHAPES
def test_page_works_and_is_held_until_it_is_accepted(keeping: Keeping, recorder: Recorder, name: str) -> None:
    page = keeping().new_page()
    told = listened(page)
    page.goto(f"https://{SHOP}/shapes/{name}")
    expect(accept_button(page)).to_be_visible()
    recorder.settle(least=0.8)
    assert ran(page) == []
    assert not {call.path for call in recorder.requests} & {"/g/collect", "/tr", "/tr/"}
    works(page, name)
    accept(page)
    page.wait_for_function(f"(self.ran || []).includes('{RAN[name]}')")
    recorder.settle(least=0.5)
    assert recorder.hosts >= VENDORS[name]
    works(page, name)
    assert told == []


@SHAPES
def test_page_is_held_after_a_refusal_and_on_the_next_visit(
    visit: Visit, recorder: Recorder, name: str
) -> None:
    page = visit(f"/shapes/{name}", host=SHOP)
    reject(page)
    recorder.clear()
    page.reload()
    recorder.settle(least=0.8)
    assert ran(page) == []
    assert not {call.path for call in recorder.requests} & {"/g/collect", "/tr", "/tr/"}
    works(page, name)


def test_platform_of_a_shop_is_told_of_each_choice(visit: Visit) -> None:
    page = visit("/shapes/shopify", host=SHOP)
    expect(accept_button(page)).to_be_visible()
    assert page.evaluate("self.told") == []
    reject(page)
    page.wait_for_function("self.told.length === 1")
    none = {"analytics": False, "marketing": False, "preferences": False, "sale_of_data": False}
    assert page.evaluate("self.told") == [none]
    page.get_by_role("link", name="Cookie settings").click()
    accept(page)
    page.wait_for_function("self.told.length === 1")
    assert page.evaluate("self.told") == [dict.fromkeys(none, True)]


@pytest.mark.node
def test_components_follow_the_choice(visit: Visit) -> None:
    for name in ("next", "vue"):
        page = visit(f"/shapes/{name}", host=SHOP)
        expect(page.locator("#measured")).to_have_text("no")
        accept(page)
        expect(page.locator("#measured")).to_have_text("yes")


@pytest.mark.node
def test_next_page_is_built_from_the_documented_layout() -> None:
    layout = (ROOT / "e2e" / "node" / "next" / "app" / "layout.js").read_text()
    assert note("Next.js") in layout
    assert f'<script src="{SERVED}"></script>' in (NEXT / "index.html").read_text()
