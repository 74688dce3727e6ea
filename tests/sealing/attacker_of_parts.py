"""The same attacker on parts of one population: those asked, signals and the rest, beside all visits.

Each label of each side and day has three unknowns that make its visits. All visits, their blocks and consent states
are known as far as they are published; the sides of a day have one total of each part, and so have the states. Of a
label that is hidden the attacker is told which of its parts is the small one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from cookiegate.core.sealing import Rule
from cookiegate.core.sealing.asked import REST, SIDES
from cookiegate.core.sealing.day import WITHHELD, read_group
from cookiegate.core.sealing.kin import families
from cookiegate.core.sealing.known import POSSIBLE

from .attacker import Equations, Pieces, Rows, Variable, _add_regions, add_panel

EVENTS = ("shown", "signal", "rest")
STATE_OF = {"shown": "undecided", "signal": "signal"}
Truth = dict[tuple[int, str, str, str], int]
"""(day, event, side, label) -> visits."""


def add_parts(
    equations: Equations, rows: Rows, pieces: Pieces, week: list, truth: Truth, labels: dict, rule: Rule
):
    """Add all that is known of those asked and of signals. Returns the protected cells with their true counts."""
    wanted: dict[Variable, int] = {}
    for panel in ("state", *SIDES):
        wanted |= add_panel(equations, panel, rows, pieces, week, labels[panel], rule)
    names: dict[str, list[str]] = {
        side: sorted({label for _, _, s, label in truth if s == side}) for side in SIDES
    }
    # A kind of device that had no visit in the week is possible all the same, as in a panel by itself.
    names["device"] += [f"?{number}" for number in range(POSSIBLE["device"] - len(labels["device"]))]
    for day in sorted({day for day, *_ in truth}):
        told = any(d == day and row.panel == "total" for d, row in rows)
        for side in SIDES:
            if told:
                _add_visits(equations, day, side, names[side], rows)
            else:
                _add_withheld(equations, day, side, names[side])
            for event in EVENTS[:2]:
                mine = [row for d, row in rows if (d, row.panel) == (day, f"prompt:{event}:{side}")]
                _add_event(equations, (day, event, side), names[side], mine, truth, rule)
        _add_totals(equations, day, names, rows)
        for side in SIDES:
            for label in names[side]:
                counts = [truth.get((day, event, side, label), 0) for event in EVENTS]
                cells = {
                    ("part", day, event, side, label): n for event, n in zip(EVENTS, counts, strict=True)
                }
                cells[_undecided_rest(equations, day, side, label)] = counts[1] + counts[2]
                wanted |= {name: n for name, n in cells.items() if 0 < n < rule.k}
    _add_week(equations, week, pieces, names)
    return wanted


def add_kin(equations: Equations, child: str, parent: str, rows: Rows, labels: dict, rule: Rule) -> None:
    """Labels of a family add up to what the other panel knows of it; both panels are there already."""
    kin = families(child, rule)
    assert kin is not None
    told = {d for d, row in rows if row.panel == "total"}
    waiting = {name[1] for name in equations.places if name[3:4] == (WITHHELD,)}
    for day in sorted(told | waiting):
        terms: dict[str, list[tuple[int, float]]] = defaultdict(list)
        known: dict[str, int] = defaultdict(int)
        for panel, family, sign in ((child, kin[0], 1), (parent, kin[1], -1)):
            mine = [row for d, row in rows if (d, row.panel) == (day, panel)]
            for row in mine:
                if read_group(row.label) is None:
                    known[family(row.label)] -= sign * row.visits
            places = [(row.block, "") for row in mine] or [("", WITHHELD)]
            for block, group in set(places):
                # A kind of device that had no visit in the week is possible all the same; of hosts all are known.
                others = {f"?{number}" for number in range(5)} if panel == "device" else set()
                for label in sorted(labels[panel] | others):
                    at = equations.places.get((panel, day, block, group, label))
                    if at is not None:
                        terms[family(label)].append((at, float(sign)))
        for name, some in terms.items():
            equations.sums.append((some, known[name]))


def _part(equations: Equations, day: int, event: str, side: str, label: str) -> int:
    return equations.variable(("part", day, event, side, label))


def _undecided_rest(equations: Equations, day: int, side: str, label: str) -> Variable:
    """Visits of a label that were not asked: signals and the rest."""
    name = ("unasked", day, side, label)
    terms = [(_part(equations, day, event, side, label), 1.0) for event in ("signal", "rest")]
    equations.sums.append(([*terms, (equations.variable(name), -1.0)], 0.0))
    return name


def _add_visits(equations: Equations, day: int, side: str, labels: list[str], rows: Rows) -> None:
    """A label's parts add up to its visits in all blocks, and those to what is known of each block."""
    mine = [row for d, row in rows if (d, row.panel) == (day, side)]
    blocks = sorted({row.block for row in mine})
    for block in blocks:
        here = [row for row in mine if row.block == block]
        shown = {row.label: row.visits for row in here if read_group(row.label) is None}
        groups = [read_group(row.label) for row in here if read_group(row.label) is not None]
        places = {(label,): equations.variable(("visits", day, side, block, label)) for label in labels}
        if side == "region":
            _add_regions(equations, day, block, labels, places, shown, groups)
            _none_elsewhere(equations, labels, places, shown, groups)
            continue
        for label in labels:
            at = places[(label,)]
            known = equations.places.get((side, day, block, "", label))
            if label in shown:
                equations.add([at], shown[label])
            elif known is not None:
                equations.sums.append(([(at, 1.0), (known, -1.0)], 0.0))
            else:
                equations.add([at], 0)
    for label in labels:
        parts = [(_part(equations, day, event, side, label), 1.0) for event in EVENTS]
        whole = [(equations.places["visits", day, side, block, label], -1.0) for block in blocks]
        equations.sums.append(([*parts, *whole], 0.0))


