"""Everything a page shows as plain tables: what files, the interface and the report by e-mail are made of.

Danger: no sheet works anything out that the page does not. Both take their figures from the same functions, so that
the same question has one answer wherever it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from ..core.sealing import Count
from .consent import ANSWERS, SIDES, Coverage, Funnel, coverage_by, funnels, side_of, whole_funnel
from .filters import refusal
from .headline import headline
from .hidden import notes
from .panel_view import panel_table
from .panels import PANELS, Panel
from .period import iso
from .question import Question
from .reading import Line, Reader, Table
from .series import marks, steps
from .words import name_of, seen

Value = str | int | float | None
Row = tuple[Value, ...]

TEXT, WHOLE, SHARE = "text", "whole", "share"
"""What a column holds: words, a count, a part of 1."""

GROUPED = "(other)"
APART = "(not told)"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str
    about: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """`refusal` says why it is of the whole site in spite of a filter; `notes` what is hidden in it and why."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    refusal: str | None = None
    notes: tuple[str, ...] = ()

    def records(self) -> list[dict[str, Value]]:
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of sheet, and what fills it."""

    id: str
    title: str
    columns: tuple[Column, ...]
    fill: Callable[[Kind, Reader, Question], Sheet]

    def sheet(self, rows: Iterable[Row], refusal: str | None = None, notes: Iterable[str] = ()) -> Sheet:
        return Sheet(self.id, self.title, self.columns, tuple(rows), refusal, tuple(notes))


LABEL = Column("label", TEXT, "as it is stored; (other) stands for what is told together")
NAME = Column("name", TEXT, "as the page writes it")
PART = Column("share", SHARE, "of all, whatever is hidden included")
BEFORE = Column(
    "compared", WHOLE, "the same figure of the compared period; empty where it is not told there, or was none"
)


@cache
def kinds() -> dict[str, Kind]:
    """By id, in the order of the page."""
    found = [_TOTALS, _TIME, _NOTES, _ANSWERS, *map(_answers_by, SIDES), *_COVERAGE, *map(_of_panel, PANELS)]
    return {kind.id: kind for kind in found}


def sheet_of(kind: Kind, reader: Reader, question: Question) -> Sheet:
    return kind.fill(kind, reader, question)


# -- totals and time


def _totals(kind: Kind, reader: Reader, question: Question) -> Sheet:
    rows = ((f.id, f.title, _rounded(f.now), _rounded(f.then), f.about) for f in headline(reader, question))
    return kind.sheet(rows)


def _rounded(value: int | float | None) -> int | float | None:
    return round(value, 4) if isinstance(value, float) else value


_TOTALS = Kind(
    "totals",
    "Totals",
    (
        Column("figure", TEXT, "visits, views, accepted, coverage, uniques or goals"),
        NAME,
        Column(
            "value",
            SHARE,
            "a count, or for accepted and coverage a part of 1; empty where it is not published",
        ),
        Column("compared", SHARE, "the same of the compared period"),
        Column("about", TEXT, "what it is of, or why it is empty"),
    ),
    _totals,
)


def _time(kind: Kind, reader: Reader, question: Question) -> Sheet:
    chosen = question.chosen if question.grain != "hour" else type(question.chosen)()
    before = [] if question.against is None else steps(reader, question.against, question.grain, chosen)
    rows = []
    for place, step in enumerate(steps(reader, question.days, question.grain, chosen)):
        old = before[place].count if place < len(before) else None
        rows.append(
            (
                iso(step.days.first),
                iso(step.days.last),
                step.hour,
                None if step.count is None else step.count.visits,
                None if step.count is None else step.count.views,
                None if old is None else old.visits,
            )
        )
    reason = refusal("hour", question.chosen) if question.grain == "hour" else None
    return kind.sheet(rows, reason)


_TIME = Kind(
    "time",
    "Visits over time",
    (
        Column("from", TEXT, "first day"),
        Column("to", TEXT, "last day"),
        Column("hour", WHOLE, "of the day, where the steps are hours"),
        Column("visits", WHOLE, "empty where too few for the step, or not sealed yet"),
        Column("views", WHOLE, "likewise"),
        BEFORE,
    ),
    _time,
)


def _notes(kind: Kind, reader: Reader, question: Question) -> Sheet:
    return kind.sheet((iso(day), text) for day, text in marks(reader, question.days))


_NOTES = Kind(
    "notes",
    "What happened",
    (Column("day", TEXT, "of it"), Column("text", TEXT, "the operator’s words, or a new question or banner")),
    _notes,
)

# -- consent

_FUNNEL = (
    Column("shown", WHOLE, "times that the question was put"),
    *(Column(event, WHOLE, "answers; empty where no day tells of them") for event in ANSWERS),
    Column("ignored", WHOLE, "no answer: the most that it can be"),
    Column("withdrawn", WHOLE, "consents taken back; empty where no day tells of them"),
)


def _funnel_row(found: Funnel) -> Row:
    answers = (found.counts.get(event) for event in ANSWERS)
    return found.counts.get("shown"), *answers, found.ignored, found.counts.get("withdrawn")


def _answers(kind: Kind, reader: Reader, question: Question) -> Sheet:
    found = whole_funnel(reader, question.days, question.chosen, question.k)
    reason = refusal(f"prompt:shown:{side_of(question.chosen)}", question.chosen)
    return kind.sheet([(*_funnel_row(found), found.missing)] if found.shown else (), reason)


_ANSWERS = Kind(
    "answers",
    "How people answered",
    (*_FUNNEL, Column("missing", WHOLE, "answers that are not told at most, and stand among ignored")),
    _answers,
)


def _answers_by(side: str) -> Kind:
    def fill(kind: Kind, reader: Reader, question: Question) -> Sheet:
        rows = (
            (_plain(row.label), name_of(f"prompt:shown:{side}", row.label), *_funnel_row(row))
            for row in funnels(reader, question.days, side)
        )
        return kind.sheet(rows, refusal("prompt:shown:banner", question.chosen))

    return Kind(f"answers-by-{side}", f"Answers by {side}", (LABEL, NAME, *_FUNNEL), fill)


def _coverage_by(name: str, panel: str, depth: int) -> Kind:
    def fill(kind: Kind, reader: Reader, question: Question) -> Sheet:
        return kind.sheet(
            _coverage_row(panel, row) for row in coverage_by(reader, question.days, depth, question.chosen)
        )

    columns = (
        LABEL,
        NAME,
        Column("visits", WHOLE, "where the part is large enough to be published"),
        Column("granted", WHOLE, "of them by people who had accepted all"),
        Column("partial", WHOLE, "of them by people who had allowed a part"),
        Column("share", SHARE, "granted of visits"),
    )
    return Kind(f"coverage-by-{name}", f"Coverage by {name}", columns, fill)


def _coverage_row(panel: str, row: Coverage) -> Row:
    name = name_of(panel, row.label)
    return _plain(row.label), name, row.visits, row.granted, row.partial, round(row.share, 4)


_COVERAGE = (_coverage_by("country", "region", 0), _coverage_by("channel", "channel", 2))

# -- panels


def _of_panel(panel: Panel) -> Kind:
    def fill(kind: Kind, reader: Reader, question: Question) -> Sheet:
        table = panel_table(panel, reader, question)
        said = notes(table, panel.measure, reader, question)
        return kind.sheet(_panel_rows(panel, table), table.refusal, said)

    measures = (Column(measure, WHOLE, heading.lower()) for heading, measure in panel.columns)
    return Kind(panel.id, panel.title, (LABEL, NAME, *measures, PART, BEFORE), fill)


def _panel_rows(panel: Panel, table: Table) -> list[Row]:
    rows = [
        _panel_row(panel, table, _plain(line.label), name_of(panel.source, line.label), line)
        for line in table.lines
    ]
    for label, name, count in (
        (GROUPED, "Told together", table.grouped),
        (APART, "Not told by this period or filter", table.apart),
    ):
        if getattr(count, panel.measure) > 0:
            rows.append(_panel_row(panel, table, label, name, Line(label, count)))
    return rows


def _panel_row(panel: Panel, table: Table, label: str, name: str, line: Line) -> Row:
    def measured(count: Count) -> int:
        return int(getattr(count, panel.measure))

    whole = measured(table.everything)
    figures = (getattr(line.count, measure) for _, measure in panel.columns)
    share = round(measured(line.count) / whole, 4) if whole else None
    return label, name, *figures, share, None if line.before is None else measured(line.before)


def _plain(label: str) -> str:
    """Stored labels of several parts join them by a control character."""
    return seen(label.replace("\x1f", "/"))
