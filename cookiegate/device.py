"""What a user agent says of a device, as coarsely as it is counted; and whether it is a robot's, and why.

Families come from ua-parser (its native build where there is one) through user-agents, robots from
crawler-user-agents: user-agents' own list finds 60 % of them. Both are asked once for each user agent and
remembered in a bounded memory, which holds results for text that browsers share.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from .core.counts import UNKNOWN, clean_label

DEVICES = ("desktop", "mobile", "tablet", "other")
LONGEST = 512
"""Characters of a user agent that are looked at."""

CHUNK = 25
"""Patterns to one regular expression: as the list's own package has it, 5 times faster than one for all."""


@dataclass(frozen=True, slots=True)
class Device:
    """`bot` is the reason for which a robot is one (a tag of the list, or "unnamed"), "" for a visitor."""

    kind: str = UNKNOWN
    browser: str = UNKNOWN
    system: str = UNKNOWN
    bot: str = ""


def device_of(user_agent: str) -> Device:
    """Never raises; half a millisecond, most of it to tell robots: remember it."""
    text = user_agent[:LONGEST]
    reason = bot_reason(text)
    if reason:
        return Device(bot=reason)
    agent = _agent()(text)
    kind = (
        "tablet"
        if agent.is_tablet
        else "mobile"
        if agent.is_mobile
        else "desktop"
        if agent.is_pc
        else "other"
    )
    return Device(kind, _family(agent.browser.family), _family(agent.os.family))


def bot_reason(user_agent: str) -> str:
    """Why this is a robot, or "". No user agent, or one without any product, is no browser's either."""
    if len(user_agent) < 12 or "/" not in user_agent:
        return "unnamed"
    return next((reason for reason, pattern in _robots() if pattern.search(user_agent)), "")


@cache
def _robots() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(reason, expression), a few patterns of one reason at a time, in the order of the list's tags."""
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA  # type: ignore[import-untyped]

    patterns: dict[str, list[str]] = {}
    for entry in CRAWLER_USER_AGENTS_DATA:
        patterns.setdefault(min(entry.get("tags", ()), default="crawler"), []).append(entry["pattern"])
    return tuple(
        (reason, re.compile("|".join(some[start : start + CHUNK])))
        for reason, some in sorted(patterns.items())
        for start in range(0, len(some), CHUNK)
    )


@cache
def _agent() -> Callable[[str], Any]:
    """user-agents' judgement of what ua-parser's native build finds; its own parse asks the build in Python, which
    takes seventy times as long."""
    import ua_parser
    from user_agents import parsers  # type: ignore[import-untyped]

    class Agent(parsers.UserAgent):  # type: ignore[misc]
        def __init__(self, text: str) -> None:
            found = ua_parser.parse(text).with_defaults()
            self.ua_string = text
            self.os = parsers.parse_operating_system(**asdict(found.os))
            self.browser = parsers.parse_browser(**asdict(found.user_agent))
            self.device = parsers.parse_device(**asdict(found.device))

    return Agent


def _family(name: str) -> str:
    """`Mobile Safari` and `Chrome Mobile iOS` stay apart from their desktop kin only by the device."""
    for word in ("Mobile Safari UI/WKWebView", "Mobile Safari", "Chrome Mobile WebView", "Chrome Mobile iOS"):
        name = name.replace(word, "Safari" if "Safari" in word else "Chrome")
    name = name.removesuffix(" Mobile").removesuffix(" iOS")
    return UNKNOWN if name == "Other" else clean_label(name)
