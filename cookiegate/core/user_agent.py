"""The user agent, reduced before a choice to browser family, major version and a mobile flag.

The shape is the one that browsers themselves send since their own reduction: zeros for minor versions, and a
platform that says only what family and flag say already (a mobile Chrome is on Android, Safari is Apple's, a
desktop may be anything). So sites' sniffers still find the engine they look for, and no operating system.
"""

from __future__ import annotations

import re

HIGH_ENTROPY_HINTS = frozenset(
    {
        "sec-ch-ua-arch",
        "sec-ch-ua-bitness",
        "sec-ch-ua-form-factors",
        "sec-ch-ua-full-version",
        "sec-ch-ua-full-version-list",
        "sec-ch-ua-model",
        "sec-ch-ua-platform-version",
        "sec-ch-ua-wow64",
        "sec-ch-device-memory",
        "sec-ch-dpr",
        "sec-ch-viewport-width",
        "sec-ch-viewport-height",
        "sec-ch-width",
        "sec-ch-prefers-reduced-transparency",
        "device-memory",
        "dpr",
        "viewport-width",
        "width",
        "downlink",
        "ect",
        "rtt",
    }
)
"""Client hints that a browser sends only when asked (User-Agent Client Hints, Client Hints Infrastructure),
as header names in lower case. Dropped before a choice; `Sec-CH-UA`, `-Mobile`, `-Platform`, the preferences
of colour scheme and motion, and `Save-Data` are low-entropy or wishes of the visitor, and stay."""

HIGH_ENTROPY_KEYS = frozenset("HTTP_" + name.upper().replace("-", "_") for name in HIGH_ENTROPY_HINTS)
"""The same as WSGI spells them."""

LONGEST = 1024
"""Characters of a user agent that are read."""

_ORDER = (
    *("CriOS", "FxiOS", "EdgiOS", "OPiOS", "EdgA", "Edg", "Edge", "OPR", "SamsungBrowser", "YaBrowser"),
    *("UCBrowser", "Vivaldi", "DuckDuckGo", "Firefox", "MSIE", "HeadlessChrome", "Chromium", "Chrome"),
)
"""Later names stand in the user agents of earlier ones too: the first that is found counts."""

_FAMILY = re.compile(rf"\b({'|'.join(_ORDER)})[/ ]([0-9]{{1,4}})")
_SAFARI = re.compile(r"\bVersion/([0-9]{1,4})\b.*\bSafari/")
_TRIDENT = re.compile(r"\bTrident/.*\brv:([0-9]{1,3})")
_ROBOT = re.compile(
    r"\b([A-Za-z][A-Za-z0-9_-]{0,30}(?:bot|crawler|spider|slurp|preview|externalhit|Lighthouse)[A-Za-z0-9_-]{0,20})"
    r"(?:/([0-9]{1,4}))?",
    re.IGNORECASE,
)
_PRODUCT = re.compile(r"([A-Za-z][A-Za-z0-9_.-]{0,39})(?:/([0-9]{1,4}))?")
_MOBILE = re.compile(r"\bMobile\b|\bMobi\b|iPhone|iPod|Opera Mini|IEMobile")

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_ANDROID = "(Linux; Android 10; K)"
_DESKTOP = "(Desktop)"
_PHONE = "(iPhone; CPU iPhone OS 17_0 like Mac OS X)"
_MAC = "(Macintosh; Intel Mac OS X 10_15_7)"


def reduce(user_agent: str) -> str:
    """The reduced form; "" stays "", and what no rule knows keeps its first product and major version.

    A pure function of some microseconds: the caller may remember reduced forms, in a bounded cache.
    """
    text = user_agent[:LONGEST]
    mobile = _MOBILE.search(text) is not None
    robot = _ROBOT.search(text)
    if robot:
        return f"Mozilla/5.0 (compatible; {robot[1]}/{robot[2] or 1}.0)"
    found = dict(_FAMILY.findall(text))
    if found:
        return _browser(min(found, key=_ORDER.index), found, mobile)
    safari = _SAFARI.search(text)
    if safari:
        return _safari(f"Version/{safari[1]}.0", mobile)
    trident = _TRIDENT.search(text)
    if trident:
        return f"Mozilla/5.0 {_DESKTOP[:-1]}; Trident/7.0; rv:{trident[1]}.0) like Gecko"
    return _other(text, mobile)


def _browser(family: str, found: dict[str, str], mobile: bool) -> str:
    major = found[family]
    if family in ("CriOS", "FxiOS", "EdgiOS", "OPiOS"):
        return _safari(f"{family}/{major}.0.0.0", mobile)
    if family == "Firefox":
        platform = "Android 10; Mobile" if mobile else "Desktop"
        gecko = f"{major}.0" if mobile else "20100101"
        return f"Mozilla/5.0 ({platform}; rv:{major}.0) Gecko/{gecko} Firefox/{major}.0"
    if family == "MSIE":
        return f"Mozilla/5.0 (compatible; MSIE {major}.0)"
    engine = found.get("Chrome", major)
    platform = _ANDROID if mobile else _DESKTOP
    flag = " Mobile" if mobile else ""
    if family in ("Chrome", "HeadlessChrome"):
        return f"Mozilla/5.0 {platform} {_WEBKIT} {family}/{major}.0.0.0{flag} Safari/537.36"
    chrome = f"Chrome/{engine}.0.0.0{flag} Safari/537.36"
    if family == "SamsungBrowser":
        return f"Mozilla/5.0 {platform} {_WEBKIT} {family}/{major}.0 {chrome}"
    return f"Mozilla/5.0 {platform} {_WEBKIT} {chrome} {family}/{major}.0.0.0"


def _safari(product: str, mobile: bool) -> str:
    if mobile:
        return f"Mozilla/5.0 {_PHONE} {_APPLE} {product} Mobile/15E148 Safari/604.1"
    return f"Mozilla/5.0 {_MAC} {_APPLE} {product} Safari/605.1.15"


def _other(text: str, mobile: bool) -> str:
    product = _PRODUCT.match(text)
    if product is None:
        return ""
    name, major = product[1], product[2]
    if name == "Mozilla":
        return "Mozilla/5.0 (Mobile)" if mobile else f"Mozilla/5.0 {_DESKTOP}"
    return f"{name}/{major}.0" if major else name
