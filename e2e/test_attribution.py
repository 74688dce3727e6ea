"""Accept costs marketing nothing: click id, campaign and the true referrer arrive, once, where granted."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .lab.lab import GATED, OPEN, Lab
from .lab.recorder import Call, Recorder
from .lab.visitor import accept, accept_button, choose, ran, smoothed
from .test_leaks import JAVASCRIPT, nobody

ELSEWHERE = "https://www.elsewhere.example/from"
QUERY = "gclid=Cj0KCQ-abc_123&utm_source=newsletter&utm_campaign=spring&page=2"
CONSENT_TYPES = {
    "ad_storage", "ad_user_data", "ad_personalization", "analytics_storage",
    "functionality_storage", "personalization_storage", "security_storage",
}  # fmt: skip


def follow_advertisement(page: Page, host: str = GATED) -> None:
    """From a foreign page, by a link whose target lacks the slash."""
    page.goto(ELSEWHERE)
    page.evaluate(
        """url => { const link = document.createElement('a'); link.href = url;
                    link.referrerPolicy = 'unsafe-url'; document.body.append(link); link.click(); }""",
        f"https://{host}/landing?{QUERY}",
    )
    page.wait_for_url("**/landing/**")
    page.wait_for_load_state("load")


def is_landing(url: str) -> bool:
    """The landing page with everything that the advertisement's link carried, and nothing else."""
    parts = urlsplit(url)
    same = sorted(parse_qsl(parts.query)) == sorted(parse_qsl(QUERY))
    return same and (parts.netloc, parts.path, parts.fragment) == (GATED, "/landing/", "")


def reports(recorder: Recorder) -> list[Call]:
    """What the stand-in Google tag told its collection host."""
    return [call for call in recorder.to("www.google-analytics.com", "/g/collect") if call.fields.get("why")]


def first_report(recorder: Recorder) -> dict[str, Any]:
    recorder.wait_for(["js", "collect"])
    recorder.settle(least=0.5)
    loaded = [call.fields for call in reports(recorder) if call.fields["why"] == "load"]
    assert loaded, [str(call) for call in recorder.calls]
    assert len(loaded) == 1
    return {**loaded[0], "consent": json.loads(loaded[0]["consent"])}


def test_ungated_tag_reports_click_id_and_referrer(visit: Visit, recorder: Recorder) -> None:
    follow_advertisement(visit("/plain", host=OPEN), OPEN)
    report = first_report(recorder)
    assert (report["dl"], report["dr"]) == (f"https://{OPEN}/landing/?{QUERY}", ELSEWHERE)


def test_before_a_choice_the_site_never_sees_the_click_id(visit: Visit, recorder: Recorder, lab: Lab) -> None:
    page = visit("/plain")
    follow_advertisement(page)
    landings = [environ for environ in lab.seen() if environ["PATH_INFO"] == "/landing/"]
    assert landings[-1]["QUERY_STRING"] == "utm_source=newsletter&utm_campaign=spring&page=2"
    assert is_landing(page.url)
    recorder.settle(least=0.5)
    assert recorder.hosts <= {"www.elsewhere.example"}


def test_after_accept_the_tag_receives_click_id_campaign_and_referrer(
    visit: Visit, recorder: Recorder
) -> None:
    page = visit("/plain")
    follow_advertisement(page)
    accept(page)
    report = first_report(recorder)
    assert is_landing(report["dl"])
    assert report["dr"] == ELSEWHERE
    assert is_landing(page.url)


def test_site_sees_the_click_id_once_marketing_is_granted(visit: Visit, lab: Lab) -> None:
    page = visit("/plain")
    follow_advertisement(page)
    accept(page)
    assert sorted(parse_qsl(lab.seen()[-1]["QUERY_STRING"])) == sorted(parse_qsl(QUERY))


def test_referrer_is_handed_over_once(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain")
    follow_advertisement(page)
    accept(page)
    first_report(recorder)
    page.goto(f"https://{GATED}/plain")
    recorder.clear()
    page.goto(f"https://{GATED}/landing/")
    assert first_report(recorder)["dr"] != ELSEWHERE


def test_without_script_accept_returns_to_the_landing_url(visit: Visit) -> None:
    page = visit(f"/landing/?{QUERY}", js=False)
    accept(page)
    assert page.url.split("#")[0] == f"https://{GATED}/landing/?{QUERY}"


def test_everything_granted_signals_every_type(visit: Visit, recorder: Recorder) -> None:
    accept(visit("/landing/"))
    report = first_report(recorder)
    assert set(report["consent"]) >= CONSENT_TYPES
    assert {report["consent"][name] for name in CONSENT_TYPES} == {"granted"}
    assert report["order"].split() == ["default", "update", "config"]


def test_analytics_alone_leaves_every_ad_signal_denied(visit: Visit, recorder: Recorder) -> None:
    page = visit("/landing/")
    choose(page, "analytics")
    report = first_report(recorder)
    denied = {name for name, value in report["consent"].items() if value == "denied"}
    assert denied >= {"ad_storage", "ad_user_data", "ad_personalization"}
    assert report["consent"]["analytics_storage"] == "granted"
    assert report["order"].split() == ["default", "update", "config"]


@JAVASCRIPT
def test_other_vendors_are_silent_before_a_choice(visit: Visit, recorder: Recorder, js: bool) -> None:
    visit("/vendors", js=js)
    nobody(recorder)


def test_microsoft_and_meta_signals_precede_their_tags(visit: Visit, recorder: Recorder) -> None:
    page = visit("/vendors")
    accept(page)
    recorder.wait_for(["fbevents", "bat", "abcdefgh"])
    assert "fbevents" in ran(page)
    (pixel,) = recorder.to("www.facebook.com", "/tr")
    calls = json.loads(pixel.fields["calls"])
    assert ["consent", "grant"] in calls
    assert calls.index(["consent", "grant"]) < calls.index(["init", "123456789"])
    uet = page.evaluate("JSON.parse(JSON.stringify(Array.from(window.uetq)))")
    assert uet[:3] == ["consent", "default", {"ad_storage": "denied"}]
    assert uet[3:6] == ["consent", "update", {"ad_storage": "granted"}]
    queued = page.evaluate("(window.clarity.q || []).map(call => Array.from(call))")
    assert queued[0][0] == "consentv2"
    assert queued[0][1] == {"ad_Storage": "granted", "analytics_Storage": "granted"}


def test_typed_input_survives_accepting_with_script(visit: Visit) -> None:
    page = visit("/contact")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Message").fill("A long letter")
    smoothed(page)
    accept_button(page).click()
    expect(accept_button(page)).to_be_hidden()
    page.wait_for_timeout(500)
    expect(page.get_by_label("Message")).to_have_value("A long letter")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#thanks")).to_have_text("Thank you, Ada")


def test_result_of_a_post_survives_accepting_with_script(visit: Visit) -> None:
    page = visit("/contact")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Message").fill("Hello")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#thanks")).to_have_text("Thank you, Ada")
    if accept_button(page).count():
        accept_button(page).click()
        page.wait_for_timeout(500)
    expect(page.locator("#thanks")).to_have_text("Thank you, Ada")


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"]
)
def test_return_address_elsewhere_goes_to_the_own_root(lab: Lab, target: str) -> None:
    reply = lab.fetch(
        "/_gate/consent",
        method="POST",
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "Origin": f"https://{GATED}",
        },
        body=f"choice=reject&return={target}&back={target}&next={target}".encode(),
    )
    assert not any("evil" in value for value in reply.all("Location"))
