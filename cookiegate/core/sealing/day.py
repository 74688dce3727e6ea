"""All panels of one site and day: from exact cells to what is published, and what the week still holds.

The population of visits has one total and many panels; each panel is a partition of it (`table`). Panels that
are not about all visits (campaigns, prompts, robots, goals) are populations of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..counts.cells import Cell, label_of, parts_of
from ..counts.labels import OTHER, SEPARATOR
from .asked import (
    SIDES,
    is_asked,
    leaves_states_hidden,
    names_of,
    rest_panels,
    seal_shown,
    seal_signals,
)
from .blocks import Atom, Atoms, Path, blocks_of
from .kin import PARENT, seal_kin
from .known import COMMON, CUBE, POSSIBLE, VISITS
from .regions import Tables, seal_regions
from .rests import GOALS, TAGS, told_of
from .rule import Rule
from .table import Count, Counts, Table, seal_table, total

WITHHELD = "-"
"""The group of what no day has published, not even in a sum: a day too small, a late flush."""


DAY_SHOWN, DAY_HIDDEN = "+", "?"
"""Groups of a day's part in the uniques of its week and month."""


class Row(NamedTuple):
    """One published figure. `block` joins a block's path with "/"; a group's label begins with `(other)`."""

    panel: str
    block: str
    label: str
    visits: int
    views: int


class Piece(NamedTuple):
    """An exact small count that waits for its week to close. `group` is the group that hides it."""

    panel: str
    block: str
    group: str
    label: str
    visits: int
    views: int


@dataclass(slots=True)
class DaySeal:
    """What becomes of one day: rows are published, pieces kept for the week, uniques of longer periods added."""

    rows: list[Row] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


def seal_day(cells: Mapping[Cell, Count], rule: Rule) -> DaySeal:
    """Seal one site's day. Pure: the same cells give the same rows in the same order."""
    panels = by_panel(cells)
    seal = DaySeal()
    visits = _seal_visits(seal, panels, rule)
    _seal_asked(seal, panels, visits, rule)
    _seal_goals(seal, panels, rule)
    whole = {"total": total(panels.get("hour", {})).visits} if visits else {}
    _seal_nested(seal, "", {panel: panels[panel] for panel in TAGS if panel in panels}, whole, rule)
    for panel in sorted(panels.keys() - {*VISITS, *GOALS, *TAGS, "cube"}):
        if is_asked(panel):
            continue
        kind = panel.partition(":")[0]
        if kind == "unique":
            _seal_unique(seal, panel, total(panels[panel]), total(panels.get("unique:day", {})), rule)
        elif kind == "held":
            _seal_held(seal, panel, panels[panel], rule)
        else:
            _seal_free(seal, panel, panels[panel], rule)
    return seal


def by_panel(cells: Mapping[Cell, Count]) -> dict[str, dict[str, Count]]:
    panels: dict[str, dict[str, Count]] = {}
    for (panel, label), count in cells.items():
        panels.setdefault(panel, {})[label] = count
    return panels


def group_label(group: str, leads: Iterable[str]) -> str:
    """How a group is stored: `(other)`, the country it belongs to or "", and the cells that joined it."""
    return label_of(OTHER, group, *leads)


def read_group(label: str) -> tuple[str, tuple[str, ...]] | None:
    """(country or "", leads) of a group's label, None for any other label."""
    if not label.startswith(OTHER):
        return None
    _, group, *leads = parts_of(label)
    return group, tuple(leads)


# -- the population of visits


Entry = tuple[str, str, str, Table]
"""Panel, block, group, table."""

Entries = list[Entry]


def _seal_visits(seal: DaySeal, panels: Mapping[str, Counts], rule: Rule) -> Entries:
    """Seal all visits. Returns what is published of them, [] where the day is withheld."""
    everything = total(panels.get("hour", {}))
    if everything == Count():
        return []
    rows = list(_visit_rows(panels, everything, rule)) if everything.visits >= rule.k else [None]
    entries = [entry for entry in rows if entry is not None]
    if len(entries) < len(rows):
        seal.pieces += pieces_of(
            {(p, label): c for p in (*VISITS, "cube") for label, c in panels.get(p, {}).items()}
        )
        return []
    for entry in entries:
        _publish(seal, *entry)
    return entries


