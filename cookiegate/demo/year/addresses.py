"""Addresses to visit from: networks that the shipped database files under each country, drawn once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

ENOUGH = 220
"""Networks of a country."""

TRIES = 400_000


def addresses_of(
    countries: Iterable[str], region_of: Callable[[bytes], str], seed: int = 1
) -> dict[str, list[str]]:
    """Country -> IPv4 addresses; one or more of each. Raises LookupError for a country that is nowhere there."""
    wanted: dict[str, list[str]] = {country: [] for country in countries}
    open_ones = set(wanted)
    dice = random.Random(seed)  # noqa: S311 - generated traffic, the same each time
    for _ in range(TRIES):
        if not open_ones:
            break
        network = dice.randbytes(3)
        country = region_of(network).partition("-")[0]
        if country in open_ones:
            wanted[country].append(".".join(map(str, (*network, dice.randrange(1, 255)))))
            if len(wanted[country]) == ENOUGH:
                open_ones.discard(country)
    for country, found in wanted.items():
        if not found:
            raise LookupError(f"the database of regions knows no network of {country}")
    return wanted
