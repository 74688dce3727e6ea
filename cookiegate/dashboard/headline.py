"""The figures at the head of a page, each with the compared period's."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.sealing.periods import WEEK, month_of, week_of
from .consent import Share, coverage, side_of, whole_funnel
from .filters import refusal
from .hidden import STRICTER
from .period import Days, over
from .question import Question
from .reading import Reader
from .told import Bounds, goal_bounds, total_bounds
from .words import change, day_text, interval, number, percent, points, told

NO_VIEWS = "not counted by channel: a visit has a channel, a page read within it has none"


@dataclass(frozen=True, slots=True)
class Figure:
    """Counts, or shares of 1 where `share`. It lies between `now` and `most`, which is None where nothing says how
    much it can be; `now` is None where nothing is published. `then` is there only where both periods are told
    whole. `about` says what it is of, or why it is not there; `whole` that it is of the whole site in spite of a
    filter."""

    id: str
    title: str
    now: int | float | None
    most: int | float | None
    about: str
    then: int | float | None = None
    share: bool = False
    whole: bool = False

    @property
    def value(self) -> str | None:
        if self.now is None:
            return f"≤ {number(int(self.most))}" if self.most and not self.share else None
        if self.share:
            return interval(self.now, 1.0 if self.most is None else self.most)
        return told(int(self.now), exact=self.now == self.most)

    @property
    def before(self) -> str | None:
        if self.change is None or self.then is None:
            return None
        return percent(self.then) if self.share else number(int(self.then))

    @property
    def change(self) -> str | None:
        if self.now is None or self.then is None:
            return None
        return points(self.now, self.then) if self.share else change(int(self.now), int(self.then))


def headline(reader: Reader, question: Question) -> list[Figure]:
    """What is of the whole site is left out where the filter is bound to whoever looks."""
    found = [
        *_traffic(reader, question),
        _accepted(reader, question),
        _seen(reader, question),
        _unique(reader, question),
        *_goals(reader, question),
    ]
    return [figure for figure in found if not (figure.whole and question.bound)]


def _traffic(reader: Reader, question: Question) -> list[Figure]:
    chosen = question.chosen
    now, bounds = reader.total(question.days, chosen), total_bounds(reader, question.days, chosen)
    then = None
    if question.against is not None and total_bounds(reader, question.against, chosen).exact and bounds.exact:
        then = reader.total(question.against, chosen)
    visits = Figure(
        "visits",
        "Visits",
        now.visits or None,
        bounds.most,
        _at_most("arrivals from elsewhere", bounds),
        then.visits or None if then is not None else None,
    )
    if chosen.get("channel"):
        return [visits, Figure("views", "Views", None, None, NO_VIEWS)]
    most = now.views if bounds.exact else None
    before = then.views or None if then is not None else None
    return [visits, Figure("views", "Views", now.views or None, most, "pages delivered", before)]


def _at_most(about: str, bounds: Bounds) -> str:
    if bounds.exact or bounds.most is None or not bounds.least:
        return about
    return f"{about}; {number(bounds.most)} at most, with the groups that hold them on some days"


def _accepted(reader: Reader, question: Question) -> Figure:
    now = whole_funnel(reader, question.days, question.chosen)
    then = None if question.against is None else whole_funnel(reader, question.against, question.chosen)
    whole = refusal(f"prompt:shown:{side_of(question.chosen)}", question.chosen) is not None
    share = now.share("accept")
    about = f"of {told(now.shown, exact=not now.left)} asked"
    if share is None:
        about = f"of those asked: under {question.k} a day were, or they cannot be told safely"
    elif not share.least:
        about += "; how many did is not told"
        share = None
    return _share(
        "accepted", "Accepted all", share, about, None if then is None else then.share("accept"), whole
    )


def _share(id: str, title: str, now: Share | None, about: str, then: Share | None, whole: bool) -> Figure:
    both = now is not None and now.exact and then is not None and then.exact
    return Figure(
        id,
        title,
        None if now is None else now.least,
        None if now is None else now.most,
        f"{about}, whole site" if whole else about,
        then.least if both and then is not None else None,
        share=True,
        whole=whole,
    )


def _seen(reader: Reader, question: Question) -> Figure:
    now = coverage(reader, question.days, question.chosen)
    then = None if question.against is None else coverage(reader, question.against, question.chosen)
    whole = refusal("state", question.chosen) is not None
    share = now.share
    about = "of all visits; the rest only counts here"
    if share is None:
        about = "of all visits: too few of them are told"
    elif not now.granted.least:
        about = "of all visits: how many had accepted is not told"
        if question.chosen and not whole:
            about = f"not told by this filter: a part is shown on its own from {question.block} visits a day"
        share = None
    elif question.chosen and not whole:
        about = f"of {told(now.visits.least, exact=now.visits.exact)} visits"
    return _share(
        "coverage", "Seen by consent tools", share, about, None if then is None else then.share, whole
    )


def _unique(reader: Reader, question: Question) -> Figure:
    """Of the longest day, week or month that the period ends with whole. They are never added up: the same person
    may stand in several. Compared where the compared period ends with one of the same kind."""
    kind, days = last_whole(over(question.days, question.end), weeks=question.stricter)
    name = {"day": "on", "week": "in the week from", "month": "in the month from"}[kind]
    about = f"{name} {day_text(days.first, year=False)}"
    now = _unique_of(reader, kind, days)
    if now is None:
        about += f": under {question.k}, not to be told safely, or not closed yet"
        about += f"; {STRICTER['unique']}" if question.stricter else ""
    then = None
    if question.against is not None:
        other, before = last_whole(question.against, weeks=question.stricter)
        then = _unique_of(reader, kind, before) if other == kind else None
        if now is not None and then is not None:
            about += f"; before, {name} {day_text(before.first, year=False)}"
    whole = bool(question.chosen)
    about += ", whole site" if whole else ""
    return Figure("uniques", "Visitors who opted in", now, now, about, then, whole=whole)


def last_whole(days: Days, *, weeks: bool = False) -> tuple[str, Days]:
    """(day, week or month, its days), the longest that a period ends with whole; of `weeks` the last one in it."""
    month = month_of(days.last + 1)
    if not weeks and month == days.last + 1 and month_of(days.last) >= days.first:
        return "month", Days(month_of(days.last), days.last)
    monday = week_of(days.last + 1) - WEEK
    if monday >= days.first:
        return "week", Days(monday, monday + WEEK - 1)
    return "day", Days(days.last, days.last)


def _unique_of(reader: Reader, kind: str, days: Days) -> int | None:
    panel = f"unique:{kind}"
    if kind == "month":
        rows = reader.store.month_rows(reader.site, panel, days.first, days.first)
        found = [row.visits for _, row in rows]
    else:
        found = [row.visits for row in reader.sums(panel, days)]
    return found[0] if found else None


def _goals(reader: Reader, question: Question) -> list[Figure]:
    now = _all_goals(reader, question.days)
    if not now.least:
        return []
    then = Bounds() if question.against is None else _all_goals(reader, question.against)
    whole = bool(question.chosen)
    about = "of every goal that is told, whole site" if whole else "of every goal that is told"
    before = then.least or None if then.exact and now.exact else None
    return [Figure("goals", "Goals reached", now.least, now.most, about, before, whole=whole)]


def _all_goals(reader: Reader, days: Days) -> Bounds:
    """Of the goals that a figure is told of."""
    found = Bounds()
    for goal in {row.block for _, row in [*reader.rows("goal", days), *reader.week_rows("goal", days)]}:
        found = found.plus(goal_bounds(reader, goal, days))
    return found
