"""Uniques of weeks and months, published where they tell of no day and no week that is hidden.

Three series over the same visitors, none a sum of another. But nobody is new to a period without having been there:
whatever covers the days of a period has at least as many visitors as the period. Days cover a week; days and weeks
in any mixture cover a month; and a month with some days covers a week that lies across its edge. What the period
has more than all other parts of a cover together, the remaining part has at least. For each hidden part the cheapest
cover counts, with k - 1 for other hidden parts, and it must leave that part an interval of the rule's width.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .day import DAY_HIDDEN, DAY_SHOWN, Piece, Row
from .rule import Rule

Figure = int | None
"""What is published of a day or a week, None where nothing is."""


class WeekOfMonth(NamedTuple):
    """A week that has a day in the month: its figure, those of its days in the month, and of its other days."""

    week: Figure
    days: Sequence[Figure]
    outside: Sequence[Figure] = ()


class EndedMonth(NamedTuple):
    """A month that ended within a week: its figure, and those of the week's days after it."""

    month: Figure
    after: Sequence[Figure]


def seal_unique_week(
    found: list[tuple[int, Piece]], rule: Rule, ended: EndedMonth | None = None
) -> list[Row]:
    rows = _rows("unique:week", [piece for _, piece in found], rule)
    if rows and ended is not None and ended.month is not None:
        excess = rows[0].visits - ended.month
        if not _stays_hidden(excess, ended.after, rule):
            return []
    return rows


def seal_month(pieces: Iterable[Piece], weeks: Sequence[WeekOfMonth], rule: Rule) -> list[Row]:
    """The uniques of a month, from k on. `weeks` are all weeks that have a day in it."""
    rows = _rows("unique:month", list(pieces), rule)
    if not rows:
        return []
    month = rows[0].visits
    cheapest = [min(_most([week.week], rule), _most(week.days, rule)) for week in weeks]
    for week, own in zip(weeks, cheapest, strict=True):
        excess = month - (sum(cheapest) - own)
        if not _stays_hidden(excess, [week.week], rule) or not _stays_hidden(excess, week.days, rule):
            return []
        if week.week is not None and not _stays_hidden(week.week - month, week.outside, rule):
            return []
    return rows


def _rows(panel: str, pieces: list[Piece], rule: Rule) -> list[Row]:
    """The period's row, if there are k visitors and its days stay hidden. Days without a piece count for nothing: who
    knows a site may know on which days nobody came."""
    visits = sum(piece.visits for piece in pieces)
    excess = visits - sum(piece.views for piece in pieces if piece.group == DAY_SHOWN)
    room = rule.cap * sum(piece.group == DAY_HIDDEN for piece in pieces) - excess
    if visits < rule.k or (excess > 0 and room < rule.width):
        return []
    return [Row(panel, "", "", visits, visits)]


def _most(parts: Sequence[Figure], rule: Rule) -> int:
    return sum(rule.cap if figure is None else figure for figure in parts)


def _stays_hidden(visitors: int, parts: Sequence[Figure], rule: Rule) -> bool:
    """Whether each hidden part keeps its interval, where all parts together have `visitors` at least."""
    if None not in parts:
        return True
    least = visitors - (_most(parts, rule) - rule.cap)
    return least <= 0 or rule.cap - least >= rule.width
