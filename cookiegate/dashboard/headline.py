"""The figures at the head of a page, each with its change against the compared period."""

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
    """`about` says what it is of, or why it is not there; `before` is the compared period's figure."""

    title: str
    value: str | None
    about: str
    change: str | None = None
    before: str | None = None


def headline(reader: Reader, question: Question) -> list[Figure]:
    return [*_traffic(reader, question), _accepted(reader, question), _seen(reader, question),
            _unique(reader, question), *_goals(reader, question)]  # fmt: skip


def _traffic(reader: Reader, question: Question) -> list[Figure]:
    now = reader.total(question.days, question.chosen)
    before = None if question.against is None else reader.total(question.against, question.chosen)
    found = []
    for title, measure, about in (
        ("Visits", "visits", "arrivals from elsewhere"),
        ("Views", "views", "pages delivered"),
    ):
        value = getattr(now, measure)
        old = getattr(before, measure) if before is not None else None
        shown = number(value) if now.visits else None
        found.append(Figure(title, shown, about, change(value, old), None if not old else number(old)))
    return found


def _accepted(reader: Reader, question: Question) -> Figure:
    funnel = whole_funnel(reader, question.days, question.chosen, question.k)
    title = "Accepted all"
    if not funnel.shown:
        return Figure(title, None, f"of those asked: under {question.k} a day were")
    about = f"of {number(funnel.shown)} asked"
    if "accept" not in funnel.counts:
        return Figure(title, None, f"{about}: under {question.k} a day did")
    if question.chosen and len(question.chosen.values) > 1:
        about += ", whole site"
    if question.against is None:
        return Figure(title, percent(funnel.share("accept")), about)
    before = whole_funnel(reader, question.against, question.chosen, question.k)
    return Figure(title, percent(funnel.share("accept")), about, *_points(
        funnel.share("accept"), before.share("accept") if before.shown else None
    ))  # fmt: skip


def _seen(reader: Reader, question: Question) -> Figure:
    now = coverage(reader, question.days, question.chosen)
    title = "Seen by consent tools"
    if not now.visits:
        return Figure(title, None, "of all visits")
    if not now.told:
        return Figure(title, None, f"of all visits: under {question.k} a day had accepted")
    about = "of all visits; the rest only counts here"
    if question.chosen:
        about = f"of {number(now.visits)} visits whose consent is told by this filter"
    before = None if question.against is None else coverage(reader, question.against, question.chosen)
    old = before.share if before is not None and before.visits else None
    return Figure(title, percent(now.share), about, *_points(now.share, old))


def _points(now: float, before: float | None) -> tuple[str | None, str | None]:
    """A share changes by points, not by per cents of itself."""
    if before is None:
        return None, None
    points = round((now - before) * 100, 1)
    if points == 0:
        return "± 0 points", percent(before)
    return f"{'+' if points > 0 else '−'}{abs(points):.1f} points", percent(before)


def _unique(reader: Reader, question: Question) -> Figure:
    """Of the longest day, week or month that the period ends with whole. They are never added up: the same person
    may stand in several."""
    kind, days = last_whole(question.days)
    title = "Visitors who opted in"
    name = {"day": "on", "week": "in the week from", "month": "in the month from"}[kind]
    about = f"{name} {day_text(days.first, year=False)}"
    value = _unique_of(reader, kind, days)
    if value is None:
        return Figure(title, None, f"{about}: under {question.k}, or not closed yet")
    before = _unique_of(reader, kind, _before(kind, days)) if question.against is not None else None
    return Figure(title, number(value), about, change(value, before), None if not before else number(before))


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
    value = sum(line.count.visits for line in table.lines)
    old = sum(line.before.visits for line in table.lines if line.before is not None)
    whole = ", whole site" if question.chosen else ""
    return [
        Figure(
            "Goals reached",
            number(value),
            f"of all kinds{whole}",
            change(value, old),
            number(old) if old else None,
        )
    ]
