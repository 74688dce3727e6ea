"""One panel as its template needs it: names, figures, bars, links."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.sealing import Count
from .filters import CUBE_PANELS, DIMENSIONS, Filter, is_value, refusal, without_it
from .hidden import notes
from .panels import Panel
from .period import Days
from .question import Question
from .reading import Line, Reader, Table, by_country
from .told import VISIT_PANELS, goal_bounds, label_bounds, total_bounds, whole_by_days
from .words import change, interval, name_of, number, percent, told

MOST_LINES = 8
"""Of a panel on the page of all panels."""


@dataclass(frozen=True, slots=True)
class LineView:
    """`figures` are in the order of the panel's columns; `width` of the bar is in per cent of the largest line's.
    `href` filters the page, or is None."""

    name: str
    figures: tuple[str, ...]
    share: str
    width: float
    change: str | None
    href: str | None
    chosen: bool = False
    group: bool = False


@dataclass(frozen=True, slots=True)
class PanelView:
    panel: Panel
    lines: tuple[LineView, ...]
    found: int
    """Labels that the search keeps, shown or not."""
    more: int
    notes: tuple[str, ...]
    summary: str
    """Of the notes."""
    refusal: str | None
    compared: bool

    @property
    def empty(self) -> bool:
        return not self.lines

    @property
    def shared(self) -> bool:
        """Whether a share can be said of any line."""
        return any(line.share for line in self.lines)


def panel_table(panel: Panel, reader: Reader, question: Question) -> Table:
    """The panel's figures, largest first: what the page shows and every file holds. Countries are wholes until
    one is chosen. Nothing where the whole site is not for whoever looks."""
    reason = refusal(panel.source, question.chosen)
    if reason is not None and question.bound:
        return Table(panel.source, (), Count(), refusal=without_it(reason))
    table = reader.table(panel.source, question.days, question.chosen, question.against)
    lines: Sequence[Line] = table.lines
    if panel.source == "region" and not question.chosen.get("region"):
        lines = by_country(table)
    ordered = sorted(lines, key=lambda line: order(line, panel.measure))
    if panel.usual_sort == "name":
        ordered = sorted(lines, key=lambda line: line.label)
    kept = tuple(line for line in ordered if getattr(line.count, panel.measure) > 0)
    return replace(table, lines=kept)


def judged(
    panel: Panel, reader: Reader, question: Question, table: Table, lines: Sequence[Line], *, few: bool
) -> list[Line]:
    """The lines with what is known of each: whether all of it is told. Only what is told whole in both periods is
    compared. `few`: not all lines of a long list."""
    labels = [line.label for line in lines] if few else None
    now = _whole(panel, reader, question, lines, labels, question.days, grouped=table.grouped.visits > 0)
    then: set[str] | None = set()
    if question.against is not None:
        before = [Line(line.label, line.before) for line in lines if line.before is not None]
        then = _whole(panel, reader, question, before, labels, question.against, grouped=table.grouped_before)
    found = []
    for line in lines:
        whole = now is None or line.label in now
        both = whole and (then is None or line.label in then)
        found.append(replace(line, whole=whole, before=line.before if both else None))
    return found


def _whole(
    panel: Panel,
    reader: Reader,
    question: Question,
    lines: Sequence[Line],
    labels: Sequence[str] | None,
    days: Days,
    *,
    grouped: bool,
) -> set[str] | None:
    """The labels whose figure is told on every day; None where all are."""
    if panel.source == "goal":
        return {line.label for line in lines if goal_bounds(reader, line.label, days).exact}
    if panel.source not in CUBE_PANELS:
        return whole_by_days(reader, panel.source, days, labels, grouped=grouped)
    chosen = Filter() if refusal(panel.source, question.chosen) else question.chosen
    fixed = chosen.without(panel.source)
    found = set()
    for line in lines:
        bounds = label_bounds(reader, panel.source, line.label, days, fixed)
        if bounds.exact and bounds.least == line.count.visits:
            found.add(line.label)
    return found


def total_is_whole(panel: Panel, reader: Reader, question: Question, table: Table) -> bool:
    """Whether what lines are a share of is told whole: what a filter lets through, or all lines of a population of
    its own. Of all visits, shares are of what is told."""
    if panel.source not in VISIT_PANELS and not panel.rounded:
        grouped = table.grouped.visits > 0
        told = _whole(panel, reader, question, table.lines, None, question.days, grouped=grouped)
        return told is None or all(line.label in told for line in table.lines)
    return (
        not question.chosen
        or table.refusal is not None
        or total_bounds(reader, question.days, question.chosen).exact
    )


def order(line: Line, measure: str) -> tuple[int, int, str]:
    other = line.count.visits if measure == "views" else line.count.views
    return -getattr(line.count, measure), -other, line.label


def panel_view(
    panel: Panel,
    reader: Reader,
    question: Question,
    most: int | None = MOST_LINES,
    search: str = "",
    sort: str = "",
) -> PanelView:
    """`most` lines, None for all; `search` keeps lines whose names hold it; `sort` is one of `sorts_of`. The links of
    lines keep both."""
    table = panel_table(panel, reader, question)
    lines: Sequence[Line] = table.lines
    if sort == "change":
        lines = judged(panel, reader, question, table, lines, few=False)
    named = [(line, name_of(panel.source, line.label)) for line in lines]
    if sort:
        named.sort(key=lambda entry: _sorted_by(sort, panel, *entry))
    if search:
        named = [(line, name) for line, name in named if search.casefold() in name.casefold()]
    largest = max((getattr(line.count, panel.measure) for line, _ in named), default=0)
    if sort != "change":
        told_lines = judged(
            panel, reader, question, table, [line for line, _ in named[:most]], few=most is not None
        )
        named[:most] = zip(told_lines, [name for _, name in named[:most]], strict=True)
    known = total_is_whole(panel, reader, question, table)
    kept = {name: text for name, text in (("sort", sort), ("q", search)) if text}
    views = [_line(panel, line, name, table, largest, question, kept, known) for line, name in named[:most]]
    partial = any(figure.startswith("≥") for view in views for figure in view.figures)
    grouped = getattr(table.grouped, panel.measure)
    if grouped > 0 and not search:
        views.append(_group(panel, table.grouped, table, largest, known))
    return PanelView(
        panel,
        tuple(views),
        len(named),
        max(0, len(named) - len(named[:most])),
        tuple(notes(table, panel.measure, reader, question, partial=partial)),
        _summary(table, panel.measure, known=known, partial=partial),
        table.refusal,
        any(view.change for view in views),
    )


def _summary(table: Table, measure: str, *, known: bool, partial: bool) -> str:
    found = []
    if table.hidden(measure) > 0:
        share = f"{percent(table.share_hidden(measure))} told" if known else "Told"
        found.append(f"{share} together or hidden")
    if partial:
        found.append("≥: at least")
    return "; ".join(found) or "How much of it is told"


def sorts_of(panel: Panel) -> list[tuple[str, str]]:
    """(name in addresses, heading) of all that a panel's lines can be sorted by."""
    return [
        ("name", "Name"),
        *((measure, heading) for heading, measure in panel.columns),
        ("change", "Change"),
    ]


