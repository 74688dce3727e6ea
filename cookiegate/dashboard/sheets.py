"""Everything a page shows as plain tables: what files, the interface and the report by e-mail are made of.

Danger: no sheet works anything out that the page does not. Both take their figures from the same functions, so that
the same question has one answer wherever it is asked.
"""

from __future__ import annotations

from functools import cache

from ..core.sealing import Count
from .consent import (
    BESIDE,
    PARTS,
    SIDES,
    Coverage,
    Funnel,
    Share,
    coverage_by,
    funnels,
    side_of,
    whole_funnel,
)
from .filters import refusal, without_it
from .headline import headline
from .hidden import STRICTER, no_coverage, notes
from .panel_view import group_name, judged, panel_table, total_is_whole
from .panels import PANELS, Panel
from .period import iso
from .question import Question
from .reading import Line, Reader, Table
from .series import marks, steps
from .sheet import (
    APART,
    BEFORE,
    GROUPED,
    LABEL,
    NAME,
    PART,
    PARTLY,
    SHARE,
    TEXT,
    TOLD,
    WHOLE,
    WHOLLY,
    Column,
    Kind,
    Row,
    Sheet,
)
from .told import Bounds
from .words import name_of, seen


def _told(whole: bool) -> str:
    return WHOLLY if whole else PARTLY


@cache
def kinds() -> dict[str, Kind]:
    """By id, in the order of the page."""
    found = [_TOTALS, _TIME, _NOTES, _ANSWERS, *map(_answers_by, SIDES), *_COVERAGE, *map(_of_panel, PANELS)]
    return {kind.id: kind for kind in found}


def sheet_of(kind: Kind, reader: Reader, question: Question) -> Sheet:
    return kind.fill(kind, reader, question)


# -- totals and time


def _totals(kind: Kind, reader: Reader, question: Question) -> Sheet:
    part = "filter" if question.chosen else "whole site"
    return kind.sheet(
        (f.id, f.title, f.now, f.most, f.then, f.about, "whole site" if f.whole else part)
        for f in headline(reader, question)
    )


_TOTALS = Kind(
    "totals",
    "Totals",
    (
        Column("figure", TEXT, "visits, views, accepted, coverage, uniques or goals"),
        NAME,
        Column(
            "value",
            SHARE,
            "at least; a count, or for accepted and coverage a part of 1; empty where it is not published",
        ),
        Column(
            "most", SHARE, "at most; the value itself where all is told, empty where nothing says how much"
        ),
        Column("compared", SHARE, "the same of the compared period, where both are told whole"),
        Column("about", TEXT, "what it is of, or why it is empty"),
        Column("scope", TEXT, "filter or whole site"),
    ),
    _totals,
)


def _time(kind: Kind, reader: Reader, question: Question) -> Sheet:
    reason = refusal("hour", question.chosen) if question.grain == "hour" else None
    if reason is not None and question.bound:
        return kind.sheet((), without_it(reason))
    chosen = question.chosen if question.grain != "hour" else type(question.chosen)()
    views = not chosen.get("channel")
    before = [] if question.against is None else steps(reader, question.against, question.grain, chosen)
    rows = []
    for place, step in enumerate(steps(reader, question.days, question.grain, chosen)):
        old = before[place] if place < len(before) else None
        rows.append(
            (
                iso(step.days.first),
                iso(step.days.last),
                step.hour,
                None if step.count is None else step.count.visits,
                None if step.count is None or not views else step.count.views,
                None if step.count is None else _told(step.whole),
                None
                if old is None or old.count is None or not (old.whole and step.whole)
                else old.count.visits,
            )
        )
    return kind.sheet(rows, reason)


_TIME = Kind(
    "time",
    "Visits over time",
    (
        Column("from", TEXT, "first day"),
        Column("to", TEXT, "last day"),
        Column("hour", WHOLE, "of the day, where the steps are hours"),
        Column("visits", WHOLE, "empty where too few for the step, or not sealed yet"),
        Column("views", WHOLE, "likewise; empty under a filter by channel, which visits alone have"),
        TOLD,
        BEFORE,
    ),
    _time,
)


NOTES = "Whole site: notes are of all that happened."


def _notes(kind: Kind, reader: Reader, question: Question) -> Sheet:
    if question.bound:
        return kind.sheet((), without_it(NOTES))
    return kind.sheet((iso(day), text) for day, text in marks(reader, question.days))


_NOTES = Kind(
    "notes",
    "What happened",
    (Column("day", TEXT, "of it"), Column("text", TEXT, "the operator’s words, or a new question or banner")),
    _notes,
)

# -- consent

_FUNNEL = (
    Column("shown", WHOLE, "times that the question was put, on the days that tell of it"),
    TOLD,
    *(
        Column(f"{event}{end}", WHOLE, f"of these, {words}: {bound}")
        for event, words in (
            ("accept", "accepted all"),
            ("reject", "refused all"),
            ("custom", "chose a part"),
            ("ignored", "gave no answer"),
        )
        for end, bound in (("", "at least"), ("_most", "at most"))
    ),
    *(
        Column(f"{event}{end}", WHOLE, f"{words}, {bound}; of all days, empty where nothing says how many")
        for event, words in (
            ("withdrawn", "consents taken back"),
            ("signal", "pages that an opt-out signal kept from asking"),
        )
        for end, bound in (("", "at least"), ("_most", "at most"))
    ),
    Column("compared_shown", WHOLE, "the same of the compared period; empty where either is told in part"),
    Column("compared_accept", SHARE, "part of 1 that accepted then; empty where either is told in part"),
)


