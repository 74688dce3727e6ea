"""What is hidden, in sentences: how much, why, and when it becomes visible."""

from __future__ import annotations

from ..core.sealing.periods import WEEK
from ..core.sealing.rests import TAGS
from .question import Question
from .reading import Reader, Table
from .told import total_bounds
from .words import day_text, name_of, number, percent

STRICTER = {
    "referrer": "This link has a higher threshold: a source is named where the visits of its channel are told.",
    "system": "This link has a higher threshold: a system is named where the visits of its devices are told.",
    "prompt": "Not part of this link: with its higher threshold, answers are told for all together and by banner. "
    "Beside the visits of a region, device or language they would tell how few had decided.",
    "unique": "this link tells those of whole weeks alone",
}
"""What a link's higher threshold keeps back beside what is too few (`core.sealing.again`)."""

MEASURES = {"visits": "visits", "views": "views"}


def notes(
    table: Table, measure: str, reader: Reader, question: Question, *, partial: bool = False
) -> list[str]:
    """Sentences for the foot of a panel."""
    found = _of_filter(table, reader, question)
    whole = getattr(table.everything, measure)
    grouped, apart = getattr(table.grouped, measure), getattr(table.apart, measure)
    if grouped:
        share = percent(grouped / whole) if whole else "0 %"
        found.append(
            f"{share} ({number(grouped)} {MEASURES[measure]}) are told together, because labels among "
            f"them had under {question.k} visits on their day."
        )
        if question.stricter and table.panel in STRICTER:
            found.append(STRICTER[table.panel])
        if table.leads:
            names = [name_of(table.panel, label) for label in table.leads[:3]]
            more = f" and {len(table.leads) - 3} more" if len(table.leads) > 3 else ""
            found.append(
                f"On some days {', '.join(names)}{more} stand among them, so that the rest is not alone."
            )
        found.append(when_visible(reader, question))
    if partial:
        found.append(
            "≥ stands before what is told of some days alone: on others it may be among what is told together. "
            "Only what is told whole in both periods has a change."
        )
    if table.panel in TAGS and table.refusal is None:
        found += _without(table, question, partial=partial)
    if apart and table.refusal is None:
        found.append(_apart(table, measure, apart, question))
    return found


def _without(table: Table, question: Question, *, partial: bool) -> list[str]:
    """Why a field of campaigns may be missing on days that have visits with it (`core.sealing.rests`)."""
    reason = f"under {question.k} visits had one, or so nearly all that the few without would stand alone"
    if not table.lines and not table.grouped.visits:
        return [f"Nothing is told of these days: no visit had one, {reason}."]
    return [f"A day tells nothing where {reason}."] if partial else []


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


def _of_filter(table: Table, reader: Reader, question: Question) -> list[str]:
    """How much of a filter's visits may be told elsewhere."""
    if not question.chosen or table.refusal is not None:
        return []
    bounds = total_bounds(reader, question.days, question.chosen)
    if bounds.exact:
        return []
    most = "" if bounds.most is None else f" and at most {number(bounds.most)}"
    return [
        f"This filter lets at least {number(bounds.least)}{most} visits through. On some days they are told together "
        "with others, and not by it: a share of them cannot be said."
    ]


def no_coverage(name: str, question: Question) -> str:
    """What stands in the place of coverage by something."""
    return (
        f"Coverage by {name} is shown once a part has {question.block} visits in a day, and so has the rest."
    )


def missing_days(reader: Reader, question: Question) -> str | None:
    """Days of the period that no figure is there for."""
    found = []
    count = reader.withheld_days(question.days)
    if count > 0:
        days = "1 day shows" if count == 1 else f"{count} days show"
        found.append(
            f"{days} nothing: under {question.k} visits, or figures too small to be told apart. What adds up to "
            "enough in a week is in the week’s total."
        )
    ahead = question.days.last - max(question.end, question.days.first - 1)
    if ahead > 0:
        found.append(f"{'1 day is' if ahead == 1 else f'{ahead} days are'} not over yet, or not sealed.")
    return " ".join(found) or None


def _nothing_of(question: Question) -> str:
    """A combination is a part of a part, and needs more than a label of its own."""
    if len(question.chosen.values) > 1:
        return (
            "No figure of this combination is told in these days: a part is shown on its own from "
            f"{question.block} visits a day."
        )
    return (
        f"No figure of this filter alone is told in these days: there were no visits, or under {question.k} a day, "
        "or they stand among what is told together."
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
    if question.days.first > question.end:
        return "These days are not over yet, or not sealed."
    if question.chosen:
        return _nothing_of(question)
    return (
        f"Nothing is published for these days: each had under {question.k} visits, or figures too small to be told "
        "apart, and so had each whole week."
    )
