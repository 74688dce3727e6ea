"""Attribute values that name several URLs: `srcset`, `ping`, `attributionsrc`."""

from __future__ import annotations

import re

_CANDIDATES = re.compile(
    r"[\t\n\f\r ,]*"
    r"([^\t\n\f\r ]*[^\t\n\f\r ,])"  # a URL
    r"(?:,+(?![^\t\n\f\r ])|[^,(]*(?:\([^)]*\)?[^,(]*)*)"  # commas end it; else its descriptors follow
)
_SPACED = re.compile(r"[^\t\n\f\r ]+")


def srcset_urls(text: str) -> list[str]:
    """The URLs of a `srcset` (HTML standard, 4.8.4.3.7). Commas in parentheses separate nothing."""
    return _CANDIDATES.findall(text)


def spaced_urls(text: str) -> list[str]:
    return _SPACED.findall(text)
