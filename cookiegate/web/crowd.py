"""How many choices are recorded: who floods the consent address fills neither the ledger nor its disk.

Each truncated network may have so many recorded; beyond that all networks share what a small site needs, so that a
mobile carrier, or visitors behind a proxy that the gate has not been told of, are not refused on an ordinary day. What
is not recorded is not granted; a refusal takes effect all the same.
"""

from __future__ import annotations

import os
from hashlib import blake2b

from .allowance import Allowance

NETWORK_PER_SECOND, NETWORK_BURST = 0.2, 20
NETWORKS = 4096
SHARED_PER_SECOND, SHARED_BURST = 5, 300


class Crowd:
    """For one process. Networks are kept as keyed hashes, and only while they matter: minutes."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._own = Allowance(per_second=NETWORK_PER_SECOND, burst=NETWORK_BURST, keys=NETWORKS)
        self._shared = Allowance(per_second=SHARED_PER_SECOND, burst=SHARED_BURST)

    def admits(self, network: bytes) -> bool:
        """Whether one more choice from a truncated network may be recorded; b"" where none is known."""
        return (bool(network) and self._own.take(self._hidden(network))) or self._shared.take()

    def _hidden(self, network: bytes) -> bytes:
        return blake2b(network, key=self._key, digest_size=8).digest()
