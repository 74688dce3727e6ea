"""What attacks came to: hidden cells, how many of them are known exactly, and how many to within one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

FOUND: dict[str, Counter[str]] = {}
"""Attack -> its figures so far, which the summary of the long form prints."""

MOST_NEAR = 0.02
"""Of hidden cells, those that may be known to within one visit."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one attack over some histories."""

    attack: str
    cells: int
    exact: int
    near: int

    @classmethod
    def of(cls, attack: str, found: Iterable[tuple[int, int, int]]) -> Tally:
        cells, exact, near = map(sum, zip(*found, strict=True))
        FOUND.setdefault(attack, Counter()).update(runs=1, cells=cells, exact=exact, near=near)
        return cls(attack, cells, exact, near)

    def holds(self, least: int) -> None:
        """Asserts that nothing is known: of more hidden cells than `least`, so that the attack is no blank."""
        assert self.cells > least
        assert self.exact == 0, self
        assert self.near <= self.cells * MOST_NEAR, self
