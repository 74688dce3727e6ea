"""Visits over time: one step a bucket, and what is known to have happened between them."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.sealing import Count
from ..core.sealing.day import read_group
from .filters import Filter
from .period import Days, buckets
from .reading import Reader
from .told import told_whole, total_bounds, untold_days, whole_by_days
from .words import NEW_BANNER

LOOK_BACK = 91
"""Days before a period that say which version of the question is not new in it."""


@dataclass(frozen=True, slots=True)
class Step:
    """`count` is None where no figure of the bucket is published; `whole` where it is told of all its days. `hour` is
    set on a chart of hours."""

    days: Days
    count: Count | None
    hour: int | None = None
    whole: bool = True


def steps(reader: Reader, days: Days, grain: str, chosen: Filter) -> list[Step]:
    """Visits and views by bucket, oldest first."""
    if grain == "hour":
        return _hours(reader, days)
    if grain == "day" and not chosen:
        counts = {day: Count(row.visits, row.views) for day, row in reader.rows("total", days)}
        return [Step(Days(day, day), counts.get(day)) for day in range(days.first, days.last + 1)]
    found = []
    untold = [] if chosen else untold_days(reader, days)
    for bucket in buckets(days, grain):
        count = reader.total(bucket, chosen)
        if not chosen:
            whole = told_whole(reader, days, bucket, untold)
        elif grain == "day":
            whole = total_bounds(reader, days, chosen, [bucket.first]).exact
        else:
            whole = total_bounds(reader, bucket, chosen).exact
        found.append(Step(bucket, count if count.visits else None, whole=whole))
    return found


def _hours(reader: Reader, days: Days) -> list[Step]:
    """Hours of the day, added up over all days of the period. What is in a group is in no bar."""
    table = reader.table("hour", days, Filter())
    counts = {int(line.label): line.count for line in table.lines if line.label.isdigit()}
    told = whole_by_days(reader, "hour", days, None, grouped=table.grouped.visits > 0)
    return [Step(days, counts.get(hour), hour, told is None or f"{hour:02d}" in told) for hour in range(24)]


def marks(reader: Reader, days: Days) -> list[tuple[int, str]]:
    """(day, what happened): the operator's notes, and each new version of the question or the banner."""
    own = reader.noted(days)
    return sorted([*own, *((day, NEW_BANNER) for day, _ in new_banners(reader, days))])


def new_banners(reader: Reader, days: Days) -> list[tuple[int, str]]:
    """(day, version) of the first figures of each version of the question after the first one. A version is new that
    the time before the period does not know."""
    first: dict[str, int] = {}
    before = Days(days.first - LOOK_BACK, days.first - 1)
    for day, row in [
        *reader.rows("prompt:shown:banner", before),
        *reader.rows("prompt:shown:banner", days),
    ]:
        if read_group(row.label) is None:
            first[row.label] = min(day, first.get(row.label, day))
    start = min(first.values(), default=None)
    return sorted((day, label) for label, day in first.items() if day != start and day >= days.first)
