"""What was decided of tags that a site sends page after page.

Kept of a tag is Python's keyed hash, and what goes into it: names and hosts of ours. The tag itself may hold what
belongs to one visitor.
"""

from __future__ import annotations

from typing import Final

from .held_tag import Insertion, Reason

REMEMBERED: Final = 8192
"""Tags of one variant before the memory starts anew; each takes some 300 bytes."""

Key = tuple[int, int, bytes, bool]
Decided = tuple[tuple[Insertion, ...], tuple[Reason, ...]]
"""Insertions, their offsets counted from the end of the tag's name, and the reasons to hold it."""


class TagMemo:
    """For one `VerdictsLike` and one way to show placeholders; safe to share between threads."""

    __slots__ = ("_decided",)

    def __init__(self) -> None:
        self._decided: dict[Key, Decided] = {}

    def find(self, key: Key) -> Decided | None:
        return self._decided.get(key)

    def keep(self, key: Key, decided: Decided) -> None:
        if len(self._decided) >= REMEMBERED:
            self._decided = {}
        self._decided[key] = decided


def key_of(name: bytes, attributes: bytes, foreign: bool) -> Key:
    """`attributes` is all of the tag that follows its name (in lower case)."""
    return hash(attributes), len(attributes), name, foreign
