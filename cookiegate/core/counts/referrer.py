"""Where a visit comes from: the host of its referrer, and the channel that this host belongs to.

Channels: `search`, `social`, `ai`, `email`, `direct` (no referrer), `other` (any other site), and `internal`
for a view that a page of the site itself led to, which is no visit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .labels import HIDDEN

CHANNELS = ("search", "social", "ai", "email", "direct", "other")
INTERNAL = "internal"
LONGEST_HOST = 80

_HOST = re.compile(r"(?=.{4,80}\Z)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]+\Z")
_APP = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+){1,7}\Z")
_LONG_NUMBER = re.compile(r"\d{6,}|[0-9a-f]{12,}")


class Referrers:
    """`known` maps a host, or the end of one, to its channel; `media` a `utm_medium` to its channel."""

    def __init__(self, known: Mapping[str, str], media: Mapping[str, str]) -> None:
        self._known = known
        self._media = media
        self._names = {
            host.partition(".")[0]: channel for host, channel in known.items() if host.count(".") == 1
        }

    def source(self, referrer: str, owns: Callable[[str], bool]) -> tuple[str, str]:
        """(host or "", channel) of a `Referer` header; `owns` knows the hosts of the site itself."""
        if not referrer:
            return "", "direct"
        scheme, _, rest = referrer[:512].partition("://")
        host = rest.partition("/")[0].partition("?")[0].rpartition("@")[2]
        if scheme == "android-app":
            return self._app(host)
        if not scheme.lower().startswith("http"):
            return "", "direct"
        host = host.partition(":")[0].lower().rstrip(".")
        if owns(host):
            return "", INTERNAL
        host = host.removeprefix("www.")
        if not _HOST.match(host):
            return HIDDEN, "other"  # an address, or no host at all
        if _LONG_NUMBER.search(host):
            return HIDDEN, self.channel(host)
        return host, self.channel(host)

    def _app(self, package: str) -> tuple[str, str]:
        if not _APP.match(package) or len(package) > LONGEST_HOST:
            return HIDDEN, "other"
        return f"app {package}", self._known.get(package, "other")

    def channel(self, host: str) -> str:
        """By the host or the longest of its ends that is known; `google` stands for google.<any ending>."""
        known = self._known
        while host:
            found = known.get(host)
            if found is not None:
                return found
            first, _, rest = host.partition(".")
            if rest.count(".") <= 1 and f"{first}.*" in known:
                return known[f"{first}.*"]
            host = rest
        return "other"

    def channel_of(self, label: str) -> str:
        """The channel of a label as `source` gives it, of a visit without a campaign."""
        if not label:
            return "direct"
        return self._known.get(label[4:], "other") if label.startswith("app ") else self.channel(label)

    def tagged(self, channel: str, campaign: Mapping[str, str]) -> str:
        """The channel of a visit whose address names a campaign: its medium says it, else its source."""
        medium = self._media.get(campaign.get("medium", ""))
        if medium is not None:
            return medium
        source = campaign.get("source", "")
        if channel == "direct" and source:
            return self._names.get(source) or self.channel(source)
        return channel
