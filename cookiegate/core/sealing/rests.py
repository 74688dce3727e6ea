"""Totals that lie within one another: what is left of the larger one is a cell, though no row holds it.

Everyone who reached a goal is counted; its channels and campaigns are those of visitors who opted in. Beside 31 who
reached it, 30 by channel say that one had not opted in. The fields of a campaign lie in all visits likewise, and,
since nearly every address that has one has the others, in each other as far as anyone can tell. Hence:

1. A side's total is told where its rest beside every told total around it is nothing, or k visits and more.
2. One of fewer than k visits waits for the week, where its rest is as large; all others are told to nobody.
3. Of days on which the larger total waits as well, a week tells both only where the rests of these days, taken as one
   label of the week, might be released themselves.

What a week releases out of a group says nothing about totals, since the group's sum was told by its day.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..counts.campaign import FIELDS
from .certificate import Group, row_is_free
from .rule import Rule

GOALS = ("goal", "goal:channel", "goal:campaign")
"""Each lies in those before it, goal by goal."""

TAGS = tuple(f"utm_{field}" for field in FIELDS)
"""All lie in the total of visits; of two of them the later one gives way."""


def wholes_of(panel: str) -> tuple[str, ...]:
    """The panels whose totals a panel's own gives way to."""
    if panel in GOALS:
        return GOALS[: GOALS.index(panel)]
    return ("total", *TAGS[: TAGS.index(panel)]) if panel in TAGS else ()


def told_of(sides: Mapping[str, int], wholes: Mapping[str, int], rule: Rule) -> tuple[set[str], set[str]]:
    """The panels whose totals are told, and those that wait. `sides` are the visits of each, in the order in which they
    are told; `wholes` the totals that are told already."""
    known, told, waits = [*wholes.values()], set(), set()
    for panel in sorted(sides, key=lambda name: sides[name] < rule.k):
        visits = sides[panel]
        if not all(is_safe_rest(whole - visits, rule) for whole in known):
            continue
        if visits < rule.k:
            waits.add(panel)
        else:
            told.add(panel)
            known.append(visits)
    return told, waits


def is_safe_rest(rest: int, rule: Rule) -> bool:
    """Whether what one total has more than another, or less, may be known."""
    return rest == 0 or abs(rest) >= rule.k


def may_be_told(rests: Mapping[int, int], rule: Rule) -> bool:
    """Whether a week may tell the sum of these rests of its days, each too small for its own."""
    cells = [Group(None, cells={"": visits}, never=rule.cap) for visits in rests.values()]
    whole = sum(rests.values())
    return whole == 0 or (whole >= rule.k and row_is_free("", cells, rule))
