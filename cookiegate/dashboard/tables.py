"""Answers and coverage whole, each on a page of its own: the sheet that its file is made of, sorted and searched."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .consent import PARTS
from .question import Question
from .reading import Reader
from .sheet import SHARE, TEXT, WHOLLY, Column, Kind, Row, Value
from .sheets import kinds, sheet_of
from .words import interval, seen, span, told

PREFIXES = ("answers-by-", "coverage-by-")
HEADINGS = {
    "shown": "Asked",
    "accept": "Accepted all",
    "reject": "Refused all",
    "custom": "Chose a part",
    "ignored": "No answer",
    "withdrawn": "Taken back",
    "signal": "Signal",
    "granted": "Accepted all",
    "partial": "Part allowed",
    "share": "Seen",
}


@dataclass(frozen=True, slots=True)
class TableView:
    """`rows` are (name, cells), a cell (figure, its share or ""); `lacking` says that a figure is told nowhere."""

    id: str
    title: str
    headings: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    found: int
    more: int
    refusal: str | None
    notes: tuple[str, ...]
    lacking: bool

    @property
    def empty(self) -> bool:
        return not self.rows


def is_table(name: str) -> bool:
    return name.startswith(PREFIXES) and name in kinds()


def table_sorts(kind: Kind) -> list[tuple[str, str]]:
    """(name in addresses, heading) of all that its lines can be sorted by, the name first."""
    return [(column.name, _heading(column)) for column in (kind.columns[1], *_measures(kind))]


def table_view(
    kind: Kind, reader: Reader, question: Question, most: int, search: str, sort: str
) -> TableView:
    """`most` lines of those whose names hold `search`, by `sort`: figures from the largest on."""
    sheet = sheet_of(kind, reader, question)
    names = [column.name for column in kind.columns]
    rows = [row for row in sheet.rows if search.casefold() in str(row[1]).casefold()]
    if sort:
        place = names.index(sort)
        rows.sort(key=lambda row: (_rank(row[place]), str(row[1]).casefold()))
    shown = [_cells(kind, names, row) for row in rows[:most]]
    return TableView(
        kind.id,
        kind.title,
        tuple(table_sorts(kind)),
        tuple(shown),
        len(rows),
        len(rows) - len(shown),
        sheet.refusal,
        sheet.notes,
        any(figure in ("–", "hidden") for _, cells in shown for figure, _ in cells),
    )


def _measures(kind: Kind) -> list[Column]:
    """What a page shows: the most of a figure stands with its least."""
    return [
        column
        for column in kind.columns
        if column.kind != TEXT
        and not column.name.startswith("compared")
        and not column.name.endswith("_most")
    ]


def _heading(column: Column) -> str:
    return HEADINGS.get(column.name, column.name.capitalize())


def _rank(value: Value) -> float:
    if isinstance(value, str):
        return 0.0
    return math.inf if value is None else -value


def _cells(kind: Kind, names: list[str], row: Row) -> tuple[str, tuple[tuple[str, str], ...]]:
    said = dict(zip(names, row, strict=True))
    cells = [_cell(column, said) for column in _measures(kind)]
    return seen(str(row[1])), tuple(cells)


def _cell(column: Column, said: dict[str, Value]) -> tuple[str, str]:
    """(figure, its share of the prompts or "")."""
    value, most, whole = said[column.name], said.get(f"{column.name}_most"), said.get("shown")
    if column.kind == SHARE:
        return (interval(_float(value), _float(most)) if value is not None else "–"), ""
    if f"{column.name}_most" not in said:
        if value is None:
            return "–", ""
        return told(int(_float(value)), exact=said.get("told", WHOLLY) == WHOLLY), ""
    part = column.name in PARTS and isinstance(whole, int) and whole > 0
    least, known = int(_float(value)), None if most is None else int(_float(most))
    text = span(least, known, int(_float(whole)) if part else None)
    if not part or text == "hidden":
        return text, ""
    return text, interval(least / _float(whole), _float(most) / _float(whole))


def _float(value: Value) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
