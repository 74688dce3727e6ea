"""Who was asked, and who sent a signal instead: `prompt:shown` and `prompt:signal` beside all visits.

Both are visits that stand in the panels of all visits too, so three numbers make a label's visits: asked, signalled,
and the rest, who have decided. Whoever has the visits and two of them has the third. Each is sealed as a part of the
visits whose rest is protected as well (`split`): first those asked; then, of labels whose asked are told, the
signals.

The consent state says it once more: those asked are undecided, and a signal is a state. Where a state stands in a
group, the number of those asked takes it out again, and what is left must be as safe as a group.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .known import COMMON, POSSIBLE
from .regions import Tables, country_of
from .rule import Rule
from .split import Split, Splits, added, seal_split, seal_split_regions
from .table import Count, Counts, Table, seal_table

SIDES = ("region", "device", "language")
"""Sides that all visits have as well."""

REST = "prompt:rest"
"""Panels of the rest, which only wait for the week, and are never published."""

STATES = {"shown": ("undecided",), "signal": ("undecided", "signal")}
"""States that are as good as told where an event is, with those before it."""

Panels = Mapping[str, Counts]
Named = Mapping[str, Collection[str]]
"""Side -> the labels that all visits name."""

Sealed = dict[str, Tables]
"""Panel -> its tables."""


def is_asked(panel: str) -> bool:
    return panel.startswith(("prompt:shown:", "prompt:signal:", REST))


def rest_panels(panels: Panels, visits: Panels) -> dict[str, Counts]:
    """Panels of the rest: `visits` are all visits by side."""
    return {f"{REST}:{side}": _rest(panels, side, visits.get(side, {})) for side in SIDES}


def _rest(panels: Panels, side: str, visits: Counts) -> Counts:
    asked, signals = (panels.get(f"prompt:{event}:{side}", {}) for event in ("shown", "signal"))
    found = {}
    for label in visits.keys() | asked.keys() | signals.keys():
        gone = asked.get(label, Count()).plus(signals.get(label, Count()))
        whole = visits.get(label, Count())
        found[label] = Count(whole.visits - gone.visits, whole.views - gone.views)
    return found


def seal_shown(panels: Panels, named: Named, rule: Rule) -> Sealed | None:
    """The panels of those asked; None where nothing may be published of them."""
    return _seal("shown", panels, ("signal", "rest"), named, rule)


def seal_signals(panels: Panels, named: Named, shown: Sealed, rule: Rule) -> Sealed | None:
    """The panels of signals, where those asked are published as `shown`."""
    told: dict[str, Collection[str]] = {}
    for side in SIDES:
        panel = f"prompt:shown:{side}"
        hidden = {label for label, count in panels.get(panel, {}).items() if count != Count()}
        if side == "region":  # visits may name a country as a whole, which asked have by its regions
            hidden |= {country_of(label) for label in hidden}
        tables = shown.get(panel, {})
        told[side] = {label for label in named[side] if label not in hidden} | (
            names_of(tables) & set(named[side])
        )
    return _seal("signal", panels, ("rest",), told, rule)


def names_of(tables: Tables) -> set[str]:
    """Labels that tables name, and the countries whose groups they name."""
    return {label for table in tables.values() for label in table.shown} | (tables.keys() - {""})


def _seal(event: str, panels: Panels, beside: tuple[str, ...], named: Named, rule: Rule) -> Sealed | None:
    sealed: Sealed = {}
    for side in SIDES:
        panel = f"prompt:{event}:{side}"
        splits = _splits(panels, panel, [f"prompt:{other}:{side}" for other in beside])
        tables = _side(splits, side, named[side], rule)
        if tables is None:
            return None
        sealed[panel] = tables
    banner = seal_table(panels.get(f"prompt:{event}:banner", {}), rule)
    if banner is None:
        return None
    return sealed | {f"prompt:{event}:banner": {"": banner}}


def _side(splits: Splits, side: str, named: Collection[str], rule: Rule) -> Tables | None:
    if side == "region":
        return seal_split_regions(splits, rule, named)
    table: Table | None = seal_split(splits, rule, COMMON.get(side, ()), splits.keys() - set(named))
    return None if table is None else {"": table}


def _splits(panels: Panels, panel: str, beside: list[str]) -> dict[str, Split]:
    part, rests = panels.get(panel, {}), [panels.get(name, {}) for name in beside]
    found = {}
    for label in sorted(part.keys() | {label for rest in rests for label in rest}):
        rest = Count()
        for counts in rests:
            rest = rest.plus(counts.get(label, Count()))
        found[label] = Split(part.get(label, Count()), rest)
    return found


def leaves_states_hidden(event: str, states: Mapping[str, tuple[Counts, Table]], rule: Rule) -> bool:
    """Whether each block's group of states stays safe when those of the event are told. `states` are the counts and
    the table of each block. Where blocks are many, sums over some of them may tell of each what the event is there."""
    return all(_leaves_hidden(STATES[event], *one, rule, alone=len(states) == 1) for one in states.values())


def _leaves_hidden(told: Collection[str], counts: Counts, table: Table, rule: Rule, *, alone: bool) -> bool:
    grouped = {name: count.visits for name, count in counts.items() if name not in table.shown}
    out = [grouped.pop(name) for name in told if grouped.get(name)]
    left = sum(grouped.values())
    if not out:
        return True
    if not alone and min(out) < rule.k:
        return False
    if left < rule.k:
        return left == 0
    large = sum(visits >= rule.k for visits in grouped.values())
    if large:
        return left >= large * rule.k + rule.cap
    room = (POSSIBLE["state"] - len(table.shown) - len(out)) * rule.cap
    return room - left >= rule.width


def rest_of(panels: Panels) -> int:
    """Visits that were neither asked nor signalled."""
    splits = _splits(panels, f"{REST}:device", [])
    return added(splits).part.visits
