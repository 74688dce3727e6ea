"""A population cut into disjoint blocks by country, device class and channel, as far as each stays large.

Why blocks, and no published cube of all combinations: a cell of the cube and the panels that it adds up to are
equations about the same visits, and with some cells shown the rest can be solved for. In disjoint blocks
every visit stands in one block, and a block publishes nothing but panels, each a partition of its own. Panels
of one population leave each combination an interval at least as wide as the narrower of the two has (Fréchet's
bounds), and blocks share no visit, so nothing can be subtracted from anything.

A filter by country, device or channel adds up whole blocks. A small site is one block: its panels lose nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..counts.labels import OTHER
from .rule import Rule
from .table import Count

Atom = tuple[str, str, str, str]
"""Region, device, channel, consent state."""

Atoms = Mapping[Atom, Count]
Path = tuple[str, ...]
"""Country, device and channel of a block, as far as it is cut; `(other)` stands for all that were not."""

DEPTH = 3


def blocks_of(atoms: Atoms, rule: Rule, path: Path = ()) -> Iterator[tuple[Path, dict[Atom, Count]]]:
    """The blocks of a population, each with its atoms: a partition of them."""
    if len(path) == DEPTH or path[-1:] == (OTHER,):
        yield path, dict(atoms)
        return
    parts: dict[str, dict[Atom, Count]] = {}
    for atom, count in atoms.items():
        parts.setdefault(_part_of(atom, len(path)), {})[atom] = count
    visits = {name: sum(count.visits for count in part.values()) for name, part in parts.items()}
    large = [name for name in sorted(parts) if visits[name] >= rule.block]
    small = parts.keys() - set(large)
    # What is left must be a large block too. By name, not by size: see `table`.
    while small and large and sum(visits[name] for name in small) < rule.block:
        small = small | {large.pop(0)}
    if not large:
        yield path, dict(atoms)
        return
    for name in large:
        yield from blocks_of(parts[name], rule, (*path, name))
    if small:
        yield (*path, OTHER), {atom: count for name in small for atom, count in parts[name].items()}


def _part_of(atom: Atom, depth: int) -> str:
    return atom[0].partition("-")[0] if depth == 0 else atom[depth]
