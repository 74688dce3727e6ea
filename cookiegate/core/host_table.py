"""Hosts to services, walked by suffix.

A pattern is `host` (that host alone) or `*.host` (the host and everything below it), with an optional path:
`www.facebook.com/tr`. A path matches as a beginning that ends at a word's end (`/tr` covers `/tr/` and
`/tr?id=1`, not `/travel`), and `*` in it skips anything: `/gtag/js?*id=AW-`. Paths are asked before hosts,
longer ones first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class PathRule(NamedTuple):
    """`first` and `rest` are the pieces of the path between its stars, `pattern` the whole as written.

    `word`: the last piece ends in a letter or digit, and must end there in the path too.
    """

    first: str
    rest: tuple[str, ...]
    word: bool
    service: str
    pattern: str

    @classmethod
    def of(cls, path: str, service: str, pattern: str) -> PathRule:
        first, *rest = path.split("*")
        return cls(first, tuple(rest), path[-1:].isalnum(), service, pattern)

    def covers(self, path: str) -> bool:
        if not path.startswith(self.first):
            return False
        end = len(self.first)
        for part in self.rest:
            found = path.find(part, end)
            if found < 0:
                return False
            end = found + len(part)
        return not (self.word and path[end : end + 1].isalnum())


class HostEntry(NamedTuple):
    """What is known of one host: its service, the pattern that named it, and rules by path, most specific
    first."""

    service: str | None
    pattern: str
    rules: tuple[PathRule, ...]

    def decide(self, path: str) -> tuple[str | None, str]:
        """The service of a URL on this host and the pattern that says so."""
        for rule in self.rules:
            if rule.covers(path):
                return rule.service, rule.pattern
        return self.service, self.pattern


class HostTable:
    """Later services win over earlier ones where both name the same pattern."""

    def __init__(self) -> None:
        self._exact: dict[str, str] = {}
        self._below: dict[str, str] = {}
        self._rules: dict[str, tuple[PathRule, ...]] = {}

    def add(self, service: str, patterns: Iterable[str]) -> None:
        for pattern in patterns:
            if "/" in pattern:
                self._add_rule(service, pattern)
            elif pattern.startswith("*."):
                self._below[pattern[2:]] = service
            else:
                self._exact[pattern] = service

    def _add_rule(self, service: str, pattern: str) -> None:
        host, _, path = pattern.partition("/")
        rule = PathRule.of("/" + path, service, pattern)
        others = tuple(r for r in self._rules.get(host, ()) if r.pattern != pattern)
        self._rules[host] = tuple(sorted((*others, rule), key=lambda r: (-len(r.pattern), r.pattern)))

    def copy(self) -> HostTable:
        other = HostTable()
        other._exact, other._below, other._rules = self._exact.copy(), self._below.copy(), self._rules.copy()
        return other

    def rename(self, services: Mapping[str, str]) -> None:
        """Give the hosts of some services to others."""
        for table in (self._exact, self._below):
            for host, service in table.items():
                if service in services:
                    table[host] = services[service]

    def owner(self, pattern: str) -> str | None:
        """The service that a pattern without a path leads to."""
        return self._below.get(pattern[2:]) if pattern.startswith("*.") else self._exact.get(pattern)

    def find(self, host: str) -> HostEntry | None:
        """The entry of `host`, or None where no pattern covers it."""
        service = self._exact.get(host)
        pattern = host
        rules = list(self._rules.get(host, ()))
        suffix = host
        while suffix:
            if service is None and (service := self._below.get(suffix)) is not None:
                pattern = "*." + suffix
            rules += self._rules.get("*." + suffix, ())
            suffix = suffix.partition(".")[2]
        if service is None and not rules:
            return None
        return HostEntry(service, pattern if service else "", tuple(rules))


class HostSet:
    """Hosts and `*.` patterns without services: what the operator allows, and the delivery list."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._table = HostTable()
        self._table.add("", patterns)

    def __contains__(self, host: object) -> bool:
        return isinstance(host, str) and self._table.find(host) is not None
