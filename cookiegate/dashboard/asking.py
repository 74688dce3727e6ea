"""What stands at the head of every page of figures: the period, the comparison and the filters, each as a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .period import COMPARISONS, DATES, iso
from .question import KEPT, Question
from .words import name_of

Link = tuple[str, str, str]
"""(name in addresses, words, address)."""

PERIODS = {
    "24h": "24 hours",
    "7d": "7 days",
    "28d": "28 days",
    "91d": "91 days",
    "month": "This month",
    "12m": "12 months",
    "all": "All",
}
COMPARED = {"previous": "the period before", "year": "a year before", "none": "nothing"}
assert {*COMPARED, "custom"} == set(COMPARISONS)


@dataclass(frozen=True, slots=True)
class Dates:
    """A form of two days: the names of its fields, what stands in them at first, and what it keeps unseen. No choice
    stands beside them that could say otherwise: the dates decide."""

    title: str
    names: tuple[str, str]
    values: tuple[str, str]
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """`filters` are (dimension, name, address without it or None where it cannot be taken away)."""

    period: str
    periods: tuple[Link, ...]
    comparison: str
    comparisons: tuple[Link, ...]
    dates: Dates
    against: Dates
    filters: tuple[tuple[str, str, str | None], ...]

    @property
    def own(self) -> bool:
        """Whether days of one's own are shown."""
        return "custom" in (self.period, self.comparison)


def asking(question: Question, fixed: Iterable[str] = (), **kept: str) -> Asking:
    """`fixed` are dimensions whose filter cannot be taken away, `kept` a page's own parameters."""
    period, bound = question.period, set(fixed)
    wanted = period.wanted
    against = ("", "") if wanted is None else (iso(wanted.first), iso(wanted.last))
    return Asking(
        period.name,
        tuple((name, text, question.query(**kept, period=name)) for name, text in PERIODS.items()),
        period.comparison,
        tuple((name, text, question.query(**kept, compare=name)) for name, text in COMPARED.items()),
        _dates("Days of your own", question, "period", (iso(period.days.first), iso(period.days.last)), kept),
        _dates("Or compared with days of your own", question, "compare", against, kept),
        tuple(
            (what, name_of(what, value), None if what in bound else question.query(**kept, **{what: None}))
            for what, value in question.chosen.values
        ),
    )


def _dates(title: str, question: Question, of: str, values: tuple[str, str], kept: dict[str, str]) -> Dates:
    start, stop = DATES[of]
    left_out = {of, start, stop} | ({"by"} if of == "period" else set())
    hidden = [(name, text) for name, text in question.args if name not in left_out]
    own = [(name, text) for name, text in kept.items() if text and name not in KEPT]
    return Dates(title, (start, stop), values, (*hidden, *own))
