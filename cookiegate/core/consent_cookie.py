"""The consent cookie: one signed, readable line, the same bytes for everyone who declined on the same day.

    1~q6f2c1a9b3e4d~d20780~gap~fo~c20781~hs~uspring~rZk3v9w2q1xY7~syoutube+vimeo.com.<signature>

Version; question hash; day decided; first letters of the categories granted; flags (`n` not answered, `o`
over the signal, `s` statistics off); last-counted day; channel of the last arrival, as a letter, and its campaign;
record id; services released by name. Each part has one place and one spelling, so equal choices are equal bytes,
and what is spelled otherwise is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..errors import BadConsentCookie
from .consent import OPTIONAL, Choice
from .seal import Seal

MAX_VALUE = 200
"""Bytes of a whole cookie value: RULES, HTTP."""
SERVICES_ROOM = 91
"""Bytes for the released services, their separators included: the rest of a value at its longest is 109."""

SOURCE_ROOM = 21
"""Bytes of a channel and a campaign at their longest. Services that need them more leave no room for these."""

CHANNEL_CODES = {"search": "s", "social": "o", "ai": "a", "email": "e", "direct": "d", "other": "x"}
CHANNEL_NAMES = {code: name for name, code in CHANNEL_CODES.items()}
CAMPAIGN = re.compile(r"[a-z0-9][a-z0-9_-]{0,15}")
"""A campaign that a cookie has room for; of others the channel alone is kept."""

CLOCK_SKEW = 1
"""Days by which the clocks of two nodes may differ, midnight between them."""

SERVICE = re.compile(r"[a-z0-9][a-z0-9._-]*")
LETTERS = {name[0]: name for name in OPTIONAL}
PAYLOAD = re.compile(
    r"1~q(?P<question>[0-9a-f]{12})~d(?P<day>[0-9]{1,5})(?:~g(?P<granted>[a-z]{1,3}))?(?:~f(?P<flags>[nos]{1,3}))?"
    r"(?:~c(?P<counted>[0-9]{1,5}))?(?:~h(?P<channel>[soaedx]))?(?:~u(?P<campaign>[a-z0-9][a-z0-9_-]{0,15}))?"
    r"(?:~r(?P<record>[A-Za-z0-9_-]{1,22}))?(?:~s(?P<services>[a-z0-9._+-]{1,91}))?"
)


class ConsentCodec:
    """Signs with the newest of `secret_keys` (newest first) and reads what any of them signed."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._seal = Seal(secret_keys, "cookiegate.consent")

    def encode(self, choice: Choice) -> str:
        """The cookie's value, at most 200 bytes.

        A record id is written only where something is granted, a counted day, channel and campaign only where
        analytics is. Services
        beyond `SERVICES_ROOM` are left out, which holds them again: ask `fits` first. ValueError for a choice
        that no cookie can carry.
        """
        return self._seal.close(_payload(choice))

    def decode(self, value: str) -> Choice:
        """The choice that we signed. Raises BadConsentCookie for anything else, and nothing else."""
        return _choice(self._seal.open(value))

    def read(self, value: str, *, today: int, lifetime_days: int) -> Choice:
        """`decode`, and refuse what is expired or future-dated as well."""
        choice = self.decode(value)
        if choice.day > today + CLOCK_SKEW:
            raise BadConsentCookie("future")
        if not self.fresh(choice, today=today, lifetime_days=lifetime_days):
            raise BadConsentCookie("expired")
        return choice

    def fresh(self, choice: Choice, *, today: int, lifetime_days: int) -> bool:
        """Whether the choice still counts on `today`; days since 1970-01-01 UTC."""
        return -CLOCK_SKEW <= today - choice.day <= lifetime_days


def fits(services: Iterable[str]) -> bool:
    """Whether one cookie can remember all of these released services."""
    names = set(services)
    return len(_kept(names)) == len(names)


def _payload(choice: Choice) -> str:
    letters = "".join(sorted(name[0] for name in choice.granted))
    services = _kept(choice.services)
    flags = "n" * (not choice.answered) + "o" * choice.over_signal + "s" * choice.statistics_off
    counted = choice.counted_day if "analytics" in choice.granted else None
    sourced = "analytics" in choice.granted and len("+".join(services)) <= SERVICES_ROOM - SOURCE_ROOM
    channel = CHANNEL_CODES.get(choice.channel or "") if sourced else None
    campaign = choice.campaign if channel else None
    record = choice.record if letters or services else None
    parts = ["1", f"q{choice.question}", f"d{choice.day}"]
    parts += [f"g{letters}"] if letters else []
    parts += [f"f{flags}"] if flags else []
    parts += [f"c{counted}"] if counted is not None else []
    parts += [f"h{channel}"] if channel else []
    parts += [f"u{campaign}"] if campaign and CAMPAIGN.fullmatch(campaign) else []
    parts += [f"r{record}"] if record is not None else []
    parts += ["s" + "+".join(services)] if services else []
    payload = "~".join(parts)
    if not (PAYLOAD.fullmatch(payload) and choice.granted <= frozenset(OPTIONAL)):
        raise ValueError(f"no cookie can carry this choice: {payload!r}")
    return payload


def _choice(payload: str) -> Choice:
    found = PAYLOAD.fullmatch(payload)
    if not found:
        raise BadConsentCookie("malformed")
    granted, flags, services = found["granted"] or "", found["flags"] or "", found["services"]
    if not set(granted) <= LETTERS.keys():
        raise BadConsentCookie("category")
    choice = Choice(
        question=found["question"],
        day=int(found["day"]),
        answered="n" not in flags,
        granted=frozenset(LETTERS[letter] for letter in granted),
        services=frozenset(services.split("+")) if services else frozenset(),
        over_signal="o" in flags,
        statistics_off="s" in flags,
        counted_day=int(found["counted"]) if found["counted"] else None,
        channel=CHANNEL_NAMES[found["channel"]] if found["channel"] else None,
        campaign=found["campaign"],
        record=found["record"],
    )
    if (
        _payload(choice) != payload
    ):  # repeated letters or names, leading zeros, parts that may not stand together
        raise BadConsentCookie("spelling")
    return choice


def _kept(services: Iterable[str]) -> list[str]:
    """The services that a cookie can carry, sorted, up to its room."""
    kept: list[str] = []
    room = SERVICES_ROOM
    for name in sorted(filter(SERVICE.fullmatch, services)):
        if len(name) + (1 if kept else 0) <= room:
            room -= len(name) + (1 if kept else 0)
            kept.append(name)
    return kept
