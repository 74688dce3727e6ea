"""One directive's source list of a Content-Security-Policy, matched as browsers do (CSP Level 3, 6.7.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

_DEFAULT_PORTS = {"http": "80", "ws": "80", "https": "443", "wss": "443"}
_HOST_SOURCE = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<host>\*|(?:\*\.)?[a-z0-9_.-]+)(?::(?P<port>[0-9]+|\*))?(?P<path>/.*)?",
    re.IGNORECASE,
)
_SCHEME_SOURCE = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_HASH = re.compile(r"'(sha(?:256|384|512)-[A-Za-z0-9+/_-]+={0,2})'", re.IGNORECASE)
_NONCE = re.compile(r"'nonce-([A-Za-z0-9+/_-]+={0,2})'", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Origin:
    """The site as the visitor addresses it: `scheme` and `host` in lower case, `port` always filled in."""

    scheme: str
    host: str
    port: str

    @classmethod
    def of(cls, scheme: str, authority: str) -> Origin:
        """From a URL scheme and a `Host` header's value."""
        host, colon, port = authority.rpartition(":")
        if not colon or "]" in port:
            host, port = authority, ""
        scheme = scheme.lower()
        return cls(scheme, host.lower(), port or _DEFAULT_PORTS.get(scheme, ""))


class SourceList:
    """`SourceList(["'self'", "https://cdn.example"])`; an empty list allows nothing."""

    def __init__(self, tokens: list[str]) -> None:
        self._hosts: list[re.Match[str]] = []
        self._schemes: set[str] = set()
        self.nonces: list[str] = []
        self.hashes: list[str] = []
        self.keywords: set[str] = set()
        for token in tokens:
            self._add(token)

    def _add(self, token: str) -> None:
        if match := _NONCE.fullmatch(token):
            self.nonces.append(match[1])
        elif match := _HASH.fullmatch(token):
            algorithm, _, digest = match[1].partition("-")
            self.hashes.append(f"{algorithm.lower()}-{digest.replace('-', '+').replace('_', '/')}")
        elif token.startswith("'"):
            self.keywords.add(token.strip("'").lower())
        elif match := _SCHEME_SOURCE.fullmatch(token):
            self._schemes.add(match[1].lower())
        elif match := _HOST_SOURCE.fullmatch(token):
            self._hosts.append(match)

    @property
    def allows_all_inline(self) -> bool:
        """`'unsafe-inline'`, which a nonce, a hash or `'strict-dynamic'` beside it switches off."""
        strict = self.nonces or self.hashes or "strict-dynamic" in self.keywords
        return "unsafe-inline" in self.keywords and not strict

    def allows_own(self, origin: Origin, path: str) -> bool:
        """Whether a URL of the site itself, at `path`, may be loaded from the page."""
        if "self" in self.keywords or origin.scheme in self._schemes:
            return True
        if origin.scheme == "https" and "http" in self._schemes:
            return True
        return any(_matches(source, origin, path) for source in self._hosts)

    def allows_scheme(self, scheme: str) -> bool:
        """Whether `data:` or `blob:` is named; `*` does not cover them."""
        return scheme in self._schemes


def _matches(source: re.Match[str], origin: Origin, path: str) -> bool:
    if source[0] == "*":
        return True
    scheme, host = (source["scheme"] or origin.scheme).lower(), source["host"].lower()
    if scheme != origin.scheme and not (scheme == "http" and origin.scheme == "https"):
        return False
    if host != "*" and not (host == origin.host or (host[0] == "*" and origin.host.endswith(host[1:]))):
        return False
    return _port_matches(source["port"], scheme, origin) and _path_matches(source["path"] or "", path)


def _port_matches(port: str | None, scheme: str, origin: Origin) -> bool:
    if port == "*":
        return True
    if port is None:
        return origin.port == _DEFAULT_PORTS.get(origin.scheme)
    return port == origin.port or (port == "80" and origin.port == "443" and origin.scheme == "https")


def _path_matches(allowed: str, path: str) -> bool:
    if allowed in ("", "/"):
        return True
    allowed = unquote(allowed)
    return path.startswith(allowed) if allowed.endswith("/") else path == allowed
