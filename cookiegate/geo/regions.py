"""The region of a truncated address, from the database that ships or one of the operator's own.

A database of one's own is looked at again when its file changes. Whatever is wrong with it costs regions, never a
count: it is said once in the log, and the region is `(unknown)`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from ..core.counts import UNKNOWN, clean_label
from ..errors import GeoError
from .flat import FlatRegions

log = logging.getLogger("cookiegate")

SHIPPED = Path(__file__).parent.parent / "data" / "regions.bin"
INSTALLED = "regions.mmdb"
"""Where `cookiegate geo install` puts a database, in the state folder."""

LOOK_AGAIN = 30.0
"""Seconds between two looks at whether a file has changed."""

CREDITS = {
    "dbip": "IP Geolocation by DB-IP (https://db-ip.com)",
    "geolite2": "This product includes GeoLite Data created by MaxMind, available from https://www.maxmind.com",
}


class Source(Protocol):
    """A database that is open. `credit` is what must stand where its results are shown, or ""."""

    credit: str

    def of(self, packed: bytes, /) -> str: ...


class Shipped(FlatRegions):
    credit = CREDITS["dbip"]


class Installed:
    """A MaxMind database with countries and subdivisions: GeoLite2, GeoIP2, DB-IP, or ip-location-db's form of
    it. Raises GeoError where the file is none."""

    def __init__(self, path: Path) -> None:
        import maxminddb

        try:
            self._reader = maxminddb.open_database(path)
            kind = self._reader.metadata().database_type.lower()
            self._reader.get("192.0.2.0")
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
            raise GeoError(
                f"{path.name} cannot be read as a database of regions ({type(error).__name__})"
            ) from None
        self.credit = next((text for name, text in CREDITS.items() if name in kind.replace("-", "")), "")
        if "city" not in kind and "country" not in kind and "location" not in kind:
            raise GeoError(f"{path.name} is a database of {kind}, which has no regions")

    def of(self, packed: bytes) -> str:
        from ipaddress import ip_address

        whole = packed.ljust(4 if len(packed) < 4 else 16, b"\0")
        return region_of_entry(self._reader.get(ip_address(whole)))


def region_of_entry(entry: Any) -> str:
    """`GB-ENG`, `GB-` where the subdivision is not known, "" where nothing is."""
    if not isinstance(entry, dict):
        return ""
    country = entry.get("country") or entry.get("registered_country") or {}
    code = str(country.get("iso_code") or entry.get("country_code") or "").upper()
    if len(code) != 2 or not code.isalpha():
        return ""
    parts = entry.get("subdivisions") or []
    part = parts[0].get("iso_code") if parts else entry.get("state1")
    return f"{code}-{clean_label(str(part or ''))[:40]}"


class Regions:
    """Callable with the bytes that truncation left of an address: 2 or 3 of IPv4, 4 or 6 of IPv6, or none."""

    def __init__(self, path: Path | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._source: Source | None = None
        self._seen: tuple[int, int] | None = None
        self._look_at = -1.0

    def __call__(self, kept: bytes) -> str:
        source = self._source if self._path is None and self._source is not None else self.source()
        if source is None or not kept:
            return UNKNOWN
        size = len(kept)
        if size in (2, 4):  # `strict` keeps half of what the database knows
            kept = kept.ljust(size + size // 2, b"\0")
        return source.of(kept) or UNKNOWN

    @property
    def credit(self) -> str:
        source = self.source()
        return source.credit if source is not None else ""

    def source(self) -> Source | None:
        """The database, opened or opened again as need be."""
        if self._path is None:
            if self._source is None and self._look_at < 0:
                self._look_at = 0.0
                self._open(SHIPPED, Shipped)
            return self._source
        now = self._clock()
        if now >= self._look_at:
            self._look_at = now + LOOK_AGAIN
            seen = _seen(self._path)
            if seen != self._seen or seen is None:
                self._seen = seen
                self._open(self._path, Installed)
        return self._source

    def _open(self, path: Path, kind: Callable[[Path], Source]) -> None:
        try:
            self._source = kind(path)
        except GeoError as error:
            self._source = None
            log.error("Regions stay unknown: %s", error)


def _seen(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def open_regions(geo: Path | None, state_dir: Path | None = None) -> Regions:
    """The operator's own database, else the one that `geo install` left in the state folder, else ours."""
    if geo is None and state_dir is not None and (state_dir / INSTALLED).exists():
        geo = state_dir / INSTALLED
    return Regions(geo)
