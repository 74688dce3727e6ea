"""Marked-up pages, ours and those of other managers: nobody is reached before a choice, all are after, in order."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from ..conftest import Visit
from ..lab.embed_marks import MARKS
from ..lab.recorder import Recorder
from ..lab.visitor import accept, accept_button, ran, reject
from ..site.vectors import PEERS_17
from ..test_leaks import nobody

ONCE = set(PEERS_17) - {"srcset", "video", "preload"}
"""Those that a browser asks for exactly once: it may ask for media twice, and two sizes of an image."""


def is_in_order(page: Page) -> bool:
    names = [name for name in ran(page) if name in ("script", "module", "injected", "async")]
    return names.index("script") < names.index("injected") and sorted(names) == [
        "async",
        "injected",
        "module",
        "script",
    ]


@pytest.mark.parametrize("host", ["shop.test", "marks.test"])
@pytest.mark.parametrize("manager", MARKS)
def test_marked_up_page_reaches_nobody_before_and_everybody_after(
    visit: Visit, recorder: Recorder, manager: str, host: str
) -> None:
    page = visit(f"/vectors?as={manager}", host=host)
    expect(accept_button(page)).to_be_visible()
    nobody(recorder)
    if host == "shop.test":
        accept(page)
    else:
        page.evaluate("self.same = true")
        accept_button(page).click()
    recorder.wait_for(PEERS_17, timeout=20)
    page.wait_for_function("(self.ran || []).length >= 4")
    assert recorder.vectors == set(PEERS_17)
    recorder.settle()
    counts = Counter(call.vector for call in recorder.requests)
    assert {name: counts[name] for name in ONCE} == dict.fromkeys(ONCE, 1)
    assert is_in_order(page)
    assert bool(page.evaluate("self.same")) == (host == "marks.test")


@pytest.mark.parametrize("manager", ["gate", "template"])
def test_refusal_releases_nothing_of_a_marked_up_page(visit: Visit, recorder: Recorder, manager: str) -> None:
    page = visit(f"/vectors?as={manager}", host="marks.test")
    reject(page)
    page.reload()
    nobody(recorder)


def test_category_alone_releases_its_own_elements(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host="marks.test")
    page.evaluate("cookiegate.set({ analytics: true })")
    page.wait_for_function("cookiegate.allows('analytics')")
    page.evaluate(
        """document.body.append(...[['analytics', 'yes'], ['marketing', 'no'], ['statistics-tool', 'named'],
             ['who-knows', 'unknown']].map(([name, file]) => {
               const script = document.createElement('script');
               script.type = 'text/plain';
               script.dataset.category = name;
               script.src = `https://${file}.stranger.example/${file}.js`;
               return script;
             }))"""
    )
    recorder.wait_for(["yes", "named"])
    recorder.settle()
    assert recorder.vectors == {"yes", "named"}
