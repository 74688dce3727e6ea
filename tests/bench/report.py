"""Figures and how they are printed: what was measured, its target, and how far the two are apart."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
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
    """A table's title and lines; `text` is a table that came ready-made."""

    title: str
    figures: tuple[Figure, ...] = ()
    text: str = ""


def progress(text: str) -> None:
    print(f"  {text} …", file=sys.stderr, flush=True)


def show(section: Section) -> None:
    print(f"\n{section.title}")
    if section.text:
        print(section.text)
    if section.figures:
        lines = [("", "measured", "target", "ratio", ""), *map(_line, section.figures)]
        widths = [max(len(line[column]) for line in lines) for column in range(4)]
        for name, measured, target, ratio, note in lines:
            print(
                f"  {name:<{widths[0]}}  {measured:>{widths[1]}}  {target:>{widths[2]}}  {ratio:>{widths[3]}}  "
                f"{note}".rstrip()
            )
    sys.stdout.flush()


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
            "figures": [asdict(figure) | {"ratio": figure.ratio, "met": figure.met} for figure in section.figures],
        }
        | ({"text": section.text} if section.text else {})
        for section in sections
    ]
    path.write_text(json.dumps({"machine": machine, "sections": tables}, indent=2) + "\n", "utf-8")
