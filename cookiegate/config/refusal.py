"""Why a setting cannot be used, on its way up to the configuration that names its full key and its file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

LEGITIMATE_INTEREST = re.compile(r"legit|leg_?int\b|\blegint", re.IGNORECASE)


class Refusal(Exception):
    """`remedy` says what to write instead of `value`; `path` leads to it from the outermost table."""

    def __init__(self, remedy: str, value: Any, *path: str) -> None:
        self.remedy = remedy
        self.value = value
        self.path = path
        super().__init__(remedy)

    @property
    def key(self) -> str:
        """The dotted name: `service.matomo.hosts[0]`."""
        return ".".join(self.path).replace(".[", "[")


def nearest(word: Any, known: Iterable[str]) -> str:
    """`; did you mean "…"?`, or nothing where no known word is near."""
    names = [name for name in known if name]
    found = difflib.get_close_matches(str(word).lower(), names, n=1, cutoff=0.6)
    return f'; did you mean "{found[0]}"?' if found else ""


def refuse_legitimate_interest(word: str, value: Any, *path: str) -> None:
    """RULES B16: the configuration has no such setting, and says so to whoever looks for it."""
    if LEGITIMATE_INTEREST.search(word):
        raise Refusal(
            "legitimate interest is no basis for tracking here and has no setting; "
            'ask for consent in a category, or give a service category = "necessary" with its reason',
            value,
            *path,
        )
