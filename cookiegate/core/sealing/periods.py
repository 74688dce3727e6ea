"""Days, ISO weeks and months as numbers: days since 1970-01-01, a week by its Monday, a month by its first."""

from __future__ import annotations

from datetime import date, timedelta

EPOCH = date(1970, 1, 1)
WEEK = 7


def day_of(when: date) -> int:
    return (when - EPOCH).days


def date_of(day: int) -> date:
    return EPOCH + timedelta(day)


def week_of(day: int) -> int:
    """The Monday of the day's ISO week. 1970-01-01 was a Thursday."""
    return day - (day + 3) % WEEK


def month_of(day: int) -> int:
    return day_of(date_of(day).replace(day=1))


def next_month(month: int) -> int:
    return month_of(month + 32)


def months_within(first: int, last: int) -> list[int]:
    """The months that lie wholly between two days, both included."""
    month = month_of(first) if month_of(first) == first else next_month(month_of(first))
    found = []
    while next_month(month) - 1 <= last:
        found.append(month)
        month = next_month(month)
    return found
