"""The figures at the head of a page, each with the compared period's."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.sealing.periods import WEEK, month_of, week_of
from .consent import coverage, whole_funnel
from .filters import Filter
from .period import Days
from .question import Question
from .reading import Reader
from .words import change, day_text, number, percent


@dataclass(frozen=True, slots=True)
class Figure:
    """`now` and `then` are counts, or shares of 1 where `share`; None is not published. `about` says what `now` is
    of, or why it is not there."""

    id: str
    title: str
    now: int | float | None
    about: str
    then: int | float | None = None
    share: bool = False

    @property
    def value(self) -> str | None:
        return self._text(self.now)

    @property
    def before(self) -> str | None:
        return self._text(self.then) if self.change is not None else None

    @property
    def change(self) -> str | None:
        """A share changes by points, not by per cents of itself."""
        if self.now is None or self.then is None:
            return None
        if not self.share:
            return change(int(self.now), int(self.then))
        points = round((self.now - self.then) * 100, 1)
        return f"{'+' if points > 0 else '−'}{abs(points):.1f} points" if points else "± 0 points"

    def _text(self, value: int | float | None) -> str | None:
        if value is None:
            return None
        return percent(value) if self.share else number(int(value))


def headline(reader: Reader, question: Question) -> list[Figure]:
    return [
        *_traffic(reader, question),
        _accepted(reader, question),
        _seen(reader, question),
        _unique(reader, question),
        *_goals(reader, question),
    ]


def _traffic(reader: Reader, question: Question) -> list[Figure]:
    now = reader.total(question.days, question.chosen)
    then = None if question.against is None else reader.total(question.against, question.chosen)
    return [
        Figure(
            measure,
            title,
            getattr(now, measure) if now.visits else None,
            about,
            getattr(then, measure) if then is not None and then.visits else None,
        )
        for measure, title, about in (
            ("visits", "Visits", "arrivals from elsewhere"),
            ("views", "Views", "pages delivered"),
        )
    ]


def _accepted(reader: Reader, question: Question) -> Figure:
    def share(days: Days) -> float | None:
        found = whole_funnel(reader, days, question.chosen, question.k)
        return found.share("accept") if found.shown and "accept" in found.counts else None

    shown = whole_funnel(reader, question.days, question.chosen, question.k).shown
    now = share(question.days)
    about = f"of {number(shown)} asked"
    if not shown:
        about = f"of those asked: under {question.k} a day were"
    elif now is None:
        about += f": under {question.k} a day did"
    elif len(question.chosen.values) > 1:
        about += ", whole site"
    then = None if question.against is None else share(question.against)
    return Figure("accepted", "Accepted all", now, about, then, share=True)


def _seen(reader: Reader, question: Question) -> Figure:
    now = coverage(reader, question.days, question.chosen)
    about = "of all visits; the rest only counts here"
    if not now.visits:
        about = f"of all visits: under {question.k} a day are told by consent"
    elif not now.told:
        about = f"of all visits: under {question.k} a day had accepted"
    elif question.chosen:
        about = f"of {number(now.visits)} visits whose consent is told by this filter"
    then = None if question.against is None else coverage(reader, question.against, question.chosen)
    return Figure(
        "coverage",
        "Seen by consent tools",
        now.share if now.visits and now.told else None,
        about,
        then.share if then is not None and then.visits and then.told else None,
        share=True,
    )


def _unique(reader: Reader, question: Question) -> Figure:
    """Of the longest day, week or month that the period ends with whole. They are never added up: the same person
    may stand in several."""
    kind, days = last_whole(question.days)
    name = {"day": "on", "week": "in the week from", "month": "in the month from"}[kind]
    about = f"{name} {day_text(days.first, year=False)}"
    now = _unique_of(reader, kind, days)
    if now is None:
        about += f": under {question.k}, or not closed yet"
    then = _unique_of(reader, kind, _before(kind, days)) if question.against is not None else None
    return Figure("uniques", "Visitors who opted in", now, about, then)


def last_whole(days: Days) -> tuple[str, Days]:
    month = month_of(days.last + 1)
    if month == days.last + 1 and month_of(days.last) >= days.first:
        return "month", Days(month_of(days.last), days.last)
    monday = week_of(days.last + 1) - WEEK
    if monday >= days.first:
        return "week", Days(monday, monday + WEEK - 1)
    return "day", Days(days.last, days.last)


def _before(kind: str, days: Days) -> Days:
    if kind == "month":
        return Days(month_of(days.first - 1), days.first - 1)
    return Days(days.first - days.length, days.first - 1)


def _unique_of(reader: Reader, kind: str, days: Days) -> int | None:
    panel = f"unique:{kind}"
    if kind == "month":
        rows = reader.store.month_rows(reader.site, panel, days.first, days.first)
        found = [row.visits for _, row in rows]
    else:
        found = [row.visits for row in reader.sums(panel, days)]
    return found[0] if found else None


def _goals(reader: Reader, question: Question) -> list[Figure]:
    table = reader.table("goal", question.days, Filter(), question.against)
    if not table.lines and not table.everything.visits:
        return []
    now = sum(line.count.visits for line in table.lines)
    then = sum(line.before.visits for line in table.lines if line.before is not None)
    whole = ", whole site" if question.chosen else ""
    return [Figure("goals", "Goals reached", now, f"of all kinds{whole}", then or None)]
