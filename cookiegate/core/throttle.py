"""A token for throttling that names no address: the same for one client all day, another one tomorrow.

For whoever uses it: it is meant for counting attempts within minutes, in memory. Keyed, so that nobody without
the secret can find the address by trying all of them; truncated, so that it is no identifier worth keeping.
"""

from __future__ import annotations

import hashlib
import hmac

from .address import packed_address

WIDTH = 16
"""Hexadecimal digits of a token."""
ONE_HOME = 8
"""Bytes of an IPv6 address that one client cannot change at will: its /64."""


class Throttle:
    """`secret` is the newest key of the site."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(f"cookiegate.throttle {secret}".encode()).digest()

    def token(self, address: str, day: int) -> str:
        """Of a client's full address on `day` (days since 1970); "" for what is no address."""
        packed = packed_address(address)
        if packed is None:
            return ""
        client = packed if len(packed) == 4 else packed[:ONE_HOME]
        return hmac.digest(self._key, client + day.to_bytes(4, "big"), "sha256").hex()[:WIDTH]
