"""A plain table: its columns, its rows, and what is hidden in it. One kind of sheet answers each question."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .question import Question
from .reading import Reader

Value = str | int | float | None
Row = tuple[Value, ...]

TEXT, WHOLE, SHARE = "text", "whole", "share"
"""What a column holds: words, a count, a part of 1."""

WHOLLY, PARTLY = "whole", "at least"
"""How much of a figure is told."""

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
PART = Column(
    "share",
    SHARE,
    "of all, whatever is hidden included; empty where it is not told how many these are",
)
BEFORE = Column(
    "compared",
    WHOLE,
    "the same figure of the compared period; empty where either is told in part, or there was none",
)
TOLD = Column("told", TEXT, f"{WHOLLY}, or {PARTLY} where a part of it may stand among what is told together")
