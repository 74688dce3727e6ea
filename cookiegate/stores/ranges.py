"""Which sealed rows answer for a range of days: sums of whole months and weeks, and days around them."""

from __future__ import annotations

from ..core.sealing.periods import WEEK, months_within, next_month, week_of

Span = tuple[str, int, int]
"""Kind of row (d: days, r: days added up by month, v: by week, w: what weeks added), first and last period."""


def spans_of(first: int, last: int) -> list[Span]:
    """The spans of a range, each row of which counts once. Some may be empty."""
    spans: list[Span] = [("w", first, last - WEEK + 1)]
    months = months_within(first, last)
    if not months:
        return spans + _weeks_and_days(first, last)
    spans.append(("r", months[0], months[-1]))
    return spans + _weeks_and_days(first, months[0] - 1) + _weeks_and_days(next_month(months[-1]), last)


def _weeks_and_days(first: int, last: int) -> list[Span]:
    start = week_of(first + WEEK - 1)
    end = week_of(last + 1) - 1
    if end < start:
        return [("d", first, last)]
    return [("v", start, end), ("d", first, start - 1), ("d", end + 1, last)]
