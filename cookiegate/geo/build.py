"""The flat file's making, from the databases of npm's `@ip-location-db`: run by `cookiegate rebuild`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .flat import write_flat
from .subdivisions import LONGEST, bare, plain, spellings_of

WIDTHS = {4: (32, 24), 6: (128, 48)}
"""Bits of an address, and those that truncation keeps."""

ENTRY = re.compile(
    r"code: '([A-Z]{2}-[A-Z0-9]{1,3})',\s*name: (?:'((?:[^'\\]|\\.)*)'|\"([^\"]*)\"),\s*"
    r"parent: '([A-Z]{2}(?:-[A-Z0-9]+)?)'"
)


def build(
    into: Path,
    *,
    cities: Mapping[int, Path],
    countries: Mapping[int, Path],
    codes: str,
    spellings: Mapping[str, Mapping[str, str]],
    date: str,
    progress: Callable[[str], None],
) -> int:
    """Write the flat file. `cities` and `countries` are MaxMind databases by IP version; `codes` is the text of
    npm's iso-3166/2.js, `spellings` what DB-IP writes otherwise. Where the cities say nothing, the countries do.
    Returns the size in bytes."""
    names = _codes(codes)
    for country, some in spellings.items():
        names |= {(country, plain(name)): code for name, code in some.items()}
    labels: dict[str, int] = {"": 0}
    runs = {}
    for version, (bits, kept) in WIDTHS.items():
        progress(f"IPv{version}")
        known = list(_runs(cities[version], bits, kept, lambda entry: _region(entry, names)))
        beside = list(_runs(countries[version], bits, kept, _country))
        runs[version] = list(_numbered(_merged(known, beside), labels))
    about = {
        "source": "DB-IP City Lite and, where that is silent, iptoasn-country, both as npm's @ip-location-db has "
        "them; codes of ISO 3166-2 from npm's iso-3166",
        "licence": "CC BY 4.0 (IP Geolocation by DB-IP, https://db-ip.com), PDDL 1.0, MIT",
        "changed": "reduced to country and first subdivision of /24 and /48",
        "date": date,
    }
    return write_flat(into, list(labels), runs[4], runs[6], about)


def _runs(path: Path, bits: int, kept: int, name: Callable[[Any], str]) -> Iterator[tuple[int, str]]:
    """(first network, label): whose first address lies in an entry has the entry's label, as a look-up of the
    truncated address would."""
    import maxminddb

    shift = bits - kept
    end, last = 0, ""
    with maxminddb.open_database(path) as database:
        for network, entry in database:
            start = int(network.network_address)
            first = -(-start >> shift)
            stop = (start + (1 << (bits - network.prefixlen)) - 1) >> shift
            if first > stop:
                continue
            if first > end and last:
                yield end, ""
                last = ""
            label = name(entry)
            if label != last:
                yield first, label
                last = label
            end = stop + 1
    if last:
        yield end, ""


def _merged(known: list[tuple[int, str]], beside: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Both lists of runs walked together; `known` goes before `beside`."""
    here, there, last = "", "", ""
    at = 0
    other = [*beside, (1 << 64, "")]
    for place, (start, label) in enumerate(known):
        here = label
        stop = known[place + 1][0] if place + 1 < len(known) else 1 << 63
        moments = [start]
        while other[at][0] <= start:
            there = other[at][1]
            at += 1
        while True:
            value = here or there
            if value != last:
                yield moments[0], value
                last = value
            if other[at][0] >= stop:
                break
            moments = [other[at][0]]
            there = other[at][1]
            at += 1


def _numbered(runs: Iterator[tuple[int, str]], labels: dict[str, int]) -> Iterator[tuple[int, int]]:
    for start, label in runs:
        yield start, labels.setdefault(label, len(labels))


def _country(entry: Any) -> str:
    code = entry.get("country_code") or ""
    return f"{code}-" if len(code) == 2 else ""


def _region(entry: Any, names: Mapping[tuple[str, str], str]) -> str:
    code, name = entry.get("country_code") or "", entry.get("state1") or ""
    if len(code) != 2:
        return ""
    if not name:
        return f"{code}-"
    for spelling in (plain(name), bare(name)):
        found = names.get((code, spelling))
        if found is not None:
            return found
    return f"{code}-{name[:LONGEST]}"


def _codes(text: str) -> dict[tuple[str, str], str]:
    """(country, name without accents) -> code. Of two with one name the higher in rank counts."""
    found: dict[tuple[str, str], str] = {}
    entries = [(m[1], m[2] or m[3] or "", m[4]) for m in ENTRY.finditer(text)]
    for code, name, _ in sorted(entries, key=lambda entry: "-" in entry[2]):
        country = code[:2]
        for key in spellings_of(name.replace("\\'", "'")):
            found.setdefault((country, key), code)
    return found
