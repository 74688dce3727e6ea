"""How a vendor's host name is spelled in the demo: as it is, or as a stand-in that a plain browser reaches.

Browsers resolve every name under `.localhost` to loopback without asking anyone, so the stand-in of
`www.youtube.com` is `www.youtube.com.localhost` at the tracker network's port: readable, and an origin of its
own. With `--real-hosts` nothing is respelled; then the browser must be told where the names lead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

STAND_IN = ".localhost"


class Hosts:
    """The spelling of one run. `network_port` is None where the real names are used."""

    def __init__(self, names: Iterable[str], network_port: int | None) -> None:
        self.names = tuple(names)
        self.network_port = network_port

    def name(self, host: str) -> str:
        """`host` as it is written in the pages, without a port: what the gate is told."""
        return host if self.network_port is None else host + STAND_IN

    def origin(self, host: str) -> str:
        if self.network_port is None:
            return f"https://{host}"
        return f"http://{host}{STAND_IN}:{self.network_port}"

    def spell(self, text: str) -> str:
        """`text` with each known host's `https://host` or `//host` in this run's spelling."""
        if self.network_port is None:
            return text
        return self._known.sub(lambda found: self.origin(found[1]), text)

    @cached_property
    def _known(self) -> re.Pattern[str]:
        names = "|".join(re.escape(name) for name in sorted(self.names, key=len, reverse=True))
        return re.compile(rf"(?:https?:)?//({names})(?![\w.:-])")


def real_name(host_header: str) -> str:
    """The vendor's name that a `Host` header stands for: lower case, no port, no `.localhost`."""
    return host_header.lower().split(":")[0].rstrip(".").removesuffix(STAND_IN)
