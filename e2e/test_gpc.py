"""`Sec-GPC: 1` and `DNT: 1` deny in that very response, over a grant too, and the pages say so."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .lab.lab import GATED, Lab
from .lab.recorder import Recorder
from .lab.visitor import accept, accept_button, choose, settings_link
from .test_leaks import nobody

SIGNALS = pytest.mark.parametrize("signal", [{"Sec-GPC": "1"}, {"DNT": "1"}], ids=["gpc", "dnt"])
HONOURED = "Opt-out preference signal honoured"


@SIGNALS
def test_signal_denies_without_a_banner(visit: Visit, recorder: Recorder, signal: dict[str, str]) -> None:
    page = visit("/vectors", extra_http_headers=signal)
    expect(accept_button(page)).to_have_count(0)
    expect(settings_link(page)).to_have_count(1)
    nobody(recorder)


@SIGNALS
def test_signal_denies_over_a_stored_grant(visit: Visit, recorder: Recorder, signal: dict[str, str]) -> None:
    page = visit("/partial")
    accept(page)
    recorder.settle()
    page.context.set_extra_http_headers(signal)
    recorder.clear()
    page.goto(f"https://{GATED}/partial")
    recorder.settle(least=0.8)
    assert (
        recorder.hosts & {"stats.labstats.example", "ads.labads.example", "unknown.stranger.example"} == set()
    )


@SIGNALS
def test_settings_page_says_that_the_signal_was_honoured(visit: Visit, signal: dict[str, str]) -> None:
    page = visit("/_gate/settings", extra_http_headers=signal)
    expect(page.get_by_text(re.compile(HONOURED, re.IGNORECASE)).first).to_be_visible()


def test_later_explicit_grant_overrides_the_signal(visit: Visit, recorder: Recorder) -> None:
    page = visit("/partial", extra_http_headers={"Sec-GPC": "1"})
    choose(page, "analytics", over_signal=True)
    recorder.wait_for(["analytics"])
    assert recorder.hosts == {"stats.labstats.example"}


@pytest.mark.parametrize("value", ["0", "true", "", "11", "1;x"])
def test_only_the_value_1_counts(lab: Lab, value: str) -> None:
    reply = lab.fetch("/plain", headers={"Sec-GPC": value, "Sec-Fetch-Dest": "document"})
    assert "Accept all cookies" in reply.text


def test_any_element_of_repeated_headers_counts(lab: Lab) -> None:
    reply = lab.fetch("/plain", headers={"Sec-GPC": "0, 1", "Sec-Fetch-Dest": "document"})
    assert "Accept all cookies" not in reply.text


def test_well_known_resource(lab: Lab) -> None:
    reply = lab.fetch("/.well-known/gpc.json")
    assert (reply.status, reply.header("Content-Type")) == (200, "application/json")
    assert re.fullmatch(r'\{"gpc": ?true, ?"lastUpdate": ?"\d{4}-\d\d-\d\d"\}\s*', reply.text)
