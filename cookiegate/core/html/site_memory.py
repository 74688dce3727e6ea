"""What was decided of markup that a site sends page after page.

Kept is Python's keyed hash of the markup, and what goes into it: names and hosts of ours. The markup itself may
hold what belongs to one visitor.
"""

from __future__ import annotations

from typing import Final, Generic, TypeVar

from .held_tag import Reason
from .tape import Insertion

REMEMBERED: Final = 8192
"""Entries before a memory starts anew; each takes some 300 bytes."""

Key = tuple[int, int, bytes, bool]
Decided = TypeVar("Decided")

Tag = tuple[tuple[Insertion, ...], tuple[Reason, ...]]
"""What goes into a tag, counted from the end of its name, and the reasons to hold it."""

Stretch = tuple[tuple[Insertion, ...], tuple[tuple[Reason, int], ...]] | None
"""What goes into a stretch, counted from its start, and how often what is held in it; None where that depends
on more than the stretch."""


class Bounded(Generic[Decided]):
    """Safe to share between threads."""

    __slots__ = ("_decided", "_room")

    def __init__(self) -> None:
        self._decided: dict[Key, Decided] = {}
        self._room = REMEMBERED

    def find(self, key: Key, otherwise: Decided | None = None) -> Decided | None:
        return self._decided.get(key, otherwise)

    def keep(self, key: Key, decided: Decided, *, entries: int = 1) -> None:
        """Remember it; it takes the room of so many `entries`."""
        self._room -= entries
        if self._room < 0:
            self._decided = {}
            self._room = REMEMBERED
        self._decided[key] = decided


class SiteMemory:
    """For one `VerdictsLike` and one way to show placeholders; safe to share between threads."""

    __slots__ = ("stretches", "tags")

    def __init__(self) -> None:
        self.tags: Bounded[Tag] = Bounded()
        self.stretches: Bounded[Stretch] = Bounded()


def key_of(name: bytes, markup: bytes, inside: bool) -> Key:
    """For `markup` of the kind `name`; `inside` tells one surrounding from another."""
    return hash(markup), len(markup), name, inside
