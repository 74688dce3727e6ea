"""What stands at the head of every page of figures: the period, the comparison and the filters, each as a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .period import COMPARISONS, DATES, BadDates, iso, read_date
from .question import KEPT, Question
from .words import name_of, seen

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
WORDS = {"period": ("Days of your own", "Show"), "compare": ("Comparison with days of your own", "Compare")}
"""A form's title, and what its button says, by what its days are of."""

MOST = 40
"""Letters of what was typed in place of a date."""


@dataclass(frozen=True, slots=True)
class Dates:
    """A form of two days: the names of its fields, what stands in them at first, and what it keeps unseen. No choice
    stands beside them that could say otherwise: the dates decide."""

    title: str
    button: str
    names: tuple[str, str]
    values: tuple[str, str]
    hidden: tuple[tuple[str, str], ...]
    wrong: str = ""
    """Why these days cannot be shown, and in `fields` the names of what stands wrong."""
    fields: tuple[str, ...] = ()

    @property
    def types(self) -> tuple[str, ...]:
        """A field of dates drops what is none: that stays in one of text, so that it can be mended."""
        return tuple("date" if not text or read_date(text) else "text" for text in self.values)


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
        _dates(question, "period", (iso(period.days.first), iso(period.days.last)), kept),
        _dates(question, "compare", against, kept),
        tuple(
            (what, name_of(what, value), None if what in bound else question.query(**kept, **{what: None}))
            for what, value in question.chosen.values
        ),
    )


def asked_again(error: BadDates, args: Mapping[str, str]) -> Dates:
    """The form whose days cannot be shown, with what was typed."""
    of = "period" if error.fields[0] in DATES["period"] else "compare"
    names = DATES[of]
    values = (seen(args.get(names[0], "")[:MOST]), seen(args.get(names[1], "")[:MOST]))
    left_out = {of, *names} | ({"by"} if of == "period" else set())
    hidden = tuple((name, seen(text)) for name, text in args.items() if text and name not in left_out)
    sentence = error.sentence
    for name, label in zip(names, ("From", "To"), strict=True):  # a form calls its fields as its labels do
        sentence = sentence.replace(f"“{name}”", f"“{label}”")
    return Dates(*WORDS[of], names, values, hidden, sentence, error.fields)


def _dates(question: Question, of: str, values: tuple[str, str], kept: dict[str, str]) -> Dates:
    start, stop = DATES[of]
    left_out = {of, start, stop} | ({"by"} if of == "period" else set())
    hidden = [(name, text) for name, text in question.args if name not in left_out]
    own = [(name, text) for name, text in kept.items() if text and name not in KEPT]
    return Dates(*WORDS[of], (start, stop), values, (*hidden, *own))
