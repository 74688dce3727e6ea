"""A panel whose every label falls into two parts, one published and the other known by subtraction.

How many visits a label had is published, and how many of them were asked: so it is known how many were not, and
those have decided. The rest is a cell like any other, although no row holds it. Hence the rules of `table`, for both
parts at once:

1. A label is named where its part has k visits or more, and its rest as many, or none at all.
2. All others go into one group, which has k visits or more in both parts, or none in one.
3. Leads join it until there is room for each hidden part and each hidden rest, and no label is named that its own
   panel of all visits does not name: the part alone would say how much the label has at least.

A group of everything has no names (see `table`): each label may be nothing or nearly everything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from .known import COMMON
from .regions import UNDIVIDED, Tables, country_of
from .rule import Rule
from .table import Count, Group, Table, in_order, total


class Split(NamedTuple):
    """A label's visits and views: of the published part, and of the rest."""

    part: Count = Count()
    rest: Count = Count()

    def plus(self, other: Split) -> Split:
        return Split(self.part.plus(other.part), self.rest.plus(other.rest))


Splits = Mapping[str, Split]


def added(splits: Splits) -> Split:
    parts, rests = zip(*splits.values(), strict=True) if splits else ((), ())
    return Split(_sum(parts), _sum(rests))


def _sum(counts: Sequence[Count]) -> Count:
    return total(dict(enumerate(counts)))  # type: ignore[arg-type]


def is_small(count: Count, rule: Rule) -> bool:
    """Something, but less than a cell may be."""
    return count != Count() and count.visits < rule.k


def seal_split(
    splits: Splits, rule: Rule, common: Sequence[str] = (), unnamed: Collection[str] = ()
) -> Table | None:
    """The sealed form of the parts. `unnamed` are labels that all visits do not name. None where the whole of a part
    is small, or of the rest: nothing of this population can stand beside all visits then."""
    whole = added(splits)
    if whole.part == Count():
        return Table({}, None)
    if is_small(whole.part, rule) or is_small(whole.rest, rule):
        return None
    hidden = {
        name: one for name, one in splits.items() if is_small(one.part, rule) or is_small(one.rest, rule)
    }
    shown = {name: one for name, one in splits.items() if name not in hidden and one.part != Count()}
    leads = {name: shown.pop(name) for name in sorted(shown.keys() & set(unnamed))}
    for label in [*in_order(shown, common), None]:
        if not hidden and not leads:
            return Table(_parts(shown), None)
        if _is_safe(hidden, leads, rule):
            return _grouped(shown, hidden, leads)
        if label is not None:
            leads[label] = shown.pop(label)
    return Table({}, Group(whole.part, (), _parts(hidden)))


def _grouped(shown: Splits, hidden: Splits, leads: Splits) -> Table:
    part = added({**hidden, **leads}).part
    if part == Count():
        return Table(_parts(shown), None)
    # Named alone, and with nothing beside it, a group of everything would say too much.
    names = tuple(leads) if shown else ()
    return Table(_parts(shown), Group(part, names, _parts(hidden)))


def _parts(splits: Splits) -> dict[str, Count]:
    return {name: one.part for name, one in splits.items() if one.part != Count()}


def _is_safe(hidden: Splits, leads: Splits, rule: Rule) -> bool:
    """Whether each hidden cell of the group can be anything that a small cell can be, or moves by the rule's width."""
    whole = added({**hidden, **leads})
    if is_small(whole.part, rule) or is_small(whole.rest, rule):
        return False
    if not leads:
        return whole.part == Count() or _has_room(hidden, rule)
    free = added(leads)
    needed = rule.k * len(leads) + rule.cap
    return free.part.visits >= needed and (whole.rest == Count() or free.rest.visits >= needed)


def _has_room(hidden: Splits, rule: Rule) -> bool:
    """Of each label the part is small, or its rest: then the part is its visits less a small cell. Their sum is known,
    and must not be near the least nor near the most that it can be."""
    for one, other in ((0, 1), (1, 0)):
        filled = sum(
            both[one].visits if both[one].visits < rule.k else rule.cap - both[other].visits
            for both in hidden.values()
        )
        if filled < rule.width or len(hidden) * rule.cap - filled < rule.width:
            return False
    return True


def seal_split_regions(splits: Splits, rule: Rule, named: Collection[str]) -> Tables | None:
    """The same for countries and their subdivisions: see `regions`. `named` are the labels that all visits name, and
    the countries whose groups they name."""
    countries: dict[str, dict[str, Split]] = {}
    for region, split in splits.items():
        countries.setdefault(country_of(region), {})[region] = split
    sums = {name: added(parts) for name, parts in countries.items()}
    known = {country_of(label) for label in named}
    top = seal_split(sums, rule, COMMON["country"], sums.keys() - known)
    if top is None:
        return None
    tables: Tables = {"": Table({}, top.group)}
    for name in sorted(top.shown):
        part, parts = top.shown[name], countries[name]
        if parts.keys() <= {name, f"{name}-"}:
            tables[name] = Table({name: part}, None)
        elif part.visits < UNDIVIDED * rule.k:
            tables[name] = Table({}, Group(part, (), {}))
        else:
            sealed = seal_split(parts, rule, COMMON["region"], parts.keys() - set(named))
            assert sealed is not None, "a country that is shown is large in both parts"
            tables[name] = sealed
    return tables
