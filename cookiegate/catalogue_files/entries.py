"""What the rebuild command takes from its two sources, as the rows of our own data files.

`third-party-web` (npm, MIT, Copyright Patrick Hulce): `dist/entities.json`. Open Cookie Database
(Apache-2.0): its CSV. Both are read from disk; nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

# What their thirteen categories are to us. Whatever profiles, sells or follows is marketing; parts of a page
# that come from elsewhere are preferences; a host of everybody's files says nothing of what is below it.
CATEGORIES = {
    "ad": "marketing",
    "analytics": "analytics",
    "marketing": "marketing",
    "social": "marketing",
    "customer-success": "marketing",
    "tag-manager": "analytics",
    "video": "preferences",
    "content": "preferences",
    "utility": "preferences",
    "consent-provider": "preferences",
    "cdn": "unclassified",
    "hosting": "unclassified",
    "other": "unclassified",
}
COOKIE_CATEGORIES = {"Analytics": "analytics", "Marketing": "marketing", "Personalization": "marketing"}
"""Categories of the Open Cookie Database that we take. What it calls functional or necessary is the site's
own affair: session, cart and sign-in cookies are filed in site-cookies.json."""

_SHORTEST = 4
"""A name or beginning with fewer characters says nothing of who set it."""
_COOKIE_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z\[\]/:]+")


def identifier(name: str) -> str:
    """`Google/Doubleclick Ads` -> `google-doubleclick-ads`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "unnamed"


def service_rows(entities: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """Rows of id, name, owner, category and host patterns (parted by spaces), sorted by id."""
    rows: dict[str, list[str]] = {}
    for entity in sorted(entities, key=lambda e: (identifier(e["name"]), e["name"])):
        category = CATEGORIES[entity.get("category", "other")]
        hosts = " ".join(sorted({pattern.lower() for pattern in entity["domains"]}))
        id = identifier(entity["name"])
        if id in rows:
            rows[id][4] += " " + hosts
        else:
            rows[id] = [id, entity["name"], entity.get("company", entity["name"]), category, hosts]
    return [rows[id] for id in sorted(rows)]


def linked_ids(entities: Iterable[Mapping[str, Any]]) -> list[str]:
    """Social networks: their hosts stand in ordinary links."""
    return sorted({identifier(e["name"]) for e in entities if e.get("category") == "social"})


def cookie_rows(records: Iterable[Mapping[str, str]], generic: frozenset[str]) -> list[list[str]]:
    """Rows of rule, category, service id, service name and owner, sorted by rule.

    Only names that a vendor sets on the site's own domain: a record that names another domain is a
    third-party cookie, which this site's server never sees. `generic` are names that too many sites use for
    their own ends.
    """
    rows: dict[str, list[str]] = {}
    for record in records:
        name = record["Cookie / Data Key name"].strip()
        category = COOKIE_CATEGORIES.get(record["Category"])
        if category is None or record["Domain"].strip():
            continue
        if len(name.rstrip("*")) < _SHORTEST or not _COOKIE_NAME.fullmatch(name):
            continue
        wild = record["Wildcard match"] == "1" and not name.endswith("*")
        rule = name + "*" if wild else name
        if rule in generic or name in generic:
            continue
        platform = record["Platform"].strip()
        rows.setdefault(
            rule, [rule, category, identifier(platform), platform, record["Data Controller"].strip()]
        )
    return [rows[rule] for rule in sorted(rows)]
