"""Paths that the operator keeps out of the gate: an editor's back office, whose pages no visitor sees."""

from __future__ import annotations

import re
from collections.abc import Iterable

ODD = re.compile(r"//|/\.{1,2}(?:/|$)|[\\;%\x00-\x1f]")
"""Spellings that a server may read as another path: a link must not lead visitors past the gate by one."""


class Exclusions:
    """Patterns are paths; `*` at the end stands for anything: `/wp-admin/*`."""

    def __init__(self, patterns: Iterable[str]) -> None:
        patterns = tuple(patterns)
        self._exact = frozenset(pattern for pattern in patterns if not pattern.endswith("*"))
        self._starts = tuple(pattern[:-1] for pattern in patterns if pattern.endswith("*"))

    def __contains__(self, path: str) -> bool:
        """`path` as decoded by the server. What could be read in two ways is not excluded."""
        if not (path in self._exact or path.startswith(self._starts)):
            return False
        return ODD.search(path) is None
