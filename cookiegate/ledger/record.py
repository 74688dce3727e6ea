"""One consent record: what was decided, about which question, when and how; never by whom.

Its fields cannot hold an address, a user agent or a URL: each has a closed shape.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..core.consent import OPTIONAL
from ..core.consent_cookie import SERVICE

Source = Literal["banner", "settings", "placeholder", "signal", "api"]
Action = Literal["grant", "refusal", "withdrawal", "change"]

SOURCES = frozenset({"banner", "settings", "placeholder", "signal", "api"})
ACTIONS = frozenset({"grant", "refusal", "withdrawal", "change"})
HASH = re.compile(r"[0-9a-f]{12}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
ID = re.compile(r"[A-Za-z0-9_-]{1,22}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`time` is in seconds since 1970-01-01 UTC, by the server's clock; `question` and `text` are hashes.

    `id` exists only where something is granted, or was before this withdrawal: the records of those who
    declined cannot be told apart. Raises ValueError for a field out of its shape.
    """

    time: int
    question: str
    text: str
    categories: Mapping[str, bool]
    services: tuple[str, ...] = ()
    source: Source
    language: str
    action: Action
    id: str | None = None

    def __post_init__(self) -> None:
        shapes = {
            "time": isinstance(self.time, int) and self.time >= 0,
            "question": HASH.fullmatch(self.question),
            "text": HASH.fullmatch(self.text),
            "categories": self.categories.keys() <= set(OPTIONAL)
            and all(isinstance(granted, bool) for granted in self.categories.values()),
            "services": all(SERVICE.fullmatch(name) and len(name) <= 253 for name in self.services),
            "source": self.source in SOURCES,
            "language": LANGUAGE.fullmatch(self.language),
            "action": self.action in ACTIONS,
            "id": self.id is None or ID.fullmatch(self.id),
        }
        for name, fits in shapes.items():
            if not fits:
                raise ValueError(f"a record cannot hold {name} = {getattr(self, name)!r}")
