"""What sealing goes by: its numbers, and what everyone knows of labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

FLOOR = 5
"""No smaller k can be set: RULES, A04."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`k`: visits that a published cell stands for at least. `split` times k: the smallest block of a population
    that is shown on its own. `channel_of` is the table of referrers' hosts, which everyone has. Raises ValueError
    below the floor."""

    k: int = 10
    split: int = 20
    channel_of: Callable[[str], str] | None = None

    def __post_init__(self) -> None:
        if self.k < FLOOR:
            raise ValueError(f"k = {self.k} is below the floor of {FLOOR}")

    @property
    def cap(self) -> int:
        """The most visits that a hidden cell can stand for, as everyone knows who knows k."""
        return self.k - 1

    @property
    def width(self) -> int:
        """The interval rule: whoever computes with everything published is left with an interval at least
        this wide for each hidden cell, in visits. Two would be "known to within one"."""
        return max(3, self.k // 2)

    @property
    def block(self) -> int:
        return self.k * self.split
