"""Labels as people read them, and numbers, shares and dates as they are written."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache

from babel import Locale

from ..catalogue_files import load_catalogue
from ..core.counts import HIDDEN, UNKNOWN
from ..core.counts.labels import REST
from ..core.sealing.periods import date_of
from ..face.folders import PACKAGE

CHANNELS = {
    "search": "Search engines",
    "social": "Social networks",
    "ai": "AI assistants",
    "email": "E-mail",
    "direct": "Direct",
    "other": "Other sites",
}
DEVICES = {"desktop": "Desktop", "mobile": "Mobile", "tablet": "Tablet", "other": "Other"}
STATES = {
    "undecided": "Not decided",
    "denied": "Refused all",
    "partial": "Allowed a part",
    "granted": "Accepted all",
    "signal": "Opt-out signal",
}
CATEGORIES = {
    "preferences": "Preferences and embedded content",
    "analytics": "Analytics",
    "marketing": "Marketing",
    "unclassified": "Not classified",
    "necessary": "Necessary",
}
OURS = {
    UNKNOWN: "Unknown",
    HIDDEN: "Not shown: may be somebody’s own",
    REST: "Beyond the list’s bound",
}
ROBOTS = {
    "ai-crawler": "AI crawlers",
    "seo": "Search marketing",
    "http-library": "HTTP libraries",
    "search-engine": "Search engines",
    "monitoring": "Monitoring",
    "prefetch": "Pages loaded ahead, perhaps never seen",
    "unnamed": "Unnamed programs",
}
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\ufffd]"
)
"""Controls, lone surrogates, and what turns round or hides the text beside it."""

NEW_BANNER = "A new question or banner"

FIXED = {"bot": ROBOTS, "channel": CHANNELS, "device": DEVICES, "state": STATES, "held:category": CATEGORIES}


def name_of(panel: str, label: str) -> str:
    """A label in people's words. Labels of visitors' making (paths, hosts, campaigns) stay as they are, but for
    characters that nobody sees."""
    if label in OURS:
        return OURS[label]
    if panel == "region" or panel.endswith(":region"):
        return seen(region_name(label))
    if panel == "referrer" and not label:
        return "No referrer"
    if panel == "language" or panel.endswith(":language"):
        return seen(str(_english().languages.get(label, label)))
    if panel == "held:service":
        category, _, id = label.rpartition("\x1f")
        return f"{OURS.get(id) or _service(id)} ({seen(category)})" if category else _service(id)
    if panel == "hour":
        return f"{seen(label)}:00"
    side = panel.rpartition(":")[2] if panel.startswith("prompt:") else panel
    return FIXED.get(side, {}).get(label) or seen(label)


def seen(label: str) -> str:
    """A label with U+FFFD for each character that could only deceive. None is counted; a store may be older."""
    return _UNSEEN.sub("\ufffd", label)


def region_name(label: str) -> str:
    country, dash, part = label.partition("-")
    if not dash:
        return str(_english().territories.get(country, country))
    if not part:
        return f"{region_name(country)}, region not told"
    return _subdivisions().get(country, {}).get(part, part)


def _service(id: str) -> str:
    """A service is counted by its id in the catalogue, anything else by its host."""
    found = load_catalogue().service(id)
    return seen(id) if found is None else found.name


@cache
def _english() -> Locale:
    return Locale.parse("en")


@cache
def _subdivisions() -> dict[str, dict[str, str]]:
    found = json.loads((PACKAGE / "data" / "subdivision-names.json").read_text("utf-8"))
    return dict(found["names"])


def number(value: int) -> str:
    """1234567 as 1,234,567."""
    return f"{value:,}"


def short(value: float) -> str:
    """A large number in three figures: 1.23 M, 45.6 k."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size * 9.995 or (letter == "M" and value >= size):
            return f"{value / size:.3g} {letter}" if value < size * 999.5 else f"{value / size:,.0f} {letter}"
    return f"{value:,.0f}"


def percent(share: float) -> str:
    """Whole per cents; smaller ones with a figure behind the point."""
    if share <= 0:
        return "0 %"
    if share < 0.001:
        return "under 0.1 %"
    if share < 0.0995:
        return f"{share * 100:.1f} %"
    return f"{share * 100:.0f} %"


def told(least: int, *, exact: bool) -> str:
    """A figure of which a part may not be told."""
    return number(least) if exact else f"≥ {number(least)}"


def span(least: int, most: int | None, whole: int | None = None) -> str:
    """How often something happened, of `whole` at most; None is not known."""
    if least == most:
        return number(least)
    if least:
        return told(least, exact=False)
    return "hidden" if most is None or most == whole else f"≤ {number(most)}"


def interval(least: float, most: float) -> str:
    """A share that lies between two: 38 %, 6.1–44 %, ≥ 0.04 %, ≤ 44 %, or – where it can be anything. Both ends are
    written outwards, so that it lies between what is read too."""
    if least == most:
        return percent(least)
    if most >= 1:
        return _least(least) if least > 0 else "–"
    high = percent(_outwards(most, math.ceil))
    return f"≤ {high}" if least < 0.0001 else f"{_least(least)[2:-2]}–{high}"


def _least(share: float) -> str:
    """Beside a count that is not nought stands a share that is not nought either, however small."""
    if share < 0.0001:
        return "> 0 %"
    if share < 0.001:
        return f"≥ {math.floor(round(share * 10_000, 9)) / 100:.2f} %"
    return f"≥ {percent(_outwards(share, math.floor))}"


def _outwards(share: float, way: Callable[[float], int]) -> float:
    size = 1000 if share < 0.0995 else 100
    return way(round(share * size, 9)) / size


def points(now: float, before: float) -> str:
    """How a share changed: by points, not by per cents of itself."""
    found = round((now - before) * 100, 1)
    return f"{'+' if found > 0 else '−'}{abs(found):.1f} points" if found else "± 0 points"


def change(now: int, before: int | None) -> str | None:
    """How much more or less than before, None where nothing can be said."""
    if not before:
        return None
    part = (now - before) / before
    if abs(part) < 0.0005:
        return "± 0 %"
    sign = "+" if part > 0 else "−"
    if part >= 10:
        return f"{sign}{part + 1:.0f} times"
    return f"{sign}{percent(max(0.001, abs(part)))}"


def day_text(day: int, *, year: bool = True) -> str:
    """24 Nov 2026."""
    return _date_text(date_of(day), year)


def _date_text(when: date, year: bool) -> str:
    text = f"{when.day} {when:%b}"
    return f"{text} {when.year}" if year else text


def days_text(first: int, last: int) -> str:
    """28 Oct to 24 Nov 2026, with no more years than needed."""
    if first == last:
        return f"{date_of(first):%A}, {day_text(first)}"
    same = date_of(first).year == date_of(last).year
    return f"{day_text(first, year=not same)} to {day_text(last)}"


def time_text(seconds: int) -> str:
    """A moment since 1970, as a day of UTC: 24 Nov 2026."""
    return _date_text(datetime.fromtimestamp(seconds, UTC).date(), True)
