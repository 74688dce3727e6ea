"""Paths of the site itself that collect for an analytics tool behind a first-party name."""

from __future__ import annotations

from collections.abc import Iterable

from .host_table import PathRule


class PathRules:
    """Patterns as in `host_table`, without a host: `/collect?*tid=`.

    One that begins with `*` may stand below any folder, such as `*/matomo.php`; one that ends in `$` is the
    whole path and query, nothing after it.
    """

    def __init__(self) -> None:
        self._rooted: dict[str, tuple[PathRule, ...]] = {}
        self._anywhere: dict[str, tuple[PathRule, ...]] = {}
        self._whole: dict[str, str] = {}

    def add(self, service: str, patterns: Iterable[str]) -> None:
        for pattern in patterns:
            if pattern.endswith("$"):
                self._whole[pattern[:-1]] = service
            elif pattern.startswith("*"):
                rule = PathRule.of(pattern[1:], service, pattern)
                _file(self._anywhere, _last(_path(rule)), rule)
            else:
                rule = PathRule.of(pattern, service, pattern)
                _file(self._rooted, _first(_path(rule)), rule)

    def copy(self) -> PathRules:
        other = PathRules()
        other._rooted, other._anywhere = self._rooted.copy(), self._anywhere.copy()
        other._whole = self._whole.copy()
        return other

    def find(self, path_with_query: str) -> tuple[str, str] | None:
        """Service and pattern of the first rule that covers a path, or None."""
        path = path_with_query.partition("?")[0]
        rooted = self._rooted.get(_first(path), ())
        anywhere = self._anywhere.get(_last(path), ())
        if not rooted and not anywhere and path_with_query not in self._whole:
            return None
        whole = self._whole.get(path_with_query)
        if whole is not None:
            return whole, path_with_query + "$"
        for rule in rooted:
            if rule.covers(path_with_query):
                return rule.service, rule.pattern
        for rule in anywhere:
            ending = _path(rule)
            if path.endswith(ending) and rule.covers(path_with_query[len(path) - len(ending) :]):
                return rule.service, rule.pattern
        return None


def _file(rules: dict[str, tuple[PathRule, ...]], under: str, rule: PathRule) -> None:
    rules[under] = (*rules.get(under, ()), rule)


def _path(rule: PathRule) -> str:
    return rule.first.partition("?")[0]


def _first(path: str) -> str:
    """The first segment of a path without its query: what the rules are filed under."""
    end = path.find("/", 1)
    return path[1:end] if end > 0 else path[1:]


def _last(path: str) -> str:
    """The last segment of a path without its query."""
    return path.rpartition("/")[2]
