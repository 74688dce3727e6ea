"""One panel of one population: a partition into cells that are shown and one group that is not told apart.

The total of a population is public, so what is hidden is public as a sum. Hence three rules.

1. Cells of k visits or more are shown; all others go into one group, `(other)`.
2. A group of fewer than k visits would be a small cell itself. It is joined by *leads*: shown cells, which the
   group then names ("mobile and others: 483"). Leads are taken in an order that was there before the counts (what is
   common everywhere last, else by label), never by size here: that would say something of the sizes ("the
   smallest, so the others are no smaller").
   Leads join until all that the small cells may amount to is possible beside leads of k visits each.
3. A group may also be too full: nine and nine of at most nine each are known exactly. The room between the
   most that the group can hold and what it holds must be as wide as the interval rule asks, else leads join
   as well. It is reckoned for someone who knows every label that there is.

Then each hidden cell stands in one published sum alone, and can be anything from nothing to k - 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .rule import Rule


class Count(NamedTuple):
    """Visits, which every threshold looks at, and views."""

    visits: int = 0
    views: int = 0

    def plus(self, other: Count) -> Count:
        return Count(self.visits + other.visits, self.views + other.views)


Counts = Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class Group:
    """`count` is published and covers `hidden`, the leads, and leads that it is too small to name."""

    count: Count
    leads: tuple[str, ...]
    hidden: Counts


@dataclass(frozen=True, slots=True)
class Table:
    """A partition of the population: every label is shown, in the group, or zero."""

    shown: Counts
    group: Group | None


def total(counts: Counts) -> Count:
    return Count(sum(c.visits for c in counts.values()), sum(c.views for c in counts.values()))


def seal_table(
    counts: Counts, rule: Rule, labels: int | None = None, common: Sequence[str] = ()
) -> Table | None:
    """The sealed form of one panel; `labels` is how many labels it can have, None where that is never sure.
    `common` are labels that lead last, the commonest first.

    None for fewer than k visits in all: the population itself is withheld then, with all its panels. No other
    panel of k visits or more is, since another panel of the same population would tell its total.
    """
    everything = total(counts)
    if everything.visits < rule.k:
        return Table({}, None) if everything == Count() else None
    shown = {label: count for label, count in counts.items() if count.visits >= rule.k}
    hidden = {label: count for label, count in counts.items() if count.visits < rule.k and count != Count()}
    if not hidden:
        return Table(shown, None)
    group = total(hidden)
    room = (max(labels or 0, len(counts)) - len(shown)) * rule.cap
    if group.visits >= rule.k and room - group.visits >= rule.width:
        return Table(shown, Group(group, (), hidden))
    most = max(rule.cap, room)
    leads: list[str] = []
    for label in in_order(shown, common):
        group = group.plus(shown.pop(label))
        leads.append(label)
        if group.visits >= len(leads) * rule.k + most:
            return Table(shown, Group(group, tuple(leads), hidden))
    # Everything is in the group, and its leads' names would say too much: each label may be nothing or
    # nearly everything. So it is where nothing but small cells is there, and they leave no room: nine and nine, told
    # as 18 without a name, may as well be sixteen and two.
    return Table(shown, Group(group, (), hidden))


def in_order(labels: Iterable[str], common: Sequence[str] = ()) -> list[str]:
    """Labels in the order in which they join a group."""
    rank = {label: len(common) - place for place, label in enumerate(common)}
    return sorted(labels, key=lambda label: (rank.get(label, 0), label))
