"""The catalogue: what is known of hosts, cookies, inline scripts and collection paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from .consent import NECESSARY, UNCLASSIFIED
from .cookie_rules import CookieRules
from .host_table import HostEntry, HostTable
from .path_rules import PathRules
from .services import CookieMatch, Match, Service
from .snippets import SnippetRules, named_hosts, named_urls

_TRACKING = frozenset({"analytics", "marketing"})
REMEMBERED = 4096
"""Hosts whose entry is kept before that starts anew: pages may name any number."""
_FIELDS = frozenset(f.name for f in fields(Service)) - {"id", "source"}


def _none(_host: str) -> bool:
    return False


class Catalogue:
    """Immutable once built; `with_operator` makes another one.

    `services` are looked up by id, `hosts`, `cookies`, `snippets` and `paths` refer to those ids.
    """

    def __init__(
        self,
        services: Mapping[str, Service],
        *,
        hosts: HostTable,
        cookies: CookieRules,
        snippets: SnippetRules,
        paths: PathRules,
    ) -> None:
        self._services = services
        self._hosts = hosts
        self._found: dict[str, HostEntry | None] = {}
        self._cookies = cookies
        self._snippets = snippets
        self._paths = paths
        self._enabled = tuple(s for s in services.values() if s.category == NECESSARY and s.enabled)

    @property
    def services(self) -> Mapping[str, Service]:
        return self._services

    def service(self, id: str) -> Service | None:
        return self._services.get(id)

    def find_host(self, host: str) -> HostEntry | None:
        """What is known of a host, to be kept and asked for each path."""
        try:
            return self._found[host]
        except KeyError:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            entry = self._found[host] = self._hosts.find(host)
            return entry

    def match_url(self, host: str, path: str) -> Match | None:
        """The most specific rule for a URL as `split_url` gives it, or None where nobody has named it."""
        entry = self._hosts.find(host)
        if entry is None:
            return None
        service_id, pattern = entry.decide(path)
        return self.named(service_id, pattern)

    def calls_of(self, service_id: str) -> tuple[str, ...]:
        """What inline scripts of a service look like: pieces of text, any of which gives one away."""
        return self._snippets.calls_of(service_id)

    def match_cookie(self, name: str) -> CookieMatch | None:
        return self._cookies.find(name)

    def cookies_of(self, category: str) -> tuple[CookieMatch, ...]:
        return self._cookies.of_category(category)

    def match_inline(self, text: bytes) -> Match | None:
        """The first thing in an inline script that makes it a tracker's."""
        return next(self.inline_matches(text), None)

    def inline_matches(self, text: bytes, passes: Callable[[str], bool] = _none) -> Iterator[Match]:
        """Trackers that an inline script names or calls.

        A host that stands in ordinary links and data counts only by its path rules; hosts that nobody has
        named, that do not track, or that pass as the site's own never count.
        """
        known = {host: entry for host in named_hosts(text) if (entry := self.find_host(host))}
        for host, path in named_urls(text) if known else ():
            entry = known.get(host)
            if entry is None or passes(host):
                continue
            match = self.named(*entry.decide(path))
            if match is not None and match.category in _TRACKING and not _merely_linked(match):
                yield match
        for service_id, call in self._snippets.calls(text):
            yield self._known(service_id, call)

    def collects(self, path_with_query: str) -> Match | None:
        """Whether a path of the site itself is a first-party way of an analytics tool."""
        found = self._paths.find(path_with_query)
        return None if found is None else self._known(*found)

    def necessary_at(self, path: str) -> frozenset[str]:
        """Ids of the necessary services that the operator enabled for the site's page `path`."""
        return frozenset(service.id for service in self._enabled if service.passes_at(path))

    def named(self, service_id: str | None, rule: str) -> Match | None:
        """The match of a rule that leads to a service, None where it leads nowhere."""
        return None if service_id is None else self._known(service_id, rule)

    def _known(self, service_id: str, rule: str) -> Match:
        service = self._services.get(service_id)
        if service is None:
            # A host that the operator classified without a service of its own.
            return Match(None, service_id or UNCLASSIFIED, rule, "the operator's settings")
        if service.shared:
            return Match(None, UNCLASSIFIED, rule, service.source)
        return Match(service, service.category, rule, service.source)

    def with_operator(
        self,
        *,
        services: Mapping[str, Any] | None = None,
        enabled: Iterable[str] = (),
        classify: Mapping[str, str] | None = None,
        cookies: Iterable[Any] = (),
        collect: Iterable[str] = (),
        source: str = "the operator's settings",
    ) -> Catalogue:
        """The catalogue as the operator's settings change it.

        `services` holds `[service.<id>]` tables and `cookies` `[[cookie]]` tables, as mappings or objects
        with those attributes; empty values change nothing, hosts are added. `enabled` switches necessary
        services on.
        """
        hosts, known = self._hosts.copy(), dict(self._services)
        for host, category in (classify or {}).items():
            hosts.add(category, [host, "*." + host])
        for id, entry in (services or {}).items():
            given = _given(entry)
            known[id] = _changed(known.get(id), id, given, source)
            hosts.add(id, given.get("hosts", ()))
        for id in enabled:
            if id in known:
                known[id] = replace(known[id], enabled=True)
        rules = self._cookies.copy()
        rules.add(_cookie(_given(entry), source) for entry in cookies)
        paths = self._paths.copy()
        paths.add("analytics", collect)
        return Catalogue(known, hosts=hosts, cookies=rules, snippets=self._snippets, paths=paths)


def _merely_linked(match: Match) -> bool:
    return match.service is not None and match.service.linked and "/" not in match.rule


def _given(entry: Any) -> dict[str, Any]:
    """The settings of a table that say something."""
    if isinstance(entry, Mapping):
        values = dict(entry)
    else:
        values = {f.name: getattr(entry, f.name) for f in fields(entry)}
    return {key: value for key, value in values.items() if value not in ("", (), [], None)}


def _changed(old: Service | None, id: str, given: dict[str, Any], source: str) -> Service:
    changes = {key: value for key, value in given.items() if key in _FIELDS}
    for key in ("hosts", "cookies", "paths"):
        if key in changes:
            changes[key] = tuple(changes[key])
    if old is None:
        changes.setdefault("name", id)
        changes.setdefault("category", UNCLASSIFIED)
        return Service(id=id, source=source, **changes)
    if "hosts" in changes:
        changes["hosts"] = (*old.hosts, *changes["hosts"])
    # A company's own domain may be shared hosting for everyone else: naming it as a service ends that.
    return replace(old, source=source, shared=False, **changes)


def _cookie(given: dict[str, Any], source: str) -> CookieMatch:
    category = given.get("category", NECESSARY)
    return CookieMatch(category, given.get("service"), given.get("name", ""), source, "operator")