def _visit_rows(panels: Mapping[str, Counts], everything: Count, rule: Rule) -> Iterator[Entry | None]:
    yield "total", "", "", Table({"": everything}, None)
    atoms = {_atom(label): count for label, count in panels.get("cube", {}).items()}
    parents: dict[str, list[tuple[Counts, Table]]] = {name: [] for name in PARENT.values()}
    for path, block in blocks_of(atoms, rule):
        for entry in _block_rows(path, block, rule):
            yield entry
            if entry is not None and entry[0] in parents:
                parents[entry[0]].append((marginal(block, entry[0]), entry[3]))
    for panel in VISITS:
        counts = panels.get(panel, {})
        if panel == "referrer":
            counts = arrivals(counts)
        common = COMMON.get(panel, ())
        if panel in PARENT:
            sealed = seal_kin(panel, counts, parents[PARENT[panel]], rule, common)
        else:
            sealed = seal_table(counts, rule, POSSIBLE.get(panel), common)
        yield None if sealed is None else (panel, "", "", sealed)


def _block_rows(path: Path, atoms: Atoms, rule: Rule) -> Iterator[Entry | None]:
    name = "/".join(path)
    regions = seal_regions(marginal(atoms, "region"), rule)
    if regions is None:
        yield None
        return
    for group, table in regions.items():
        yield "region", name, group, table
    for depth, panel in enumerate(CUBE[1:], 1):
        possible = POSSIBLE[panel]
        if len(path) > depth and path[depth] == OTHER:
            possible = max(2, possible - 1)
        sealed = seal_table(marginal(atoms, panel), rule, possible, COMMON[panel])
        yield None if sealed is None else (panel, name, "", sealed)


def marginal(atoms: Atoms, panel: str) -> dict[str, Count]:
    """One side of the cube. A channel belongs to arrivals alone: its views are its visits."""
    side = CUBE.index(panel)
    counts: dict[str, Count] = {}
    for atom, count in atoms.items():
        if panel != "channel":
            counts[atom[side]] = counts.get(atom[side], Count()).plus(count)
        elif count.visits:
            counts[atom[side]] = counts.get(atom[side], Count()).plus(Count(count.visits, count.visits))
    return counts


def arrivals(counts: Counts) -> dict[str, Count]:
    return {label: Count(count.visits, count.visits) for label, count in counts.items() if count.visits}


def _atom(label: str) -> Atom:
    region, device, channel, state = parts_of(label)
    return region, device, channel, state


# -- those asked, and signals


def _seal_asked(seal: DaySeal, panels: Mapping[str, Counts], visits: Entries, rule: Rule) -> None:
    """Parts of all visits, sealed against them. A day that publishes no visits publishes none of these; what is too
    small waits for the week, and what would tell a state is forgotten."""
    if not any(map(is_asked, panels)):
        return
    atoms = {_atom(label): count for label, count in panels.get("cube", {}).items()}
    asked = {panel: counts for panel, counts in panels.items() if is_asked(panel)}
    asked |= rest_panels(asked, _sides(atoms, panels))
    events = ["shown", "signal"]
    if visits:
        named = {side: names_of(_tables_of(visits, side)) for side in SIDES}
        states = _states(atoms, visits, rule)
        shown = seal_shown(asked, named, rule)
        if not leaves_states_hidden("shown", states, rule):
            if len(states) > 1:
                return
            shown = None
        if shown is not None:
            events = ["signal"]
            publish_all(seal, shown)
            signals = seal_signals(asked, named, shown, rule)
            if not leaves_states_hidden("signal", states, rule):
                return
            if signals is not None:
                publish_all(seal, signals)
                return
    kept = tuple(f"prompt:{event}:" for event in (*events, "rest"))
    seal.pieces += _withheld({panel: counts for panel, counts in asked.items() if panel.startswith(kept)})


def _sides(atoms: Atoms, panels: Mapping[str, Counts]) -> dict[str, Counts]:
    return {side: panels.get(side, {}) if side in VISITS else marginal(atoms, side) for side in SIDES}


def _tables_of(visits: Entries, panel: str) -> Tables:
    """All tables of a panel in one: a label that one block names is named."""
    found: Tables = {}
    for name, _, group, table in visits:
        if name == panel:
            old = found.get(group)
            found[group] = Table({**(old.shown if old else {}), **table.shown}, None)
    return found


def _states(atoms: Atoms, visits: Entries, rule: Rule) -> dict[str, tuple[Counts, Table]]:
    tables = {block: table for panel, block, _, table in visits if panel == "state"}
    blocks = {"/".join(path): block for path, block in blocks_of(atoms, rule)}
    return {name: (marginal(blocks[name], "state"), table) for name, table in tables.items()}


def publish_all(seal: DaySeal, sealed: Mapping[str, Tables]) -> None:
    """Without pieces: what a day hides of these is not told by its week either, whose sums would have to be sealed
    against the visits of the week."""
    kept = list(seal.pieces)
    for panel, tables in sealed.items():
        for group, table in tables.items():
            _publish(seal, panel, "", group, table)
    seal.pieces = kept


# -- populations of their own


