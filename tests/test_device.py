"""Devices as they are counted, and robots."""

from __future__ import annotations

import pytest

from cookiegate.device import DEVICES, Device, device_of

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1"
IPAD = "Mozilla/5.0 (iPad; CPU OS 15_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/100.0 Mobile/15E148 Safari/604.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (CHROME, Device("desktop", "Chrome", "Windows")),
        (IPHONE, Device("mobile", "Safari", "iOS")),
        (IPAD, Device("tablet", "Chrome", "iOS")),
        (FIREFOX, Device("desktop", "Firefox", "Linux")),
    ],
)
def test_a_browser(agent, device):
    assert device_of(agent) == device
    assert device.kind in DEVICES


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "search-engine"),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            "ai-crawler",
        ),
        ("curl/8.0.1 (x86_64)", "http-library"),
        ("", "unnamed"),
        ("-", "unnamed"),
    ],
)
def test_a_robot_and_why(agent, reason):
    assert device_of(agent).bot == reason


def test_a_hostile_agent_is_cut_short():
    assert device_of("Mozilla/5.0 (" + "x" * 100_000).bot in ("", "crawler")


def test_the_native_build_says_what_the_one_in_python_says():
    """Over all of ua-parser's own kinds that this suite has, devices and families are user-agents' own."""
    from user_agents import parse

    from cookiegate.device import _agent

    for text in (
        CHROME,
        FIREFOX,
        IPAD,
        IPHONE,
        "curl/8.1.0 something",
        "Opera/9.80 (X11; Linux) Version/12.16",
        "é/1 x",
    ):
        ours, theirs = _agent()(text), parse(text)
        assert (ours.browser, ours.os, ours.device) == (theirs.browser, theirs.os, theirs.device)
        assert (ours.is_mobile, ours.is_tablet, ours.is_pc) == (
            theirs.is_mobile,
            theirs.is_tablet,
            theirs.is_pc,
        )
