"""The campaign that a visit's address names: the five UTM fields, and nothing else of the query."""

from __future__ import annotations

from urllib.parse import unquote_plus

from .labels import clean_label

FIELDS = ("source", "medium", "campaign", "term", "content")
_NAMES = {f"utm_{name}": name for name in FIELDS}
LONGEST_QUERY = 4096
"""Characters of a query that are read."""


def campaign_of(query: str) -> dict[str, str]:
    """Field -> label, of the fields that the query holds; the first of each counts, in lower case."""
    if "utm_" not in query:
        return {}
    found: dict[str, str] = {}
    for pair in query[:LONGEST_QUERY].split("&"):
        name, _, value = pair.partition("=")
        field = _NAMES.get(name)
        if field is not None and field not in found and value:
            label = clean_label(unquote_plus(value[:512], errors="replace").lower())
            if label:
                found[field] = label
    return found
