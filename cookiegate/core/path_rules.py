"""Paths of the site itself that collect for an analytics tool behind a first-party name."""

from __future__ import annotations

from collections.abc import Iterable

from .host_table import PathRule


class PathRules:
    """Patterns as in `host_table`, without a host: `/g/collect?*tid=G-`. One that begins with `*` may
    stand below any folder, such as `*/matomo.php`."""

    def __init__(self) -> None:
        self._rooted: dict[str, tuple[PathRule, ...]] = {}
        self._anywhere: dict[str, tuple[PathRule, ...]] = {}

    def add(self, service: str, patterns: Iterable[str]) -> None:
        for pattern in patterns:
            if pattern.startswith("*"):
                rule = PathRule(tuple(pattern[1:].split("*")), service, pattern)
                name = rule.parts[0].partition("?")[0]
                self._anywhere[name] = (*self._anywhere.get(name, ()), rule)
            else:
                rule = PathRule(tuple(pattern.split("*")), service, pattern)
                first = _first(rule.parts[0])
                self._rooted[first] = (*self._rooted.get(first, ()), rule)

    def copy(self) -> PathRules:
        other = PathRules()
        other._rooted, other._anywhere = self._rooted.copy(), self._anywhere.copy()
        return other

    def find(self, path_with_query: str) -> tuple[str, str] | None:
        """Service and pattern of the first rule that covers a path, or None."""
        for rule in self._rooted.get(_first(path_with_query), ()):
            if rule.covers(path_with_query):
                return rule.service, rule.pattern
        path = path_with_query.partition("?")[0]
        start = path.rfind("/")
        for rule in self._anywhere.get(path[start:], ()):
            if rule.covers(path_with_query[start:]):
                return rule.service, rule.pattern
        return None


def _first(path: str) -> str:
    """The first segment, without the query: what the rules are filed under."""
    return path.partition("?")[0][1:].partition("/")[0]
