"""Everything that linear programming gets out of what is published: the exact interval of each hidden cell.

The attacker knows the published rows, the rules and k, all labels that the panel had in the week, and which
groups were joined by leads. Unknowns are the cells; the simplex (HiGHS) finds the least and the most that each
can be. Most intervals show themselves wide after a few random directions; the rest are solved one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from cookiegate.core.sealing import Piece, Row, Rule
from cookiegate.core.sealing import week as week_module
from cookiegate.core.sealing.blocks import Atoms, blocks_of
from cookiegate.core.sealing.day import CUBE, POSSIBLE, WITHHELD, read_group
from cookiegate.core.sealing.kin import families, has_kin
from cookiegate.core.sealing.regions import UNDIVIDED
from cookiegate.core.sealing.week import LATE, VISIT_PANELS

Variable = tuple[object, ...]
DIRECTIONS = 10
WIDE = 3.5
"""Visits: an interval of this width needs no exact ends any more, nothing in it is known to within one."""

Rows = list[tuple[int, Row]]
Pieces = list[tuple[int, Piece]]


@dataclass
class Equations:
    """Sums over variables, each variable between its bounds."""

    places: dict[Variable, int] = field(default_factory=dict)
    bounds: list[tuple[float, float | None]] = field(default_factory=list)
    sums: list[tuple[list[tuple[int, float]], float]] = field(default_factory=list)

    def variable(self, name: Variable, low: float = 0, high: float | None = None) -> int:
        if name not in self.places:
            self.places[name] = len(self.places)
            self.bounds.append((low, high))
        return self.places[name]

    def add(self, places: Iterable[int], value: float) -> None:
        self.sums.append(([(place, 1.0) for place in places], value))

    def intervals(self, wanted: list[Variable], seed: int = 0) -> dict[Variable, tuple[float, float]]:
        """The exact interval of each wanted variable; of one wider than `WIDE`, perhaps only a part of it."""
        rng = np.random.default_rng(seed)
        entries = [(row, at, factor) for row, (terms, _) in enumerate(self.sums) for at, factor in terms]
        size = len(self.places)
        matrix = csr_matrix(
            ([e[2] for e in entries], ([e[0] for e in entries], [e[1] for e in entries])),
            shape=(len(self.sums), size),
        )
        values = [value for _, value in self.sums]
        places = np.array([self.places[name] for name in wanted], dtype=int)
        least, most = np.full(len(places), np.inf), np.full(len(places), -np.inf)

        def solve(costs: np.ndarray) -> None:
            found = linprog(costs, A_eq=matrix, b_eq=values, bounds=self.bounds, method="highs")
            assert found.status == 0, f"the published figures contradict one another: {found.message}"
            np.minimum(least, found.x[places], out=least)
            np.maximum(most, found.x[places], out=most)

        for _ in range(DIRECTIONS):
            direction = np.zeros(size)
            direction[places] = rng.choice([-1.0, 1.0], len(places)) * (0.1 + rng.random(len(places)))
            solve(direction)
            solve(-direction)
            if (most - least).min() > WIDE:
                break
        for at, width in zip(range(len(places)), most - least, strict=True):
            if width < WIDE:
                costs = np.zeros(size)
                costs[places[at]] = 1
                solve(costs)
                solve(-costs)
        return {name: (float(least[i]), float(most[i])) for i, name in enumerate(wanted)}


def add_panel(
    equations: Equations,
    panel: str,
    rows: Rows,
    pieces: Pieces,
    week: list[Row],
    labels: set[str],
    rule: Rule,
) -> dict[Variable, int]:
    """Add all that is known of one panel in one week. Returns the protected cells with their true counts.

    `labels` are all that there are. The pieces say which groups were joined; their counts are not looked at
    but for that, and for the answer.
    """
    parts = parts_of_week(panel, rows, pieces, rule)
    rows = [(day, row) for day, row in rows if row.panel == panel]
    pieces = [(day, piece) for day, piece in pieces if piece.panel == panel]
    labels = set(labels)
    if panel in POSSIBLE:
        labels |= {f"?{number}" for number in range(POSSIBLE[panel] - len(labels))}
    total = next((row.visits for row in week if row.panel == "total"), None)
    in_row: dict[str, list[int]] = defaultdict(list)
    of_withheld: list[int] = []
    for day, row in rows:
        group = read_group(row.label)
        if group is None:
            continue
        name, leads = group
        shown = {r.label for d, r in rows if (d, r.block) == (day, row.block) and read_group(r.label) is None}
        hidden = sum(p.visits for d, p in pieces if (d, p.block, p.group) == (day, row.block, name))
        may_be = _may_hold(panel, name, labels) - shown
        # Which group without names was joined by cells of k and more is told to nobody. Here the attacker is told,
        # but where the small cells alone leave no room: they are sealed as if joined, so that nobody can tell.
        full = len(may_be) * rule.cap - row.visits < rule.width
        joined = not leads and (row.visits > hidden or full)
        # A country that is too small to be divided says nothing about its subdivisions.
        whole = (
            bool(name)
            and row.visits < UNDIVIDED * rule.k
            and not any(label.startswith(f"{name}-") for label in shown)
        )
        members = []
        for label in sorted(may_be):
            low, high = (
                (float(rule.k), None)
                if label in leads
                else (0.0, None if joined or whole else float(rule.cap))
            )
            at = equations.variable((panel, day, row.block, name, label), low, high)
            members.append(at)
            piece = any((d, p.block, p.group, p.label) == (day, row.block, name, label) for d, p in pieces)
            told = parts is None or label in parts.grouped
            if label not in leads and (piece or not joined) and told and is_in_week(panel, day, rows, rule):
                in_row[label].append(at)
        equations.add(members, row.visits)
    withheld = []
    for day in sorted({d for d, p in pieces if p.group == WITHHELD}):
        here = []
        for label in sorted(labels):
            at = equations.variable((panel, day, "", WITHHELD, label), 0, 1000.0)
            here.append(at)
            if parts is not None and day in parts.days and label in parts.withheld:
                in_row[label].append(at)
                of_withheld.append(at)
            kin = day == LATE and (families(panel, rule) or has_kin(panel, rule))
            if parts is None and total is not None and not kin:
                in_row[label].append(at)
        if sum(p.visits for d, p in pieces if d == day and p.group == WITHHELD) < rule.k and day != LATE:
            # A day that is not published is known to be small.
            room = equations.variable((panel, day, "room"), 0, float(rule.cap))
            equations.add([*here, room], rule.cap)
        withheld += here
    if withheld and total is not None and panel in VISIT_PANELS:
        equations.add(withheld, total)
    for row in week:
        if row.panel == panel and read_group(row.label) is None:
            equations.add(in_row[row.label], row.visits)
    if of_withheld:
        # What leaves groups is published as well, so the rest of the week's figures is of days that were withheld.
        equations.add(of_withheld, sum(row.visits for row in week if row.panel == panel))
    cells = {(panel, day, p.block, p.group, p.label): p.visits for day, p in pieces}
    return {name: visits for name, visits in cells.items() if 0 < visits < rule.k}


class Parts(NamedTuple):
    """Of what the figures of a week are made, in a population of its own: labels that left groups, and labels of days
    that were withheld. The attacker is told."""

    grouped: set[str]
    withheld: set[str]
    days: set[int]


def parts_of_week(panel: str, rows: Rows, pieces: Pieces, rule: Rule) -> Parts | None:
    """None for a panel of all visits, where these are one."""
    if panel in VISIT_PANELS or panel == "total":
        return None
    found = week_module._by_panel(pieces)
    week_module.keep_rests(found, rule)
    mine = [entry for (name, _), some in found.items() if name == panel for entry in some]
    sides = [[entry for entry in mine if (entry[1].group == WITHHELD) == side] for side in (False, True)]
    told = [[(day, row) for day, row in rows if row.panel == panel], []]
    grouped, withheld = (
        {
            row.label
            for row in week_module._released(panel, "", some, beside, rule)
            if read_group(row.label) is None
        }
        for some, beside in zip(sides, told, strict=True)
    )
    return Parts(grouped, withheld, {day for day, _ in sides[True]})


def is_in_week(panel: str, day: int, rows: Rows, rule: Rule) -> bool:
    """Whether a week's figures hold anything of the day: of panels that tell families, one of several blocks is not."""
    blocks = {row.block for d, row in rows if (d, row.panel) == (day, panel)}
    return len(blocks) < 2 or not has_kin(panel, rule)


