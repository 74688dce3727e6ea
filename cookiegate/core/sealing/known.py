"""What everyone knows of panels before a visit is counted."""

from __future__ import annotations

CUBE = ("region", "device", "channel", "state")
VISITS = ("hour", "page", "browser", "system", "language", "referrer")
"""Panels of all visits, beside those of the cube."""

POSSIBLE = {"hour": 24, "device": 5, "channel": 6, "state": 5}
"""Panels of few labels, and how many; a device may be unknown, too."""

_POPULOUS = """
GB-ENG GB-SCT US-CA US-TX US-FL US-NY US-PA US-IL DE-NW DE-BY DE-BW FR-IDF IE-L NL-ZH NL-NH BE-VLG CH-ZH AT-9 IT-25
ES-AN ES-CT ES-MD PT-11 SE-AB NO-30 DK-84 FI-18 PL-14 CZ-10 GR-I TR-34 ZA-GP CA-ON CA-QC MX-MEX BR-SP AU-NSW AU-VIC
NZ-AUK JP-13 IN-UP IN-MH CN-GD KR-41
"""
"""Of large countries, the subdivisions where most people live."""

COMMON = {
    "browser": ("Chrome", "Safari", "Edge", "Firefox"),
    "system": ("Android", "Windows", "iOS", "Mac OS X"),
    "device": ("desktop", "mobile"),
    "channel": ("direct", "search"),
    "state": ("undecided", "granted", "denied"),
    "language": ("en",),
    "page": ("/",),
    "referrer": ("", "google.com"),
    "country": ("US", "GB", "DE", "FR"),
    "region": tuple(_POPULOUS.split()),
}
"""What is common on the web, the commonest first: it joins a group last, or the figure that everyone looks for would be
the one that goes. It is written here, not counted, so that it says nothing of a site (docs/counting.md)."""
