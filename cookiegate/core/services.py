"""A service (a named third party) and a match (what the catalogue says of one URL, cookie or snippet)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .consent import NECESSARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One named third party.

    `hosts` are patterns (`host_table`), `cookies` names or beginnings followed by `*`, `country` is where its
    owner sits (two letters, "" where unknown). `signal` names the family of consent signals that its tags
    understand. `embed`: it appears as a visible part of a page, so a placeholder makes sense. `shared`: one
    domain for many unrelated owners (hosting, CDN), whose category says nothing of a host below it. `linked`:
    its hosts stand in ordinary links and data, so that naming one makes no script a tracker.

    A `necessary` service has its `reason` and passes only where `enabled`, then on every page or on those
    below `paths`. `source` says where the entry stands.
    """

    id: str
    name: str
    category: str
    hosts: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ()
    owner: str = ""
    country: str = ""
    purpose: str = ""
    reason: str = ""
    privacy_url: str = ""
    signal: str = ""
    embed: bool = False
    shared: bool = False
    linked: bool = False
    enabled: bool = False
    paths: tuple[str, ...] = ()
    source: str = ""

    @property
    def dormant(self) -> bool:
        """Filed as necessary, but not enabled by the operator: held like anything else nobody has named."""
        return self.category == NECESSARY and not self.enabled

    def passes_at(self, path: str) -> bool:
        """Whether a necessary service passes on the site's page `path`."""
        if self.category != NECESSARY or not self.enabled:
            return False
        return not self.paths or any(below(path, prefix) for prefix in self.paths)


def below(path: str, prefix: str) -> bool:
    """Whether `path` is `prefix` or lies below it; `/pay` covers `/pay/1` and not `/payroll`."""
    return path.startswith(prefix) and (
        len(path) == len(prefix) or prefix.endswith("/") or path[len(prefix)] in "/?"
    )


class Match(NamedTuple):
    """What the catalogue says. `rule` is the pattern that matched, `source` where it stands."""

    service: Service | None
    category: str
    rule: str
    source: str


class CookieMatch(NamedTuple):
    """What is known of a cookie name. `service` is an id, None for the site's own; `kind` says whose rule
    it is."""

    category: str
    service: str | None
    rule: str
    source: str
    kind: str  # "operator", "site" (frameworks and shops) or "vendor"
