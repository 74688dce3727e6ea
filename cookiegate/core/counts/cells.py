"""Cells: one count of views and visits under a panel and a label. Only these leave a request.

A cell's weight packs both counts into one integer, so that a hit costs one addition a cell:
`VIEW` is a view, `VISIT` a view that is an arrival too.
"""

from __future__ import annotations

from collections.abc import Mapping

from .labels import SEPARATOR

Cell = tuple[str, str]
"""(panel, label)."""

Increments = Mapping[Cell, int]
"""Cell -> weight."""

VIEW = 1
VISIT = (1 << 32) + 1
_VIEWS = (1 << 32) - 1
MOST = _VIEWS
"""Views that one weight holds; a flush comes long before."""


def split_weight(weight: int) -> tuple[int, int]:
    """(visits, views)."""
    return weight >> 32, weight & _VIEWS


def label_of(*parts: str) -> str:
    """One label of several parts."""
    return SEPARATOR.join(parts)


def parts_of(label: str) -> tuple[str, ...]:
    return tuple(label.split(SEPARATOR))
