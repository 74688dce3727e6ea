"""What `check --url` asks of a live site: is a gate there, and does an edge keep to it?"""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..core.consent import Choice
from ..errors import ConfigError
from ..gate import Gate
from .findings import Finding

SECONDS = 15
LARGEST = 2_000_000
"""Bytes that are read of a page."""
HIT = re.compile(r"\b(?:hit|stale|updating|revalidated)\b", re.IGNORECASE)
KEY = "--url"
HIT_HEADERS = (
    "cf-cache-status",
    "x-cache",
    "x-cache-status",
    "x-proxy-cache",
    "cdn-cache",
    "x-vercel-cache",
    "x-drupal-cache",
    "cache-status",
)
REMEDY = 'Give the edge the rule for gate cookies, as docs/caches.md shows, or set cache = "private".'


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer, in the terms of the question: was it gated, did it come out of an edge's store?"""

    status: int
    headers: dict[str, str]
    body: bytes = b""

    @property
    def gated(self) -> bool:
        return "default-src" in self.headers.get("content-security-policy", "") and "vary" in self.headers

    @property
    def from_edge(self) -> bool:
        age = self.headers.get("age", "0")
        varnish = len(self.headers.get("x-varnish", "").split()) > 1
        return (
            varnish
            or (age.isdecimal() and int(age) > 0)
            or any(HIT.search(self.headers.get(name, "")) for name in HIT_HEADERS)
        )

    @property
    def storable(self) -> bool:
        said = self.headers.get("cache-control", "").lower()
        return "private" not in said and "no-store" not in said


def live_findings(gate: Gate, url: str) -> Iterator[Finding]:
    """Asks the page five times, twice with a choice that this gate's key signs. Raises ConfigError for a URL that
    cannot be asked."""
    if gate.config.cache == "shared":
        yield from _same_page_findings(gate, url)
        return
    cookie = _accepted(gate)
    undecided = [_ask(url), _ask(url)]
    granted = [_ask(url, cookie), _ask(url, cookie)]
    after = _ask(url)
    if not all(seen.gated for seen in undecided):
        yield Finding(
            "CG040", "error", KEY, f"{url} arrives without the gate's policy.", "Put the gate in front of it."
        )
        return
    if any(seen.from_edge for seen in granted):
        yield Finding("CG041", "error", KEY, "An edge answers visitors with a choice from its store.", REMEDY)
    elif any(seen.gated for seen in granted):
        message = "A visitor who accepted everything still gets the gated page: is this the configuration of that site?"
        yield Finding(
            "CG042", "error", KEY, message, "Compare secret_keys and state_dir with the running gate's."
        )
    elif any(seen.storable for seen in granted):
        message = "A released page may be kept by shared caches: something rewrites Cache-Control."
        yield Finding("CG043", "error", KEY, message, REMEDY)
    if not after.gated:
        message = "A released page was served to a visitor without a choice."
        yield Finding("CG044", "error", KEY, message, REMEDY)


def _same_page_findings(gate: Gate, url: str) -> Iterator[Finding]:
    """Where everyone gets the same page, it holds by its script, and no header may hold what that releases."""
    for seen in (_ask(url), _ask(url, _accepted(gate)), _ask(url)):
        if b'<script src="/_gate/embed/' not in seen.body:
            message = f"{url} arrives without the script that holds it and asks."
            yield Finding(
                "CG040", "error", KEY, message, "Put the gate in front of it; purge the edge's store."
            )
            return
        if gate.variants.of({}, gate.nobody).policy in seen.headers.get("content-security-policy", ""):
            message = (
                "The page comes with a policy that no choice can widen: an edge has kept it from before."
            )
            yield Finding("CG045", "error", KEY, message, "Purge the edge's store.")
            return


def _accepted(gate: Gate) -> str:
    choice = Choice(question=gate.question.hash, day=gate.today, granted=frozenset(gate.question.categories))
    return f"{gate.cookie_names.consent}={gate.codec.encode(choice)}"


def _ask(url: str, cookie: str = "") -> Seen:
    """One GET as a browser's navigation; no redirect is followed."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            "--url", url, "command line", "write the address of a page, such as https://www.example.com/"
        )
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=SECONDS)
    headers = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "User-Agent": "cookiegate check"}
    try:
        connection.request(
            "GET",
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            headers=headers | ({"Cookie": cookie} if cookie else {}),
        )
        got = connection.getresponse()
        body = got.read(LARGEST)
        return Seen(got.status, {name.lower(): value for name, value in got.getheaders()}, body)
    except (OSError, http.client.HTTPException, ssl.SSLError) as error:
        raise ConfigError(
            "--url", url, "command line", f"cannot be asked: {error or type(error).__name__}"
        ) from None
    finally:
        connection.close()
