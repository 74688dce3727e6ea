"""The one-shot cookie: what the very next document may load or say, signed, for a minute.

    1~t1795392000~fr~nsaved~syoutube.<signature>

Version; time made; flag `r` (the page takes over the referrer that its address carries); a word that names
the notice to show; services to load once. It is made by a POST and dropped by the document it was made for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import BadConsentCookie
from .consent_cookie import SERVICE
from .seal import Seal

LIFETIME = 60
"""Seconds from the POST to the document that follows it."""
CLOCK_SKEW = 5
"""Seconds by which the clocks of two nodes may differ."""
MAX_PAYLOAD = 1024

PAYLOAD = re.compile(
    r"1~t(?P<time>[0-9]{1,12})(?:~f(?P<referrer>r))?(?:~n(?P<notice>[a-z][a-z0-9-]{0,31}))?"
    r"(?:~s(?P<services>[a-z0-9._+-]+))?"
)


@dataclass(frozen=True, slots=True)
class Once:
    """For the next document only. `services` are ids, or bare hosts of unclassified embeds."""

    services: frozenset[str] = frozenset()
    referrer: bool = False
    notice: str = ""


class OnceCodec:
    """Signs with the newest of `secret_keys` (newest first) and reads what any of them signed."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._seal = Seal(secret_keys, "cookiegate.once")

    def encode(self, once: Once, now: int) -> str:
        """The cookie's value; `now` in seconds since 1970. ValueError for what no cookie can carry."""
        parts = ["1", f"t{now}"]
        parts += ["fr"] if once.referrer else []
        parts += [f"n{once.notice}"] if once.notice else []
        parts += ["s" + "+".join(sorted(once.services))] if once.services else []
        payload = "~".join(parts)
        carried = all(SERVICE.fullmatch(name) for name in once.services)
        if not (carried and len(payload) <= MAX_PAYLOAD and PAYLOAD.fullmatch(payload)):
            raise ValueError(f"no cookie can carry this: {once!r}")
        return self._seal.close(payload)

    def decode(self, value: str, now: int) -> Once:
        """What we signed within the last minute; BadConsentCookie for anything else."""
        found = PAYLOAD.fullmatch(self._seal.open(value))
        if not found:
            raise BadConsentCookie("malformed")
        if not -CLOCK_SKEW <= now - int(found["time"]) <= LIFETIME:
            raise BadConsentCookie("expired")
        services = frozenset((found["services"] or "").split("+")) - {""}
        return Once(services, found["referrer"] is not None, found["notice"] or "")