def _seal_free(seal: DaySeal, panel: str, counts: Counts, rule: Rule) -> None:
    if panel.endswith(":region"):
        tables: Tables | None = seal_regions(counts, rule)
    else:
        possible = POSSIBLE["device"] if panel.endswith(":device") else None
        table = seal_table(counts, rule, possible, COMMON.get(panel.rpartition(":")[2], ()))
        tables = None if table is None else {"": table}
    if tables is None:
        seal.pieces += pieces_of({(panel, label): count for label, count in counts.items()})
        return
    for group, table in tables.items():
        _publish(seal, panel, "", group, table)


def _seal_goals(seal: DaySeal, panels: Mapping[str, Counts], rule: Rule) -> None:
    """Each goal is a population: its channels and campaigns are sealed within it, as its block."""
    goals: dict[str, dict[str, dict[str, Count]]] = {}
    for panel in GOALS:
        for label, count in panels.get(panel, {}).items():
            goal, _, side = label.partition(SEPARATOR)
            goals.setdefault(goal, {}).setdefault(panel, {})[side] = count
    for goal, sides in sorted(goals.items()):
        _seal_nested(seal, goal, sides, {}, rule)


def _seal_nested(
    seal: DaySeal, block: str, sides: Mapping[str, Counts], wholes: Mapping[str, int], rule: Rule
) -> None:
    """Panels whose totals lie in one another, and in `wholes`, which are told (`rests`)."""
    told, waits = told_of({panel: total(counts).visits for panel, counts in sides.items()}, wholes, rule)
    for panel, counts in sides.items():
        table = seal_table(counts, rule) if panel in told else None
        if table is not None:
            _publish(seal, panel, block, "", table)
        elif panel in waits:
            seal.pieces += [
                Piece(panel, block, WITHHELD, label, *count)
                for label, count in sorted(counts.items())
                if count != Count()
            ]


def _seal_unique(seal: DaySeal, panel: str, count: Count, of_day: Count, rule: Rule) -> None:
    """A day's uniques are published from k on. Those of a week and a month wait for its end; their piece says
    whether the day's own figure is published, and holds it then as its views."""
    shown = of_day.visits >= rule.k
    if panel != "unique:day":
        group, known = (DAY_SHOWN, of_day.visits) if shown else (DAY_HIDDEN, count.visits)
        seal.pieces.append(Piece(panel, "", group, "", count.visits, known))
    elif shown:
        seal.rows.append(Row(panel, "", "", *count))


def _seal_held(seal: DaySeal, panel: str, counts: Counts, rule: Rule) -> None:
    """Calls that were held, in two significant figures. A site that has the same tags on every page would
    otherwise tell, by the exact number, how many views were *not* held: those of the few who granted."""
    for label, count in sorted(counts.items()):
        if count.visits >= rule.k:
            seal.rows.append(Row(panel, "", label, 0, _two_figures(count.views)))


def _two_figures(number: int) -> int:
    step: int = 10 ** max(1, len(str(number)) - 2)
    return (number + step // 2) // step * step


def _publish(seal: DaySeal, panel: str, block: str, group: str, table: Table) -> None:
    for label, count in sorted(table.shown.items()):
        seal.rows.append(Row(panel, block, label, *count))
    if table.group is not None:
        seal.rows.append(Row(panel, block, group_label(group, table.group.leads), *table.group.count))
        for label, count in sorted(table.group.hidden.items()):
            seal.pieces.append(Piece(panel, block, group, label, *count))


def pieces_of(cells: Mapping[Cell, Count]) -> list[Piece]:
    """Cells of a day that publishes nothing, as pieces of its week: of the cube, its sides alone."""
    panels = by_panel(cells)
    pieces: list[Piece] = []
    for panel in [name for name in panels if name.startswith("goal")]:
        for label, count in sorted(panels.pop(panel).items()):
            goal, _, side = label.partition(SEPARATOR)
            pieces.append(Piece(panel, goal, WITHHELD, side, *count))
    atoms = {_atom(label): count for label, count in panels.pop("cube", {}).items()}
    sides: dict[str, Counts] = {panel: marginal(atoms, panel) for panel in CUBE} if atoms else {}
    if any(map(is_asked, panels)):
        sides |= rest_panels(panels, _sides(atoms, panels))
    if "hour" in panels:
        sides["total"] = {"": total(panels["hour"])}
    if "referrer" in panels:
        panels["referrer"] = arrivals(panels["referrer"])
    return pieces + _withheld({**panels, **sides})


def _withheld(panels: Mapping[str, Counts]) -> list[Piece]:
    return [
        Piece(panel, "", WITHHELD, label, *count)
        for panel, counts in panels.items()
        if not panel.startswith("held:")
        for label, count in sorted(counts.items())
        if count != Count()
    ]
