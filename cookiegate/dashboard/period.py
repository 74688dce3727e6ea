"""The days that a page is about, and those that it compares them with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..core.sealing.periods import EPOCH, date_of, day_of, month_of, next_month
from ..errors import BadRequest

PRESETS = ("24h", "7d", "28d", "91d", "month", "12m", "all", "custom")
COMPARISONS = ("previous", "year", "none", "custom")
DATES = {"period": ("from", "to"), "compare": ("cfrom", "cto")}
"""What names days of one's own, by what it is that they are of."""
USUAL = "28d"
LONGEST = 3660
"""Days of a custom period."""

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LENGTHS = {"24h": 1, "7d": 7, "28d": 28, "91d": 91}


@dataclass(frozen=True, slots=True)
class Days:
    """Both ends included, as days since 1970."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Period:
    """`name` is a preset. `end` is the last day that can be sealed by now, `since` the first that ever was."""

    name: str
    days: Days
    comparison: str
    against: Days | None
    wanted: Days | None
    """`against`, whether or not there are figures from its first day on."""


class BadDates(BadRequest):
    """Days that cannot be shown; `fields` are those that stand wrong, by their names."""

    def __init__(self, sentence: str, *fields: str) -> None:
        super().__init__(400, sentence)
        self.fields = fields


def dates_decide(args: Mapping[str, str]) -> dict[str, str]:
    """The arguments, where dates alone say that the period, or what it is compared with, is of one's own days.
    Raises BadRequest for dates beside a name that says otherwise: one of them would go unheard."""
    found = {name: args[name] for name in args}
    for name, dates in DATES.items():
        given = [date_name for date_name in dates if found.get(date_name)]
        if given and found.setdefault(name, "custom") != "custom":
            raise BadRequest(400, f"“{given[0]}” is a day of “{name}=custom”: leave one of them out.")
    return found


def read_period(args: Mapping[str, str], end: int, since: int | None) -> Period:
    """The period that a query asks for. Raises BadRequest with one sentence."""
    name = args.get("period", USUAL)
    if name not in PRESETS:
        raise BadRequest(400, f"“{name[:20]}” is no period: choose one of {', '.join(PRESETS)}.")
    comparison = args.get("compare", "previous")
    if comparison not in COMPARISONS:
        raise BadRequest(
            400, f"“{comparison[:20]}” is no comparison: choose one of {', '.join(COMPARISONS)}."
        )
    days = _preset(name, end, since) if name != "custom" else _custom(args, *DATES["period"])
    against = _against(args, name, over(days, end), comparison)
    begun = since is not None and against is not None and against.first >= since
    return Period(name, days, comparison, against if begun else None, against)


def over(days: Days, end: int) -> Days:
    """The part of a period that is over by the day `end`, all of it where none is: what is to come compares with
    nothing."""
    return Days(days.first, min(days.last, end)) if days.first <= end else days


def _preset(name: str, end: int, since: int | None) -> Days:
    if name in _LENGTHS:
        return Days(end - _LENGTHS[name] + 1, end)
    if name == "month":
        return Days(month_of(end), end)
    if name == "12m":
        month = month_of(end)
        for _ in range(11):
            month = month_of(month - 1)
        return Days(month, end)
    return Days(min(end, since if since is not None else end), end)


def _custom(args: Mapping[str, str], start: str, stop: str) -> Days:
    days = Days(read_day(args.get(start, ""), start), read_day(args.get(stop, ""), stop))
    if days.last < days.first:
        raise BadDates("The period ends before it begins: swap the two dates.", start, stop)
    if days.length > LONGEST:
        raise BadDates(f"A period may have {LONGEST} days at most.", start, stop)
    return days


def read_day(text: str, name: str) -> int:
    """Raises BadDates."""
    found = read_date(text)
    if found is None or found < EPOCH or found.year > 9000:
        raise BadDates(f"“{name}” must be a date from 1970 on, written YYYY-MM-DD.", name)
    return day_of(found)


def read_date(text: str) -> date | None:
    """None for what is no date, as a form's field takes it."""
    try:
        return date.fromisoformat(text) if DATE.fullmatch(text) else None
    except ValueError:
        return None


def _against(args: Mapping[str, str], name: str, days: Days, comparison: str) -> Days | None:
    if comparison == "custom":
        return _custom(args, *DATES["compare"])
    if comparison == "none" or name == "all":
        return None
    if comparison == "year":
        return Days(_year_before(days.first), _year_before(days.last))
    if name in ("month", "12m"):
        return _months_before(days, 1 if name == "month" else 12)
    return Days(days.first - days.length, days.first - 1)


def _year_before(day: int) -> int:
    """The same weekday 52 weeks before: traffic goes by weekdays."""
    return day - 364


def _months_before(days: Days, months: int) -> Days:
    """As many days from the beginning of the month so many months before, at most to the month's end."""
    month = days.first
    for _ in range(months):
        month = month_of(month - 1)
    return Days(month, min(month + days.length - 1, days.first - 1))


GRAINS = ("hour", "day", "week", "month")


def usual_grain(days: Days) -> str:
    if days.length == 1:
        return "hour"
    return "day" if days.length <= 62 else "week" if days.length <= 400 else "month"


def buckets(days: Days, grain: str) -> list[Days]:
    """The steps of a chart, oldest first; those at both ends may be cut."""
    if grain == "day":
        return [Days(day, day) for day in range(days.first, days.last + 1)]
    found, start = [], days.first
    while start <= days.last:
        stop = _end_of(start, grain)
        found.append(Days(start, min(stop, days.last)))
        start = stop + 1
    return found


def _end_of(day: int, grain: str) -> int:
    return day + 6 - (day + 3) % 7 if grain == "week" else next_month(day) - 1


def iso(day: int) -> str:
    return date_of(day).isoformat()