def _sorted_by(sort: str, panel: Panel, line: Line, name: str) -> tuple[float, str]:
    """Names from A on, figures from the largest on; what cannot be compared comes last."""
    if sort == "name":
        return 0.0, name.casefold()
    if sort != "change":
        return -float(getattr(line.count, sort)), name.casefold()
    before = getattr(line.before, panel.measure) if line.before is not None else 0
    return (-getattr(line.count, panel.measure) / before if before else math.inf), name.casefold()


def _line(
    panel: Panel,
    line: Line,
    name: str,
    table: Table,
    largest: int,
    question: Question,
    kept: dict[str, str],
    known: bool,
) -> LineView:
    value = getattr(line.count, panel.measure)
    whole = getattr(table.everything, panel.measure)
    before = None if line.before is None else getattr(line.before, panel.measure)
    href, chosen = _link(panel, line.label, question, kept)
    exact = line.whole or panel.rounded
    return LineView(
        name,
        tuple(told(getattr(line.count, measure), exact=exact) for _, measure in panel.columns),
        share_text(value, whole if known else 0, exact=exact),
        round(100 * value / largest, 2) if largest else 0.0,
        change(value, before),
        href,
        chosen,
    )


def _link(panel: Panel, label: str, question: Question, kept: dict[str, str]) -> tuple[str | None, bool]:
    """The link that filters the page by this line, or takes the filter away."""
    if panel.source not in DIMENSIONS or not is_value(panel.source, label):
        return None, False
    was = question.chosen.get(panel.source)
    chosen = was == label
    if (
        panel.source == "region" and not was
    ):  # a country's lines are its regions, which no search for it finds
        kept = {name: text for name, text in kept.items() if name != "q"}
    return question.query(**kept, **{panel.source: None if chosen else label}), chosen


def share_text(value: int, whole: int, *, exact: bool) -> str:
    if not whole:
        return ""
    return percent(value / whole) if exact else interval(value / whole, 1.0)


def group_name(table: Table) -> str:
    """What is told together, with whom: a label that is shown on other days may stand in it for others' sake."""
    if not table.leads:
        return "Told together"
    more = " and more" if len(table.leads) > 1 else ""
    return f"Told together, with {name_of(table.panel, table.leads[0])}{more}"


def _group(panel: Panel, grouped: Count, table: Table, largest: int, known: bool) -> LineView:
    value = getattr(grouped, panel.measure)
    whole = getattr(table.everything, panel.measure)
    return LineView(
        group_name(table),
        tuple(number(getattr(grouped, measure)) for _, measure in panel.columns),
        percent(value / whole) if whole and known else "",
        round(min(100.0, 100 * value / largest), 2) if largest else 0.0,
        None,
        None,
        group=True,
    )
