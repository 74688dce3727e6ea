"""What everyone knows of panels before a visit is counted."""

from __future__ import annotations

CUBE = ("region", "device", "channel", "state")
VISITS = ("hour", "page", "browser", "system", "language", "referrer")
"""Panels of all visits, beside those of the cube."""

POSSIBLE = {"hour": 24, "device": 5, "channel": 6, "state": 5}
"""Panels of few labels, and how many; a device may be unknown, too."""

COMMON = {
    "browser": ("Chrome", "Safari", "Edge", "Firefox"),
    "system": ("Android", "Windows", "iOS", "Mac OS X"),
    "device": ("desktop", "mobile"),
    "channel": ("direct", "search"),
    "state": ("undecided", "granted", "denied"),
    "language": ("en",),
    "page": ("/",),
    "referrer": ("", "google.com"),
}
"""What is common on the web, the commonest first: it joins a group last, or the figure that everyone looks for would be
the one that goes. It is written here, not counted, so that it says nothing of a site (docs/counting.md)."""
