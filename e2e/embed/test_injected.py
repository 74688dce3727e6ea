"""Markup that somebody else brings into a page gains nothing by the tag: no policy is undone, nothing becomes code."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from ..conftest import Visit
from ..lab.embed_pages import NONCE
from ..lab.lab import SAME
from ..lab.recorder import Recorder
from ..lab.visitor import accept, accept_button, ran
from ..lab.waiting import wait_until

MARKS = "marks.test"
EVIL = "https://evil.stranger.example/evil.js"
POLICIES = {
    "nonce": f"script-src 'nonce-{NONCE}'; connect-src https://gate.test; object-src 'none'",
    "strict-dynamic": f"script-src 'nonce-{NONCE}' 'strict-dynamic'; connect-src https://gate.test",
}
INJECTED = {
    "source": f'<script type="text/plain" data-gate="necessary" data-gate-src="{EVIL}"></script>',
    "another manager's": f'<script type="text/plain" data-cookieconsent="necessary" src="{EVIL}"></script>',
    "inline": """<script type="text/plain" data-gate="necessary">(self.ran = self.ran || []).push("evil")</script>""",
    "wrapper": f'<template data-gate="necessary"><script src="{EVIL}"></script></template>',
    "false nonce": f'<script type="text/plain" nonce="no" data-gate="necessary" src="{EVIL}"></script>',
}


def until(page: Page, what: str) -> None:
    """As `wait_for_function`, which a policy without `unsafe-eval` does not let work."""
    wait_until(page, lambda: page.evaluate(f"!!({what})"), what)


@pytest.fixture
def turned_to(visit: Visit, recorder: Recorder) -> Callable[..., Page]:
    """`turned_to(**query)`: a page whose visitor has the pointer on the banner, and with that all of our script."""

    def go(**query: str) -> Page:
        page = visit("/made?" + urlencode(query), host=MARKS)
        accept_button(page).hover()
        until(page, "cookiegate._.more")
        return page

    return go


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("how", INJECTED)
def test_script_without_the_nonce_of_the_page_does_not_run(
    turned_to: Callable[..., Page], recorder: Recorder, how: str, policy: str
) -> None:
    page = turned_to(body=INJECTED[how], csp=POLICIES[policy])
    page.evaluate("cookiegate.accept()")
    until(page, "cookiegate.allows('marketing')")
    recorder.settle(least=0.5)
    assert ran(page) == []
    assert recorder.vectors == set()


@pytest.mark.parametrize("policy", POLICIES)
def test_script_that_carries_the_nonce_runs(
    turned_to: Callable[..., Page], recorder: Recorder, policy: str
) -> None:
    own = f'nonce="{NONCE}"'
    marked = "".join(text.replace("<script", f"<script {own}", 1) for text in list(INJECTED.values())[:4])
    page = turned_to(body=marked, csp=POLICIES[policy])
    until(page, "(self.ran || []).length == 4")
    assert set(ran(page)) == {"evil"}


GADGETS = {
    "handler": '<img data-gate="necessary" data-gate-src="x" data-gate-onerror="self.ran = [1]">',
    "another's handler": '<img data-name="necessary" data-src="x" data-gate-onerror="self.ran = [1]">',
    "link": '<a id=link data-name="necessary" data-href="java\tscript:void(self.ran=[1])">Link</a>',
    "frame": '<iframe data-gate="necessary" data-gate-src=" javascript:parent.ran=[1]"></iframe>',
    "document": '<iframe data-gate="necessary" data-gate-srcdoc="<script>parent.ran=[1]</script>"></iframe>',
    "form": '<form data-gate="necessary" data-gate-src=x data-gate-action="javascript:self.ran=[1]">'
    '<button id=link>B</button></form>',
    "button": '<form><button id=link data-gate="necessary" data-gate-src=x '
    'data-gate-formaction="javascript:self.ran=[1]">B</button></form>',
    "place of a stand-in": '<a id=link href="#" data-gate="necessary" data-gate-src=x '
    'data-gate-onclick="self.ran=[1]">A</a>',
    "drawing": '<svg width=9 height=9><a id=link data-gate="necessary" data-gate-href="javascript:self.ran=[1]">'
    '<rect width=9 height=9 /></a></svg>',
}  # fmt: skip


INSERTING = "document.body.insertAdjacentHTML('beforeend', %s)"


@pytest.fixture
def turned_to_shared(visit: Visit) -> Callable[..., Page]:
    """`turned_to_shared(markup, by)`: the same in a page of the gate that is one for everyone, which has the markup
    from its server, or from a script of its own."""

    def go(markup: str, by: str, granted: bool = False) -> Page:
        page = visit("/plain", host=SAME)
        if granted:
            accept(page)
        text = INSERTING % json.dumps(markup)
        page.route("**/inserting.js", lambda route: route.fulfill(body=text, content_type="text/javascript"))
        query = {name: part.replace("MARKUP", markup) for name, part in BY[by].items()}
        page.goto(f"https://{SAME}/made?" + urlencode(query))
        if not page.evaluate("cookiegate.choice.decided"):
            accept_button(page).hover()
        until(page, "cookiegate._.more")
        return page

    return go


BY = {
    "server": {"body": "MARKUP"},
    "deferred script": {"head": "<script defer src=/inserting.js></script>"},
    "module": {"head": "<script type=module src=/inserting.js></script>"},
    "late script": {"head": "<script async src=/inserting.js></script>", "body": "<p>Late"},
    "parser's script": {"body": "<script src=/inserting.js></script>"},
}


def comes_to_nothing(page: Page) -> None:
    page.wait_for_timeout(300)
    assert page.locator("[data-gate],[data-name]").count() + page.locator("#link").count() > 0
    if page.locator("#link").count():
        page.locator("#link").dispatch_event("click")
        page.wait_for_timeout(300)
    assert ran(page) == []


@pytest.mark.parametrize("how", GADGETS)
def test_attributes_that_sanitisers_let_pass_become_no_code(turned_to: Callable[..., Page], how: str) -> None:
    comes_to_nothing(turned_to(body=GADGETS[how]))


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("how", GADGETS)
def test_nor_in_a_page_for_everyone(turned_to_shared: Callable[[str, str], Page], how: str, by: str) -> None:
    comes_to_nothing(turned_to_shared(GADGETS[how], by))


@pytest.mark.parametrize("by", BY)
def test_nor_where_elements_are_released_while_the_page_comes(
    turned_to_shared: Callable[..., Page], by: str
) -> None:
    """To who has accepted everything, and has all of our script at hand."""
    comes_to_nothing(turned_to_shared("".join(GADGETS.values()).replace("id=link", ""), by, granted=True))


def test_element_that_is_called_like_a_property_of_objects_holds_nothing_back(
    turned_to_shared: Callable[..., Page],
) -> None:
    image = '<img src="https://px.labads.example/p.gif">'
    page = turned_to_shared(
        f'<constructor a data-gate="necessary" data-gate-src=x></constructor>{image}', "server", True
    )
    expect(page.locator("img")).to_have_attribute("src", "https://px.labads.example/p.gif")


def test_marked_up_images_and_links_still_come_back(turned_to: Callable[..., Page]) -> None:
    page = turned_to(
        body='<img data-gate="necessary" data-gate-src="/a.png" data-gate-srcset="/b.png 2x">'
        '<a data-name="necessary" data-href="/plain">Link</a>'
    )
    expect(page.locator("img")).to_have_attribute("src", "/a.png")
    expect(page.locator("img")).to_have_attribute("srcset", "/b.png 2x")
    expect(page.get_by_role("link", name="Link")).to_have_attribute("href", "/plain")
