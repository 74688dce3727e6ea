"""The site behind the gate: which hosts are its own, and where its cookies may live."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

from .urls import host_of

Registrable = Callable[[str], str | None]
"""The registrable domain of a host name by the public suffix list, or None for a public suffix itself."""

_REMEMBERED = 4096
"""Hosts whose answer is kept; a page of user-written links must not grow a worker."""


class Site:
    """One site. `host` may carry a port; `own` names more domains of the same operator.

    IP addresses, `localhost` and public suffixes are their own domain: nothing stands above them.
    """

    def __init__(self, host: str, *, own: Iterable[str] = (), registrable: Registrable) -> None:
        self.host = host_of(host)
        self._lookup = registrable
        self.domain = self.registrable(self.host)
        self._domains = frozenset({self.domain, *(self.registrable(host_of(name)) for name in own)})
        self._known: dict[str, bool] = {}

    def owns(self, host: str) -> bool:
        """Whether `host` (as `split_url` gives it) belongs to the site: the same registrable domain, or an
        own one."""
        known = self._known.get(host)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[host] = bool(host) and self.registrable(host) in self._domains
        return known

    def registrable(self, host: str) -> str:
        if is_address(host):
            return host
        try:
            return self._lookup(host) or host
        except (UnicodeError, ValueError):
            return host

    def parents(self, host: str) -> list[str]:
        """Domains that a cookie of `host` may name: the host itself and each parent up to the registrable
        one."""
        top = self.registrable(host)
        domains = [host]
        while host != top and "." in host:
            host = host.partition(".")[2]
            domains.append(host)
        return domains


def is_address(host: str) -> bool:
    """Whether `host` is an IP address, without brackets."""
    if not host or not (host[-1].isdigit() or ":" in host):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