def _may_hold(panel: str, group: str, labels: set[str]) -> set[str]:
    """Labels that a group may hold: of regions, countries in the group of countries, else its own."""
    if not panel.endswith("region"):
        return labels
    if group:
        return {label for label in labels if label.startswith(f"{group}-")}
    return {label.partition("-")[0] for label in labels}


def add_limit(equations: Equations, parts: Sequence[Variable], whole: Variable | float) -> None:
    """These variables together are no more than the whole, a variable itself or known."""
    terms = [(equations.places[part], 1.0) for part in parts]
    terms.append((equations.variable(("rest", len(equations.sums))), 1.0))
    if isinstance(whole, tuple):
        equations.sums.append(([*terms, (equations.places[whole], -1.0)], 0.0))
    else:
        equations.sums.append((terms, float(whole)))


def add_combinations(
    equations: Equations, day: int, atoms: Atoms, rows: Rows, rule: Rule
) -> dict[Variable, int]:
    """Add the cells of the cube of one day to equations that hold its four panels already: each side of each
    block adds up to what is known of it. Returns the protected cells with their true counts."""
    protected: dict[Variable, int] = {}
    for path, block in blocks_of(atoms, rule):
        name = "/".join(path)
        sides = [sorted({atom[side] for atom, count in block.items() if count.visits}) for side in range(4)]
        places = {atom: equations.variable(("atom", day, name, *atom)) for atom in product(*sides)}
        for side, panel in enumerate(CUBE):
            mine = [row for d, row in rows if (d, row.panel, row.block) == (day, panel, name)]
            shown = {row.label: row.visits for row in mine if read_group(row.label) is None}
            groups = [read_group(row.label) for row in mine if read_group(row.label) is not None]
            for label in sides[side] if panel != "region" else ():
                here = [(at, 1.0) for atom, at in places.items() if atom[side] == label]
                if label in shown:
                    equations.sums.append((here, shown[label]))
                at = equations.places.get((panel, day, name, "", label))
                if label not in shown and at is not None:
                    equations.sums.append(([*here, (at, -1.0)], 0))
            if panel == "region":
                _add_regions(equations, day, name, sides[side], places, shown, groups)
        protected |= {
            ("atom", day, name, *atom): count.visits
            for atom, count in block.items()
            if 0 < count.visits < rule.k
        }
    return protected


def _add_regions(equations, day, block, labels, places, shown, groups):  # type: ignore[no-untyped-def]
    """A region's cells add up to its row, to its own unknown, or with its country's others to the country's."""
    names = {group[0] for group in groups}
    countries: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for label in labels:
        here = [(at, 1.0) for atom, at in places.items() if atom[0] == label]
        country = label.partition("-")[0]
        at = equations.places.get(("region", day, block, country, label))
        if label in shown:
            equations.sums.append((here, shown[label]))
        elif country in names and at is not None:
            equations.sums.append(([*here, (at, -1.0)], 0))
        else:
            countries[country] += here
    for country, here in countries.items():
        at = equations.places.get(("region", day, block, "", country))
        if country in shown:
            equations.sums.append((here, shown[country]))
        elif at is not None:
            equations.sums.append(([*here, (at, -1.0)], 0))
