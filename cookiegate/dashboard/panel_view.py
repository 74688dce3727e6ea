"""One panel as its template needs it: names, figures, bars, links."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.sealing import Count
from .filters import DIMENSIONS, is_value
from .hidden import notes
from .panels import Panel
from .question import Question
from .reading import Line, Reader, Table, by_country
from .words import change, name_of, number, percent

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
    hidden: str
    refusal: str | None
    compared: bool

    @property
    def empty(self) -> bool:
        return not self.lines


def panel_table(panel: Panel, reader: Reader, question: Question) -> Table:
    """The panel's figures, largest first: what the page shows and every file holds. Countries are wholes until
    one is chosen."""
    table = reader.table(panel.source, question.days, question.chosen, question.against)
    lines: Sequence[Line] = table.lines
    if panel.source == "region" and not question.chosen.get("region"):
        lines = by_country(table)
    ordered = sorted(lines, key=lambda line: order(line, panel.measure))
    if panel.source == "hour":
        ordered = sorted(lines, key=lambda line: line.label)
    kept = tuple(line for line in ordered if getattr(line.count, panel.measure) > 0)
    return replace(table, lines=kept)


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
    named = [(line, name_of(panel.source, line.label)) for line in table.lines]
    if sort:
        named.sort(key=lambda entry: _sorted_by(sort, panel, *entry))
    if search:
        named = [(line, name) for line, name in named if search.casefold() in name.casefold()]
    largest = max((getattr(line.count, panel.measure) for line, _ in named), default=0)
    kept = {name: text for name, text in (("sort", sort), ("q", search)) if text}
    views = [_line(panel, line, name, table, largest, question, kept) for line, name in named[:most]]
    grouped = getattr(table.grouped, panel.measure)
    if grouped > 0 and not search:
        views.append(_group(panel, table.grouped, table, largest))
    return PanelView(
        panel,
        tuple(views),
        len(named),
        max(0, len(named) - len(named[:most])),
        tuple(notes(table, panel.measure, reader, question)),
        percent(table.share_hidden(panel.measure)),
        table.refusal,
        any(view.change for view in views),
    )


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
    panel: Panel, line: Line, name: str, table: Table, largest: int, question: Question, kept: dict[str, str]
) -> LineView:
    value = getattr(line.count, panel.measure)
    whole = getattr(table.everything, panel.measure)
    before = None if line.before is None else getattr(line.before, panel.measure)
    href, chosen = _link(panel, line.label, question, kept)
    return LineView(
        name,
        tuple(number(getattr(line.count, measure)) for _, measure in panel.columns),
        percent(value / whole) if whole else "",
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


def _group(panel: Panel, grouped: Count, table: Table, largest: int) -> LineView:
    value = getattr(grouped, panel.measure)
    whole = getattr(table.everything, panel.measure)
    return LineView(
        "Told together",
        tuple(number(getattr(grouped, measure)) for _, measure in panel.columns),
        percent(value / whole) if whole else "",
        round(min(100.0, 100 * value / largest), 2) if largest else 0.0,
        None,
        None,
        group=True,
    )
