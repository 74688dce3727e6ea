"""Attribute values that name several URLs: `srcset`, `ping`, `attributionsrc`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CANDIDATE = re.compile(
    r"[\t\n\f\r ,]*([^\t\n\f\r ]+)"  # the URL
    r"([^,(]*(?:\([^)]*\)?[^,(]*)*)"  # its descriptors, up to a comma outside parentheses
)


def srcset_urls(text: str) -> Iterator[str]:
    """The URLs of a `srcset` (HTML standard, 4.8.4.3.7). A URL that ends in commas has no descriptors."""
    pos = 0
    while match := _CANDIDATE.match(text, pos):
        url = match[1]
        if candidate := url.rstrip(","):
            yield candidate
        pos = match.end(1) if url.endswith(",") else match.end()


def spaced_urls(text: str) -> Iterator[str]:
    yield from text.split()