def _add_withheld(equations: Equations, day: int, side: str, labels: list[str]) -> None:
    """A label's parts add up to its visits of a day that tells nothing, or of a late flush."""
    for label in labels:
        parts = [(_part(equations, day, event, side, label), 1.0) for event in EVENTS]
        whole = equations.places.get((side, day, "", WITHHELD, label))
        equations.sums.append(([*parts, *([] if whole is None else [(whole, -1.0)])], 0.0))


def _none_elsewhere(equations, labels, places, shown, groups):  # type: ignore[no-untyped-def]
    """A region whose country is neither told nor possible in a group had no visit."""
    countries = {group[0] for group in groups}
    for label in labels:
        country = label.partition("-")[0]
        if not {label, country} & shown.keys() and country not in countries and "" not in countries:
            equations.add([places[(label,)]], 0)


def _add_event(equations: Equations, key, labels, rows, truth: Truth, rule: Rule):  # type: ignore[no-untyped-def]
    """One published event from one side."""
    day, event, side = key
    if not rows:
        return
    places = {label: _part(equations, day, event, side, label) for label in labels}
    left = set(labels)
    for row in rows:
        if read_group(row.label) is None:
            here = [
                label
                for label in labels
                if label == row.label or (side == "region" and label.partition("-")[0] == row.label)
            ]
            equations.add([places[label] for label in here], row.visits)
            left -= set(here)
    groups = sorted((read_group(row.label), row.visits) for row in rows if read_group(row.label) is not None)
    for (name, leads), visits in reversed(groups):
        here = [label for label in left if not name or label.partition("-")[0] == name]
        left -= set(here)
        equations.add([places[label] for label in here], visits)
        if leads or not name:
            _add_bounds(equations, key, here, leads, truth, rule, named=len(rows) > len(groups))
    for label in left:
        equations.add([places[label]], 0)


def _add_bounds(equations, key, here, leads, truth, rule, *, named):  # type: ignore[no-untyped-def]
    """Leads have k at least. Of any other label one part is small, and the attacker knows which."""
    day, event, side = key
    rest = ("signal", "rest") if event == "shown" else ("rest",)
    units: dict[str, list[str]] = defaultdict(list)
    for label in here:
        units[label.partition("-")[0] if side == "region" else label].append(label)
    for unit, members in units.items():
        part = [_part(equations, day, event, side, label) for label in members]
        other = [_part(equations, day, one, side, label) for one in rest for label in members]
        if set(leads) & {unit, *members}:
            _between(equations, part, rule.k, None)
        elif leads or named:
            sums = [
                sum(truth.get((day, one, side, label), 0) for one in some for label in members)
                for some in ((event,), rest)
            ]
            if 0 < sums[0] < rule.k:
                _between(equations, part, 0, rule.cap)
            elif 0 < sums[1] < rule.k:
                _between(equations, other, 0, rule.cap)


def _between(equations: Equations, parts: Sequence[int], low: float, high: float | None) -> None:
    at = equations.variable(("sum", len(equations.sums)), low, high)
    equations.sums.append(([*((part, 1.0) for part in parts), (at, -1.0)], 0.0))


def _add_totals(equations: Equations, day: int, names: dict[str, list[str]], rows: Rows) -> None:
    """All sides have one total of each event, and so have the states of all blocks."""
    for event in EVENTS[:2]:
        sides = [
            [(_part(equations, day, event, side, label), 1.0) for label in names[side]] for side in SIDES
        ]
        for one, other in pairwise(sides):
            equations.sums.append(([*one, *((at, -1.0) for at, _ in other)], 0.0))
        state, known, terms = STATE_OF[event], 0, []
        mine = [row for d, row in rows if (d, row.panel) == (day, "state")]
        for block in {row.block for row in mine}:
            shown = [row.visits for row in mine if (row.block, row.label) == (block, state)]
            at = equations.places.get(("state", day, block, "", state))
            known += sum(shown)
            terms += [(at, -1.0)] if not shown and at is not None else []
        waiting = equations.places.get(("state", day, "", WITHHELD, state))
        terms += [] if mine or waiting is None else [(waiting, -1.0)]
        equations.sums.append(([*sides[0], *terms], known))


def _add_week(equations: Equations, week: list, pieces: Pieces, names: dict[str, list[str]]) -> None:
    """What the week tells of days that told nothing of an event."""
    for event in EVENTS[:2]:
        waiting = {d for d, piece in pieces if piece.panel.startswith(f"prompt:{event}:")}
        if event == "signal":
            waiting |= {d for d, piece in pieces if piece.panel.startswith(REST)}
        for side in SIDES:
            rows = [row for row in week if row.panel == f"prompt:{event}:{side}"]
            left = set(names[side])
            for row in sorted(rows, key=lambda row: _order(row.label)):
                group = read_group(row.label)
                word = row.label if group is None else group[0]
                here = _of(word, left, exact=side != "region") if word or group is None else set(left)
                left -= here
                places = [_part(equations, day, event, side, label) for day in waiting for label in here]
                if places:
                    equations.add(places, row.visits)


def _order(label: str) -> int:
    group = read_group(label)
    return 0 if group is None else 1 if group[0] else 2


def _of(word: str, labels: Iterable[str], *, exact: bool) -> set[str]:
    return {label for label in labels if label == word or (not exact and label.partition("-")[0] == word)}