def _funnel_row(found: Funnel, then: Funnel | None) -> Row:
    parts = [bound for event in PARTS for bound in found.parts[event]]
    old = then is not None and not found.left and not then.left
    share, before = found.share("accept"), None if then is None else then.share("accept")
    both = share is not None and before is not None and share.exact and before.exact
    return (
        found.shown,
        _told(not found.left),
        *parts,
        *(figure for event in BESIDE for figure in _if_told(found.beside[event])),
        then.shown if old and then is not None else None,
        before.least if both and before is not None else None,
    )


def _if_told(bounds: Bounds) -> tuple[int | None, int | None]:
    return (bounds.least if bounds.least or bounds.exact else None), bounds.most


def _answers(kind: Kind, reader: Reader, question: Question) -> Sheet:
    reason = refusal(f"prompt:shown:{side_of(question.chosen)}", question.chosen)
    if reason is not None and question.bound:
        return kind.sheet((), without_it(reason))
    found = whole_funnel(reader, question.days, question.chosen)
    then = None if question.against is None else whole_funnel(reader, question.against, question.chosen)
    rows = [(*_funnel_row(found, then), found.left)] if found.shown else ()
    return kind.sheet(rows, reason)


_ANSWERS = Kind(
    "answers",
    "How people answered",
    (*_FUNNEL, Column("left", WHOLE, "days of which no prompt is told, and which are left out")),
    _answers,
)


def _answers_by(side: str) -> Kind:
    def fill(kind: Kind, reader: Reader, question: Question) -> Sheet:
        reason = refusal("prompt", question.chosen)
        if reason is not None and question.bound:
            return kind.sheet((), without_it(reason))
        if question.stricter and side != "banner":
            return kind.sheet((), STRICTER["prompt"])
        old = () if question.against is None else funnels(reader, question.against, side)
        before = {row.label: row for row in old}
        rows = (
            (
                _plain(row.label),
                name_of(f"prompt:shown:{side}", row.label),
                *_funnel_row(row, before.get(row.label)),
            )
            for row in funnels(reader, question.days, side)
        )
        return kind.sheet(rows, reason)

    words = "country" if side == "region" else side
    return Kind(f"answers-by-{side}", f"Answers by {words}", (LABEL, NAME, *_FUNNEL), fill)


def _coverage_by(name: str, panel: str, depth: int) -> Kind:
    def fill(kind: Kind, reader: Reader, question: Question) -> Sheet:
        reason = refusal("state", question.chosen)
        if reason is not None and question.bound:
            return kind.sheet((), without_it(reason))
        old = (
            () if question.against is None else coverage_by(reader, question.against, depth, question.chosen)
        )
        before = {row.label: row.share for row in old}
        rows = [
            _coverage_row(panel, row, before.get(row.label))
            for row in coverage_by(reader, question.days, depth, question.chosen)
        ]
        return kind.sheet(rows, reason, () if rows else (no_coverage(name, question),))

    columns = (
        LABEL,
        NAME,
        Column("visits", WHOLE, "of the days on which the part is large enough to be published"),
        Column("granted", WHOLE, "of them by people who had accepted all, at least"),
        Column("partial", WHOLE, "of them by people who had allowed a part, at least"),
        Column("share", SHARE, "granted of visits, at least"),
        Column("share_most", SHARE, "at most"),
        Column("compared_share", SHARE, "of the compared period; empty where either is told in part"),
    )
    return Kind(f"coverage-by-{name}", f"Coverage by {name}", columns, fill)


def _coverage_row(panel: str, row: Coverage, then: Share | None) -> Row:
    name, share = name_of(panel, row.label), row.share
    both = share is not None and then is not None and share.exact and then.exact
    return (
        _plain(row.label),
        name,
        row.visits.least,
        row.granted.least,
        row.partial.least,
        None if share is None else share.least,
        None if share is None else share.most,
        then.least if both and then is not None else None,
    )


_COVERAGE = (_coverage_by("country", "region", 0), _coverage_by("channel", "channel", 2))

# -- panels


def _of_panel(panel: Panel) -> Kind:
    def fill(kind: Kind, reader: Reader, question: Question) -> Sheet:
        table = panel_table(panel, reader, question)
        lines = judged(panel, reader, question, table, table.lines, few=False)
        known = total_is_whole(panel, reader, question, table)
        partial = not panel.rounded and not all(line.whole for line in lines)
        said = notes(table, panel.measure, reader, question, partial=partial)
        return kind.sheet(_panel_rows(panel, table, lines, known), table.refusal, said)

    measures = (Column(measure, WHOLE, heading.lower()) for heading, measure in panel.columns)
    return Kind(panel.id, panel.title, (LABEL, NAME, *measures, TOLD, PART, BEFORE), fill)


def _panel_rows(panel: Panel, table: Table, lines: list[Line], known: bool) -> list[Row]:
    whole = getattr(table.everything, panel.measure) if known else 0
    rows = [
        _panel_row(panel, whole, _plain(line.label), name_of(panel.source, line.label), line)
        for line in lines
    ]
    for label, name, count in (
        (GROUPED, group_name(table), table.grouped),
        (APART, "Not told by this period or filter", table.apart),
    ):
        if getattr(count, panel.measure) > 0:
            rows.append(_panel_row(panel, whole, label, name, Line(label, count)))
    return rows


def _panel_row(panel: Panel, whole: int, label: str, name: str, line: Line) -> Row:
    def measured(count: Count) -> int:
        return int(getattr(count, panel.measure))

    figures = (getattr(line.count, measure) for _, measure in panel.columns)
    share = measured(line.count) / whole if whole else None
    before = None if line.before is None else measured(line.before)
    return label, name, *figures, _told(line.whole), share, before


def _plain(label: str) -> str:
    """Stored labels of several parts join them by a control character."""
    return seen(label.replace("\x1f", "/"))
