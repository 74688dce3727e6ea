from __future__ import annotations

import pytest
import user_agents
from hypothesis import given
from hypothesis import strategies as st

from cookiegate.core.user_agent import HIGH_ENTROPY_HINTS, HIGH_ENTROPY_KEYS, reduce

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"{WEBKIT} Chrome/126.0.6478.127"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X)"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
BROWSERS = [
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/126.0.6478.127 Safari/537.36",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.87",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0",
    f"Mozilla/5.0 (Linux; Android 14; Pixel 8 Pro) {WEBKIT} Chrome/126.0.6478.127 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36 EdgA/126.0.2592.80",
    f"Mozilla/5.0 (Linux; Android 13) {WEBKIT} SamsungBrowser/25.0 Chrome/121.0 Mobile Safari/537.36",
    f"{PHONE} {APPLE} Version/17.5 Mobile/15E148 Safari/604.1",
    f"{PHONE} {APPLE} CriOS/126.0.6478 Mobile/15E148 Safari/604.1",
    f"{PHONE} {APPLE} FxiOS/127.1 Mobile/15E148 Safari/605.1.15",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/17.4.1 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
    f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/126.0.6478.61 Safari/537.36",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "curl/8.5.0",
    "python-requests/2.31.0",
]


@pytest.mark.parametrize("full", BROWSERS)
def test_sniffer_finds_the_same_family_major_version_and_kind(full: str) -> None:
    before, after = user_agents.parse(full), user_agents.parse(reduce(full))
    assert after.browser.family == before.browser.family
    assert after.browser.version[:1] == before.browser.version[:1]
    assert (after.is_mobile, after.is_bot) == (before.is_mobile, before.is_bot)


@pytest.mark.parametrize("full", BROWSERS)
def test_reduced_form_stays_as_it_is(full: str) -> None:
    assert reduce(reduce(full)) == reduce(full)


def test_desktop_systems_and_phone_models_cannot_be_told_apart() -> None:
    systems = (
        "Windows NT 10.0; Win64; x64",
        "Macintosh; Intel Mac OS X 10_15_7",
        "X11; CrOS x86_64 14541.0.0",
    )
    desktops = {reduce(f"Mozilla/5.0 ({s}) {WEBKIT} Chrome/126.0.1.{len(s)} Safari/537.36") for s in systems}
    models = ("Android 14; Pixel 8 Pro", "Android 9; SM-G960F Build/PPR1.180610.011; wv")
    phones = {
        reduce(f"Mozilla/5.0 (Linux; {m}) {WEBKIT} Chrome/126.0.1.2 Mobile Safari/537.36") for m in models
    }
    assert len(desktops) == len(phones) == 1


def test_nothing_known_leaves_nothing_fine() -> None:
    assert reduce("") == ""
    assert reduce("Mozilla/5.0 (Serial 1234-5678) Unheard/9.8.7") == "Mozilla/5.0 (Desktop)"
    assert reduce("MyApp/3.2.1 (device 1234)") == "MyApp/3.0"
    assert reduce("(((") == ""
    assert (
        reduce("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)") == "Mozilla/5.0 (compatible; MSIE 8.0)"
    )


@given(st.text(max_size=300))
def test_any_text_is_reduced_to_a_short_header_value(text: str) -> None:
    short = reduce(text)
    assert len(short) < 200
    assert short.isprintable()


def test_long_user_agent_is_cut_before_it_is_read() -> None:
    assert reduce("x" * 70_000 + " Chrome/126.0") == "x" * 40


def test_hints_that_every_browser_sends_are_no_high_entropy() -> None:
    assert not HIGH_ENTROPY_HINTS & {"sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "save-data"}
    assert "HTTP_SEC_CH_UA_FULL_VERSION_LIST" in HIGH_ENTROPY_KEYS
