"""Countries and their subdivisions: one partition of two levels.

A country of fewer than k visits goes into the group of all small countries. A country that is shown is a
population of its own, with a public total: its subdivisions are sealed within it, and what is hidden there is
a group of that country alone. Each visit stands in exactly one row.

Countries of fewer than `UNDIVIDED` times k visits show no subdivision at all: then nothing follows from one that
is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from .rule import Rule
from .table import Count, Counts, Group, Table, seal_table, total

UNDIVIDED = 3

Tables = dict[str, Table]
"""Group's name ("" for small countries, else a country) -> the labels shown beside it, and the group."""


def country_of(region: str) -> str:
    return region.partition("-")[0]


def seal_regions(counts: Counts, rule: Rule) -> Tables | None:
    """The tables of one population's regions; None where it is too small."""
    countries: dict[str, dict[str, Count]] = {}
    for region, count in counts.items():
        countries.setdefault(country_of(region), {})[region] = count
    sums = {name: total(parts) for name, parts in countries.items()}
    divided = {
        name: _country(name, parts, rule) for name, parts in countries.items() if sums[name].visits >= rule.k
    }
    full = [name for name, table in divided.items() if table is None]
    top = seal_table({name: count for name, count in sums.items() if name not in full}, rule)
    if top is None:
        return None
    tables: Tables = {"": _with_full(top, {name: sums[name] for name in full})}
    for name in sorted(top.shown):
        table = divided[name]
        if table is not None and (tables[""].group is None or name not in tables[""].group.leads):
            tables[name] = table
    return tables


def _with_full(top: Table, full: Counts) -> Table:
    """Countries whose subdivisions leave no room do not show their total either: they go among the small ones,
    with one more country beside them."""
    if not full:
        return Table({}, top.group)
    group = top.group or Group(Count(), (), {})
    leads = group.leads or tuple(sorted(top.shown)[:1])
    joined = {**full, **{name: top.shown[name] for name in leads if name in top.shown}}
    return Table({}, Group(group.count.plus(total(joined)), leads, group.hidden))


def _country(name: str, parts: Counts, rule: Rule) -> Table | None:
    """A region is written `GB-ENG`, `GB-` where its subdivision is not known; `GB` is the country as a whole."""
    if parts.keys() <= {name, f"{name}-"}:
        return Table({name: total(parts)}, None)
    if total(parts).visits < UNDIVIDED * rule.k:
        return Table({}, Group(total(parts), (), parts))
    return seal_table(parts, rule)


def shown_rows(tables: Tables) -> Iterator[tuple[str, Count]]:
    for table in tables.values():
        yield from table.shown.items()
