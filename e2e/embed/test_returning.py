"""A visitor who comes again loads next to nothing, whatever they have chosen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Request

from ..conftest import Visit
from ..lab.recorder import Recorder
from ..lab.visitor import accept, reject


@pytest.mark.parametrize("decide", [accept, reject], ids=["accept", "reject"])
def test_returning_visitor_loads_under_2_kb(visit: Visit, recorder: Recorder, decide: object) -> None:
    page = visit("/plain", host="shop.test")
    decide(page)  # type: ignore[operator]
    page.reload()
    page.wait_for_function("self.cookiegate && cookiegate.choice.decided")
    page.wait_for_load_state("networkidle")
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request) if "/_gate/" in request.url else None)
    page.goto("https://shop.test/plain?again")
    page.wait_for_load_state("networkidle")
    sent = [request.sizes()["responseBodySize"] for request in asked]
    assert sum(sent) < 2_000, sent
    assert page.evaluate("cookiegate.choice.decided")
