"""The region of a truncated address, from the database that ships or one of the operator's own.

A database of one's own is looked at again when its file changes, and taken up when there is none yet. Whatever is
wrong with it costs regions, never a count: it is said once in the log, and the region is `(unknown)`.

Danger: the reader maps its file into memory, and whoever cuts a mapped file short (`cp` does, before it writes) ends
the process with SIGBUS. So a file that the operator may write to is copied, and the copy is read.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from ..core.counts import UNKNOWN
from ..errors import GeoError
from .flat import FlatRegions
from .subdivisions import labelled

log = logging.getLogger("cookiegate")

SHIPPED = Path(__file__).parent.parent / "data" / "regions.bin"
INSTALLED = "regions.mmdb"
"""Where `cookiegate geo install` puts a database, in the state folder."""
COPY = "regions-copy.mmdb"
"""Our copy of the file that the setting `geo` names, in the state folder, for all workers; as old as that file."""

LOOK_AGAIN = 20.0
"""Seconds between two looks at whether a file has changed."""

SOME = ("192.0.2.0", "81.2.69.0", "8.8.8.0", "1.1.1.0", "2001:4860:4860::", "2a00:1450:4009::")
"""Addresses that a damaged file is tried by before it is used."""

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
    """A MaxMind database with countries and subdivisions: GeoLite2, GeoIP2, DB-IP, ip-location-db's form of it, or
    IPinfo's countries. Raises GeoError where the file is none."""

    def __init__(self, path: Path) -> None:
        import maxminddb

        try:
            self._reader = maxminddb.open_database(path)
            metadata = self._reader.metadata()
            kind = metadata.database_type.lower()
            self.only_ipv4 = metadata.ip_version == 4
            for address in SOME[:4] if self.only_ipv4 else SOME:
                region_of_entry(self._reader.get(address))
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
            raise GeoError(
                f"{path.name} cannot be read as a database of regions ({type(error).__name__})"
            ) from None
        self.credit = next((text for name, text in CREDITS.items() if name in kind.replace("-", "")), "")
        if "city" not in kind and "country" not in kind and "location" not in kind:
            raise GeoError(f"{path.name} is a database of {kind}, which has no regions")

    def of(self, packed: bytes) -> str:
        from ipaddress import ip_address

        if len(packed) > 4 and self.only_ipv4:
            return ""
        whole = packed.ljust(4 if len(packed) < 4 else 16, b"\0")
        return region_of_entry(self._reader.get(ip_address(whole)))


def region_of_entry(entry: Any) -> str:
    """`GB-ENG`, `GB-` where the subdivision is not known, "" where nothing is."""
    if not isinstance(entry, dict):
        return ""
    country = entry.get("country") or entry.get("registered_country")
    known = country.get("iso_code") if isinstance(country, dict) else country
    code = str(entry.get("country_code") or known or "").upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        return ""
    parts = entry.get("subdivisions")
    part = parts[0] if isinstance(parts, list) and parts else None
    if not isinstance(part, dict):
        return labelled(code, str(entry.get("state1") or ""))
    if part.get("iso_code"):
        return f"{code}-{str(part['iso_code']).upper()[:3]}"
    names = part.get("names")
    return labelled(code, str(names.get("en") or "") if isinstance(names, dict) else "")


Seen = tuple[int, int] | None
"""A file's time of change and its size; None where there is none."""


class Regions:
    """Callable with the bytes that truncation left of an address: 2 or 3 of IPv4, 4 or 6 of IPv6, or none.

    `path` is the operator's own database. Without one, what `installed` may come to hold goes before ours. `copy` is
    where the operator's file is copied to before it is read."""

    def __init__(
        self,
        path: Path | None,
        *,
        installed: Path | None = None,
        copy: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._installed = installed
        self._copy = copy
        self._clock = clock
        self._source: Source | None = None
        self._of: Callable[[bytes], str] = self._of_first
        self._seen: Seen = (-1, -1)
        self._look_at = -1.0
        self._failed = False

    def __call__(self, kept: bytes) -> str:
        size = len(kept)
        if size != 3:  # the usual case
            if not size:
                return UNKNOWN
            if size != 6:  # `strict` keeps half of what the database knows
                kept = kept.ljust(size + size // 2, b"\0")
        try:
            return self._of(kept) or UNKNOWN
        except Exception as error:
            self._say_once(error)
            return UNKNOWN

    @property
    def credit(self) -> str:
        source = self.source()
        return source.credit if source is not None else ""

    def _of_first(self, kept: bytes) -> str:
        self._look()
        return self._of(kept)

    def source(self) -> Source | None:
        """The database, opened or opened again as need be. A look-up looks for no other file, since a visitor waits
        for it: whoever looks addresses up calls this now and then."""
        if self._clock() >= self._look_at:
            self._look()
        return self._source

    def _look(self) -> None:
        """Whether there is another file than before. Never raises."""
        path = self._path or self._installed
        self._look_at = self._clock() + LOOK_AGAIN if path is not None else math.inf
        seen = _seen(path) if path is not None else None
        if seen == self._seen:
            return
        self._seen, self._failed = seen, False
        try:
            if path is None or (seen is None and self._path is None):
                self._source = Shipped(SHIPPED)
            elif seen is None:
                raise GeoError(f"there is no file {path.name}")
            else:
                found = Installed(self._to_be_read(path, seen))
                if found.only_ipv4:
                    log.warning("%s has no IPv6: those who come by it count as %s.", path.name, UNKNOWN)
                self._source = found
            self._of = self._source.of
        except GeoError as error:
            self._source, self._of = None, _nowhere
            log.error("Regions stay unknown: %s", error)
        except Exception as error:
            self._source, self._of = None, _nowhere
            log.error("Regions stay unknown: the database failed (%s)", type(error).__name__)

    def _to_be_read(self, path: Path, seen: tuple[int, int]) -> Path:
        """Our copy of the operator's file, made by the first worker; the file itself where none can be made."""
        copy = self._copy
        if copy is None or path != self._path:
            return path
        if _seen(copy) != seen:
            beside = copy.with_suffix(f".{os.getpid()}")
            try:
                copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.copy2(path, beside)
                os.replace(beside, copy)
            except OSError as error:
                with contextlib.suppress(OSError):
                    beside.unlink()
                log.warning(
                    "%s is read in place, so replace it by a rename, never by writing to it: %s",
                    path.name,
                    error.strerror,
                )
                return path
        return copy

    def _say_once(self, error: Exception) -> None:
        if not self._failed:
            self._failed = True
            log.error("Regions stay unknown: the database failed (%s)", type(error).__name__)


def _nowhere(_: bytes) -> str:
    return ""


def _seen(path: Path) -> Seen:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def open_regions(geo: Path | None, state_dir: Path | None = None) -> Regions:
    """The operator's own database, else the one that `geo install` left in the state folder, else ours."""
    if state_dir is None:
        return Regions(geo)
    return Regions(geo, installed=state_dir / INSTALLED, copy=state_dir / COPY)
