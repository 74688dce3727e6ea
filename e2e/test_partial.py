"""A choice for some categories releases those, in the markup and in the policy, and no other."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .lab.lab import GATED
from .lab.recorder import Recorder
from .lab.visitor import choose, ran
from .test_leaks import JAVASCRIPT

HOSTS = {
    "preferences": {"maps.labmaps.example", "video.labvideo.example"},
    "analytics": {"stats.labstats.example"},
    "marketing": {"ads.labads.example"},
}
CHOICES = [["preferences"], ["analytics"], ["marketing"], ["preferences", "analytics"], []]


@JAVASCRIPT
@pytest.mark.parametrize("chosen", CHOICES, ids="+".join)
def test_choice_releases_only_its_categories(
    visit: Visit, recorder: Recorder, chosen: list[str], js: bool
) -> None:
    page = visit("/partial", js=js)
    choose(page, *chosen)
    recorder.settle(least=0.8)
    wanted: set[str] = set().union(*(HOSTS[name] for name in chosen))
    assert recorder.hosts == wanted


def test_scripts_of_a_released_category_run_and_may_build_more(visit: Visit, recorder: Recorder) -> None:
    page = visit("/partial")
    choose(page, "analytics")
    recorder.wait_for(["analytics-late"])
    assert ran(page) == ["analytics"]
    assert "analytics-late" in recorder.vectors


def test_granting_every_category_releases_the_unnamed_too(visit: Visit, recorder: Recorder) -> None:
    page = visit("/partial")
    choose(page, "preferences", "analytics", "marketing")
    recorder.wait_for(["unclassified"])
    assert ran(page) == ["preferences", "analytics", "marketing", "unclassified"]


@JAVASCRIPT
def test_placeholder_loads_one_embed_once(visit: Visit, recorder: Recorder, js: bool) -> None:
    page = visit("/partial", js=js)
    page.frame_locator("iframe[title='A film']").get_by_role("button", name="once").click()
    recorder.wait_for(["video"])
    assert {call.host for call in recorder.requests} == {"video.labvideo.example"}
    recorder.clear()
    page.goto(f"https://{GATED}/partial")
    recorder.settle(least=0.8)
    assert recorder.hosts == set()


@JAVASCRIPT
def test_placeholder_loads_one_service_always(visit: Visit, recorder: Recorder, js: bool) -> None:
    page = visit("/partial", js=js)
    page.frame_locator("iframe[title='A film']").get_by_role("button", name="always").click()
    recorder.wait_for(["video"])
    recorder.clear()
    page.goto(f"https://{GATED}/partial")
    recorder.wait_for(["video"])
    recorder.settle(least=0.5)
    assert {call.host for call in recorder.requests} == {"video.labvideo.example"}
    expect(page.get_by_role("button", name="Accept all cookies")).to_be_visible()
