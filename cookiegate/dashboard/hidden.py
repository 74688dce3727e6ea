"""What is hidden, in sentences: how much, why, and when it becomes visible."""

from __future__ import annotations

from ..core.sealing.periods import WEEK
from .question import Question
from .reading import Reader, Table
from .words import day_text, name_of, number, percent

MEASURES = {"visits": "visits", "views": "views"}


def notes(table: Table, measure: str, reader: Reader, question: Question) -> list[str]:
    """Sentences for the foot of a panel."""
    found = []
    whole = getattr(table.everything, measure)
    grouped, apart = getattr(table.grouped, measure), getattr(table.apart, measure)
    if grouped:
        share = percent(grouped / whole) if whole else "0 %"
        found.append(
            f"{share} ({number(grouped)} {MEASURES[measure]}) are told together, because their labels had under "
            f"{question.k} visits on their day."
        )
        if table.leads:
            names = [name_of(table.panel, label) for label in table.leads[:3]]
            more = f" and {len(table.leads) - 3} more" if len(table.leads) > 3 else ""
            found.append(
                f"On some days {', '.join(names)}{more} stand among them, so that the rest is not alone."
            )
        found.append(when_visible(reader, question))
    if apart and table.refusal is None:
        found.append(_apart(table, measure, apart, question))
    return found


def when_visible(reader: Reader, question: Question) -> str:
    """When what a day hides can be seen, if ever."""
    week = reader.open_week(question.days, question.end)
    if week is not None:
        return (
            f"What adds up to {question.k} visits in this week is shown in it from "
            f"{day_text(week + WEEK, year=False)} on."
        )
    if question.days.length < WEEK:
        return f"What adds up to {question.k} visits in a week is shown in periods that hold the whole week."
    return f"What added up to {question.k} visits in a whole week of the period is shown already."


def _apart(table: Table, measure: str, apart: int, question: Question) -> str:
    whole = getattr(table.everything, measure)
    share = percent(apart / whole) if whole else "0 %"
    if question.chosen:
        return (
            f"{share} of them ({number(apart)} {MEASURES[measure]}) fell on days on which they were too few to be "
            f"told by this: a part is shown on its own from {question.block} visits a day."
        )
    return (
        f"{share} ({number(apart)} {MEASURES[measure]}) fell on days of under {question.k} visits, of which only "
        "the week’s total is told."
    )


def missing_days(reader: Reader, question: Question) -> str | None:
    """Days of the period that no figure is there for."""
    count = reader.withheld_days(question.days)
    if count <= 0:
        return None
    days = "1 day" if count == 1 else f"{count} days"
    return (
        f"{days} of this period had under {question.k} visits, so the day shows nothing; "
        f"{question.k} visits or more in a week are in the total."
    )


def nothing_yet(since: int | None, question: Question) -> str:
    """What stands in the place of figures."""
    if since is None:
        return (
            f"Nothing is published yet. A day’s figures appear some hours after its end, once it had {question.k} "
            "visits; a smaller site’s appear by the week."
        )
    if question.days.last < since:
        return f"The first figures are of {day_text(since)}."
    return f"Nothing is published for these days: each had under {question.k} visits, and so had each whole week."
