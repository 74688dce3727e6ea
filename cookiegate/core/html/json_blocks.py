"""Import maps and speculation rules: JSON in a script element that makes a browser fetch."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

MODULE_PREFIX: Final = b"data:text/javascript,gate#"
"""Stands before a held address of an import map: an empty module. Taking it out gives the input back."""

_STRING = re.compile(rb'"((?>(?:[^"\\]++|\\[\s\S])*))(?:"([\t\n\r ]*+:)?|\\?\Z)')
"""An unfinished one takes all that is left: looking for others inside would cost the square of its length."""
_OTHER_PLACE = frozenset(["protocol", "username", "password", "hostname", "port", "baseURL"])

Holds = Callable[[str], bool]
"""Whether a URL is held."""


def import_addresses(text: bytes) -> Iterator[tuple[int, str]]:
    """The strings of an import map that are not keys: where each begins, and what it says."""
    for match in _STRING.finditer(text):
        if match[2] is None:
            string = match[0][: match.end(1) - match.start() + 1]
            try:
                yield match.start(1), json.loads(_decoded(string), strict=False)
            except ValueError:
                continue


def _decoded(text: bytes) -> str:
    """JSON as a browser reads it: in the page's encoding. Whichever that is, ASCII reads the same."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def rule_urls(text: bytes) -> tuple[list[str], bool]:
    """The URLs that speculation rules list, and whether they also follow links to any host.

    What cannot be read here might still be rules to a browser: it counts as following any link.
    Sources: the HTML standard, 7.6, and the URL pattern standard.
    """
    if not text.strip():
        return [], False
    try:
        rules = json.loads(_decoded(text))
    except (ValueError, RecursionError):
        return [], True
    urls: list[str] = []
    anywhere = False
    for rule in _rules(rules):
        urls += [url for url in _list(rule.get("urls")) if isinstance(url, str)]
        follows = rule.get("source", "document" if "where" in rule else "list") == "document"
        anywhere = anywhere or (follows and not _bounded(rule.get("where")))
    return urls, anywhere


def _rules(rules: Any) -> Iterator[dict[str, Any]]:
    if isinstance(rules, dict):
        for group in rules.values():
            for rule in _list(group):
                if isinstance(rule, dict):
                    yield rule


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _bounded(where: Any) -> bool:
    """Whether a document rule's condition lets it follow links of the page's own host only."""
    if not isinstance(where, dict):
        return False
    if "href_matches" in where:
        patterns = _list(where["href_matches"])
        return bool(patterns) and all(_own_pattern(pattern) for pattern in patterns)
    if "and" in where:
        return any(_bounded(part) for part in _list(where["and"]))
    if "or" in where:
        parts = _list(where["or"])
        return bool(parts) and all(_bounded(part) for part in parts)
    return False


def _own_pattern(pattern: Any) -> bool:
    if isinstance(pattern, dict):
        return not _OTHER_PLACE & pattern.keys()
    return isinstance(pattern, str) and pattern.startswith(("/", "?", "#")) and not pattern.startswith("//")
