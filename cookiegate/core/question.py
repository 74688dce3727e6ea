"""The question a visitor answers: categories, services and purposes, published by the operator and hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

ASKABLE = frozenset({"preferences", "analytics", "marketing"})


def text_hash(text: str) -> str:
    """Twelve hexadecimal digits of SHA-256: the name of a question or a shown text in cookies and records."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True, order=True)
class AskedService:
    """One named third party of a question. `purpose` is what the visitor was told it is for."""

    id: str
    category: str
    purpose: str = ""


@dataclass(frozen=True)
class Question:
    """What was asked. Equal substance, equal hash; wording of buttons and headings is not substance.

    `categories` are the optional ones that are asked about, in the order they are shown. `purposes` are
    (category, text) where the operator describes a category in words of their own.
    """

    categories: tuple[str, ...] = ("preferences", "analytics", "marketing")
    services: tuple[AskedService, ...] = ()
    purposes: tuple[tuple[str, str], ...] = ()
    revision: int = 1

    @cached_property
    def hash(self) -> str:
        """Twelve hexadecimal digits of SHA-256 over the canonical form."""
        return text_hash(self.canonical())

    @cached_property
    def service_ids(self) -> frozenset[str]:
        return frozenset(service.id for service in self.services)

    def canonical(self) -> str:
        """The JSON text that is hashed, kept in the ledger by its hash, and written by `publish`."""
        return json.dumps(
            {
                "categories": list(self.categories),
                "purposes": sorted(map(list, self.purposes)),
                "revision": self.revision,
                "services": [[s.id, s.category, s.purpose] for s in sorted(self.services)],
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Question:
        """The reverse of `canonical`, from parsed JSON; KeyError, TypeError or ValueError on bad shape."""
        if not set(data["categories"]) <= ASKABLE:
            raise ValueError(f"unknown categories in {data['categories']!r}")
        return cls(
            categories=tuple(str(name) for name in data["categories"]),
            services=tuple(AskedService(*(str(part) for part in row)) for row in data["services"]),
            purposes=tuple((str(category), str(text)) for category, text in data["purposes"]),
            revision=int(data["revision"]),
        )
