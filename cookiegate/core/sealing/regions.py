"""Countries and their subdivisions: one partition of two levels.

A country of fewer than k visits goes into the group of all small countries. A country that is shown is a
population of its own, with a public total: its subdivisions are sealed within it, and what is hidden there is
a group of that country alone. Each visit stands in exactly one row.

Countries of fewer than `UNDIVIDED` times k visits show no subdivision at all: then nothing follows from one that
is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from .known import COMMON
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
    top = seal_table(sums, rule, None, COMMON["country"])
    if top is None:
        return None
    tables: Tables = {"": Table({}, top.group)}
    for name in sorted(top.shown):
        tables[name] = _country(name, countries[name], rule)
    return tables


def _country(name: str, parts: Counts, rule: Rule) -> Table:
    """A region is written `GB-ENG`, `GB-` where its subdivision is not known; `GB` is the country as a whole."""
    if parts.keys() <= {name, f"{name}-"}:
        return Table({name: total(parts)}, None)
    if total(parts).visits < UNDIVIDED * rule.k:
        return Table({}, Group(total(parts), (), parts))
    return seal_table(parts, rule, None, COMMON["region"]) or Table({}, None)


def shown_rows(tables: Tables) -> Iterator[tuple[str, Count]]:
    for table in tables.values():
        yield from table.shown.items()
