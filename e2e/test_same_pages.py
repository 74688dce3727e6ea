"""Pages that are the same for everyone (`cache = "shared"`): held for all, released by their own script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .lab.lab import SAME
from .lab.recorder import Recorder
from .lab.visitor import ACCEPT, accept, accept_button, ran, reject_button
from .site.vectors import PEERS_17

JAVASCRIPT = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])


@JAVASCRIPT
@pytest.mark.parametrize("path", ["/vectors", "/vectors?known=1", "/order"])
def test_nobody_is_reached_before_a_choice(visit: Visit, recorder: Recorder, path: str, js: bool) -> None:
    page = visit(path, host=SAME, js=js)
    recorder.settle(least=0.8)
    assert [str(call) for call in recorder.calls] == []
    if js:
        expect(accept_button(page)).to_be_visible()


@pytest.mark.parametrize("path", ["/vectors", "/vectors?known=1"])
def test_all_seventeen_run_after_accept(visit: Visit, recorder: Recorder, path: str) -> None:
    page = visit(path, host=SAME)
    accept(page)
    recorder.wait_for(PEERS_17)
    assert set(PEERS_17) - recorder.vectors == set()
    assert {"script", "async", "module", "injected"} <= set(ran(page))


def test_scripts_run_in_document_order_after_accept(visit: Visit) -> None:
    page = visit("/order", host=SAME)
    assert ran(page) == ["own"]
    accept(page)
    page.wait_for_function("self.ran.length == 10")
    held = [name for name in ran(page) if name != "own"]
    assert held == ["1", "2", "3", "4", "5", "6", "7", "8", "9"]


def test_nothing_runs_after_refusal_or_withdrawal(visit: Visit, recorder: Recorder) -> None:
    page = visit("/vectors", host=SAME)
    accept(page)
    recorder.wait_for(PEERS_17)
    page.get_by_role("link", name="Cookie settings").click()
    expect(page.get_by_role("button", name=ACCEPT)).to_be_visible()
    with page.expect_navigation():
        reject_button(page).click()
    page.wait_for_load_state()
    recorder.settle()
    recorder.clear()
    page.goto(f"https://{SAME}/vectors")
    recorder.settle(least=0.8)
    assert [str(call) for call in recorder.calls] == []
    assert ran(page) == []
    expect(accept_button(page)).to_have_count(0)
