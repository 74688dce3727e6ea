"""Figures and how they are printed: what was measured, its target, and how far the two are apart."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured number. `target` is the most it should be (the least, where `at_least`), or None."""

    name: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Measured by target: a cost is good below 1, a speed above."""
        return self.value / self.target if self.target else None

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target


@dataclass(frozen=True)
class Section:
    """A title and what was measured: figures, or a table of texts whose first row is its head."""

    title: str
    figures: tuple[Figure, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


def progress(text: str) -> None:
    print(f"  {text} …", file=sys.stderr, flush=True)


def show(section: Section) -> None:
    print(f"\n{section.title}")
    if section.figures:
        _show_table([("", "measured", "target", "ratio", ""), *map(_line, section.figures)], notes=True)
    if section.table:
        _show_table(section.table)
    sys.stdout.flush()


def _show_table(rows: Sequence[tuple[str, ...]], *, notes: bool = False) -> None:
    """Names to the left, numbers to the right; notes, in the last column, to the left again."""
    last = len(rows[0]) - 1
    widths = [max(len(row[column]) for row in rows) for column in range(last + 1)]
    for row in rows:
        cells = [
            cell.ljust(width) if n == 0 or (notes and n == last) else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print(("  " + "  ".join(cells)).rstrip())


def _line(figure: Figure) -> tuple[str, str, str, str, str]:
    target = ratio = ""
    if figure.target is not None and figure.ratio is not None:
        target = f"{'>=' if figure.at_least else '<='} {_number(figure.target)}"
        ratio = f"{figure.ratio:.2f}" + ("" if figure.met else " !")
    return figure.name, f"{_number(figure.value)} {figure.unit}", target, ratio, figure.note


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def write_json(path: Path, machine: str, sections: Iterable[Section]) -> None:
    tables = [
        {
            "title": section.title,
            "figures": [
                asdict(figure) | {"ratio": figure.ratio, "met": figure.met} for figure in section.figures
            ],
        }
        | ({"table": section.table} if section.table else {})
        for section in sections
    ]
    path.write_text(json.dumps({"machine": machine, "sections": tables}, indent=2) + "\n", "utf-8")
