"""Cookie names to categories.

A rule is a name, a beginning followed by `*`, or a beginning and an ending around it. Three sources, asked in
this order: the operator's own entries, the session, sign-in, form-protection and cart cookies of known
frameworks and shops (always the site's own), and names that vendors' scripts set on the site's own domain.
"""

from __future__ import annotations

from collections.abc import Iterable

from .services import CookieMatch


class CookieRules:
    """Later rules win over earlier ones of the same name; a whole name wins over a beginning, longer over
    shorter."""

    def __init__(self) -> None:
        self._names: dict[str, CookieMatch] = {}
        self._beginnings: dict[str, CookieMatch] = {}
        self._lengths: tuple[int, ...] = ()

    def add(self, matches: Iterable[CookieMatch]) -> None:
        for match in matches:
            start, star, _ = match.rule.partition("*")
            if star:
                self._beginnings[start] = match
            else:
                self._names[match.rule] = match
        self._lengths = tuple(sorted({len(start) for start in self._beginnings}, reverse=True))

    def copy(self) -> CookieRules:
        other = CookieRules()
        other._names, other._beginnings = self._names.copy(), self._beginnings.copy()
        other._lengths = self._lengths
        return other

    def find(self, name: str) -> CookieMatch | None:
        match = self._names.get(name)
        if match is not None:
            return match
        for length in self._lengths:
            match = self._beginnings.get(name[:length])
            if match is not None and length <= len(name) and name.endswith(match.rule.partition("*")[2]):
                return match
        return None

    def of_category(self, category: str) -> tuple[CookieMatch, ...]:
        """Every rule of a category, by name: what a withdrawal expires."""
        matches = (*self._names.values(), *self._beginnings.values())
        return tuple(sorted((m for m in matches if m.category == category), key=lambda match: match.rule))
