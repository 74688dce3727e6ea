"""What linear programming gets out of totals that lie within one another: a goal, its channels, its campaigns; all
visits and the fields of campaigns. What is left of the larger is a cell as well.

The attacker is told which total lies within which, on every day, whether they are told, wait for the week or neither.
"""

from __future__ import annotations

from collections.abc import Iterable

from cookiegate.core.sealing import Row, Rule
from cookiegate.core.sealing.day import WITHHELD

from .attacker import Equations, Pieces, Rows, Variable, add_panel

Chain = Iterable[tuple[str, str]]
"""(whole, part within it)."""

Terms = list[tuple[int, float]]


def add_rests(
    equations: Equations,
    rows: Rows,
    pieces: Pieces,
    week: list[Row],
    labels: dict[str, set[str]],
    truth: dict[tuple[int, str], int],
    chain: Chain,
    rule: Rule,
) -> dict[Variable, int]:
    """Add the panels of the chain and their rests, day by day. `truth` has the visits of each day and panel. Returns
    the protected cells, rests among them, with their true counts."""
    wanted: dict[Variable, int] = {}
    for panel in sorted({name for pair in chain for name in pair}):
        wanted |= add_panel(equations, panel, rows, pieces, week, labels.get(panel, set()), rule)
    for day in sorted({day for day, _ in truth}):
        for whole, part in chain:
            name = ("rest", day, whole, part)
            rest = equations.variable(name)
            larger, known = _total(equations, whole, day, rows)
            smaller, told = _total(equations, part, day, rows)
            terms = [*larger, *((at, -factor) for at, factor in smaller), (rest, -1.0)]
            equations.sums.append((terms, float(told - known)))
            left = truth.get((day, whole), 0) - truth.get((day, part), 0)
            if 0 < left < rule.k:
                wanted[name] = left
    return wanted


def _total(equations: Equations, panel: str, day: int, rows: Rows) -> tuple[Terms, int]:
    """A panel's total on a day: unknowns, and what is known."""
    mine = [row.visits for d, row in rows if (d, row.panel) == (day, panel)]
    if mine:
        return [], sum(mine)
    waiting = [
        at for name, at in equations.places.items() if (*name[:2], *name[3:4]) == (panel, day, WITHHELD)
    ]
    if waiting:
        return [(at, 1.0) for at in waiting], 0
    return [(equations.variable((panel, day, "nobody")), 1.0)], 0
