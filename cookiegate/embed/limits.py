"""How often one neighbourhood may write: by the truncated address, in memory, for a minute."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from ..core.address import truncate
from ..core.forwarding import client_address
from ..core.networks import Networks

PER_MINUTE = 120
"""Choices of up to 256 neighbours: a large office behind one address makes a handful."""
MOST = 20_000
"""Neighbourhoods that are told apart; beyond, all newcomers share one count."""


class Allowance:
    """For one process; `clock` gives seconds. Nothing is kept longer than its minute."""

    def __init__(self, proxies: Networks, clock: Callable[[], float], per_minute: int = PER_MINUTE) -> None:
        self._proxies = proxies
        self._clock = clock
        self._most = per_minute
        self._lock = threading.Lock()
        self._minute = -1
        self._counts: dict[str, int] = {}

    def place(self, environ: Mapping[str, Any]) -> str:
        """The neighbourhood of a request, to be asked before the address is scrubbed from `environ`."""
        hops = environ.get("HTTP_X_FORWARDED_FOR", ""), environ.get("HTTP_FORWARDED", "")
        return truncate(client_address(environ.get("REMOTE_ADDR", ""), *hops, self._proxies))

    def take(self, place: str) -> bool:
        """Whether one more request from there may go on."""
        with self._lock:
            minute = int(self._clock() // 60)
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            if place not in self._counts and len(self._counts) >= MOST:
                place = ""
            count = self._counts[place] = self._counts.get(place, 0) + 1
        return count <= self._most
