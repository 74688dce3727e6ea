"""Attribute values that name several URLs: `srcset`, `ping`, `attributionsrc`."""

from __future__ import annotations

import re

_CANDIDATE = re.compile(
    r"[\t\n\f\r ,]*([^\t\n\f\r ]+)"  # the URL
    r"([^,(]*(?:\([^)]*\)?[^,(]*)*)"  # its descriptors, up to a comma outside parentheses
)


def srcset_urls(text: str) -> list[str]:
    """The URLs of a `srcset` (HTML standard, 4.8.4.3.7). A URL that ends in commas has no descriptors."""
    found = []
    pos = 0
    while match := _CANDIDATE.match(text, pos):
        url = match[1]
        found.append(url.rstrip(","))
        pos = match.end(1) if url.endswith(",") else match.end()
    return [url for url in found if url]


def spaced_urls(text: str) -> list[str]:
    return text.split()
