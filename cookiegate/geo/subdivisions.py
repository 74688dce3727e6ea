"""Codes of ISO 3166-2 by the names that databases write instead, each in its own way."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ..core.counts import clean_label

DATA = Path(__file__).parent.parent / "data"
LONGEST = 40
"""Characters of a name that has no code."""

GENERIC = re.compile(
    r"\b(province|region|oblast'?|governorate|state|district|county|department|prefecture|municipality|"
    r"autonomous|republic of|republic|the|of|city|special|capital|krai|parish|canton|kanton|island|islands|"
    r"provincia|departamento|estado|wilaya|sheng|voivodeship|emirate|de|d|la|al|el|ad|comunidad|region de)\b"
)


@lru_cache(maxsize=8192)
def labelled(country: str, name: str) -> str:
    """`AU-QLD` of AU and Queensland; `RU-Moscow Oblast` where no code is known, `AU-` without a name."""
    known = _codes()
    for spelling in (plain(name), bare(name)):
        code = known.get((country, spelling))
        if code is not None:
            return code
    return f"{country}-{clean_label(name)[:LONGEST]}"


@cache
def _codes() -> dict[tuple[str, str], str]:
    """(country, name without accents) -> code; names of the standard, and what DB-IP writes otherwise."""
    found: dict[tuple[str, str], str] = {}
    for country, names in _read("subdivision-names.json").items():
        for code, name in names.items():
            for key in spellings_of(name):
                found.setdefault((country, key), f"{country}-{code}")
    for country, codes in _read("region-names.json").items():
        found |= {(country, plain(name)): code for name, code in codes.items()}
    return found


def _read(name: str) -> dict[str, dict[str, str]]:
    whole: Any = json.loads((DATA / name).read_text("utf-8"))
    found: dict[str, dict[str, str]] = whole["names"]
    return found


def spellings_of(name: str) -> Iterator[str]:
    """The names in one of several (`Bolzano/Bozen`), as they are compared."""
    for part in re.split(r"[/\[(,]", name):
        yield from (key for key in (plain(part), bare(part)) if key)


def plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in folded if not unicodedata.combining(c))).strip()


def bare(name: str) -> str:
    return " ".join(GENERIC.sub(" ", plain(name)).split())
