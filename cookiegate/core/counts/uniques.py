"""Unique visitors of those who opted in: the signed cookie carries the day on which they were last counted.

So nobody needs an identifier: a visitor counts once in each day, ISO week and month, by one comparison of two
dates, and the sum over all visitors is exact. (The method is Wikimedia's: Analytics/Unique Devices, 2015.)
"""

from __future__ import annotations

from datetime import date, timedelta

EPOCH = date(1970, 1, 1)


def periods_new_to(last: int | None, today: int) -> tuple[str, ...]:
    """Of "day", "week" and "month", those in which a visitor last counted on `last` is new on `today`.

    Both are days since 1970-01-01 in the site's own time zone; a `last` from tomorrow counts for nothing,
    since the clocks of two nodes may differ.
    """
    if last is None or last < 0:
        return ("day", "week", "month")
    if last >= today:
        return ()
    then, now = EPOCH + timedelta(last), EPOCH + timedelta(today)
    new = ["day"]
    if then.isocalendar()[:2] != now.isocalendar()[:2]:
        new.append("week")
    if (then.year, then.month) != (now.year, now.month):
        new.append("month")
    return tuple(new)
