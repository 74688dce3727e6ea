"""Panels whose labels belong to labels of another: a referrer's host to its channel, a system to its devices.

Everyone knows that an iPhone is no desktop, and our table of hosts and channels is public. So the labels of one family
add up to what the other panel tells of it, and what a panel hides in its one group can be told apart by family. Hence:

1. Labels are sealed family by family, each as if its total were public; the groups are published as one, which
   says less.
2. A family whose own total is hidden in the other panel, in a group of several families, is not told here either: all
   its labels go into the group. One that the blocks hide here and there may be told where the certificate
   of released labels holds for it, since that is what it amounts to.
3. A family's total must leave room for its own labels in the other panel's group: beside leads of k visits each for all
   that the small ones may amount to, as `table` asks of a whole group. Where it does not, all families of that group
   are told in one sum.
4. A campaign takes a visit out of its host's channel: `utm_medium=email` is no direct visit, though it has no referrer.
   So what both panels tell of a family may differ, and the difference is a cell that no row holds, as in `rests`: it is
   nothing or k visits and more, of each family that is told here and of all that are not; else the family joins these.
   A week judges the days that hid some of a family likewise (`week_rests`).

`desktop` stands for all systems of desks; phones and tablets share theirs; what else there is, is one family.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from ..counts.labels import UNKNOWN
from ..counts.referrer import CHANNELS
from .certificate import Group as Column
from .certificate import choose
from .known import COMMON
from .rests import is_safe_rest
from .rule import Rule
from .table import Count, Counts, Group, Table, in_order, seal_table, total

Family = Callable[[str], str]
"""Of a label."""

Blocks = Iterable[tuple[Counts, Table]]
"""The counts and the table of each block of the panel that tells the families."""

DESK, HAND, REST = "desk", "hand", "rest"

_SYSTEMS = {
    **dict.fromkeys(
        ("Windows", "Mac OS X", "Linux", "Ubuntu", "Fedora", "Chrome OS", "ChromeOS", "FreeBSD"), DESK
    ),
    **dict.fromkeys(
        ("Android", "iOS", "Windows Phone", "KaiOS", "BlackBerry OS", "Kindle", "Symbian OS"), HAND
    ),
}
_DEVICES = {"desktop": DESK, "mobile": HAND, "tablet": HAND}

LABELS = {"device": ("desktop", "mobile", "tablet", "other", UNKNOWN), "channel": CHANNELS}

PARENT = {"referrer": "channel", "system": "device"}


def families(panel: str, rule: Rule) -> tuple[Family, Family] | None:
    """(family of the panel's labels, family of its parent's labels), None for a panel without kin."""
    if panel == "system":
        return (lambda label: _SYSTEMS.get(label, REST)), (lambda label: _DEVICES.get(label, REST))
    if panel == "referrer" and rule.channel_of is not None:
        return rule.channel_of, str
    return None


def has_kin(parent: str, rule: Rule) -> bool:
    """Whether another panel's labels belong to this one's."""
    return _family_of_parent(parent, rule) is not None


def cut_of(panel: str, rule: Rule) -> Family | None:
    """The family by which a panel's groups are cut for its week: its own, or of a panel that tells families the one by
    which another tells of its groups, unless each label is a family of its own. None for any other panel."""
    kin = families(panel, rule)
    if kin is not None:
        return kin[0]
    family = _family_of_parent(panel, rule)
    if family is None or len({*map(family, LABELS[panel])}) == len(LABELS[panel]):
        return None
    return family


def _family_of_parent(parent: str, rule: Rule) -> Family | None:
    found = [families(child, rule) for child, name in PARENT.items() if name == parent]
    return found[0][1] if found and found[0] is not None else None


def seal_kin(
    panel: str, counts: Counts, parents: Blocks, rule: Rule, common: Sequence[str] = ()
) -> Table | None:
    """The sealed form of a panel with kin. None for fewer than k visits."""
    kin = families(panel, rule)
    if kin is None or total(counts).visits < rule.k:
        return seal_table(counts, rule, None, common)
    parents = list(parents)
    untold = _untold(parents, kin[1], LABELS[PARENT[panel]], rule)
    parts: dict[str, dict[str, Count]] = {}
    for label, count in counts.items():
        parts.setdefault(kin[0](label), {})[label] = count
    telling = _telling_rests(_rests(parts, parents, kin[1]), parts, untold, rule)
    untold |= telling
    tables = [
        None if name in untold else seal_table(part, rule, None, common)
        for name, part in sorted(parts.items())
    ]
    # A named lead has k visits at least, which would bound what its channel has beyond it.
    return _one(dict(zip(sorted(parts), tables, strict=True)), parts, rule, named=not telling)


def _rests(parts: Mapping[str, Counts], parents: Blocks, family: Family) -> dict[str, int]:
    """Visits of each family less those that the other panel has of it, in all blocks."""
    rests = {name: total(part).visits for name, part in parts.items()}
    for counts, _ in parents:
        for label, count in counts.items():
            rests[family(label)] = rests.get(family(label), 0) - count.visits
    return rests


def _telling_rests(
    rests: Mapping[str, int], parts: Mapping[str, Counts], untold: Collection[str], rule: Rule
) -> set[str]:
    """Families that are not told because of their rests. What stands together has a rest as well, that of all others
    with the sign turned. And it leaves those that joined the room of leads, as `table` asks: with no more visits
    than their own, the rest of one would be all that can be."""
    visits = {name: total(part).visits for name, part in parts.items()}
    told = {name for name, number in visits.items() if name not in untold and number >= rule.k}
    joined = {name for name in told if not is_safe_rest(rests[name], rule)}
    for name in in_order(told - joined, COMMON["channel"]):
        left = told - joined
        group = sum(visits.values()) - sum(visits[name] for name in left)
        roomy = not joined or group >= len(rests.keys() - left) * rule.k + rule.cap
        if roomy and is_safe_rest(sum(rests[name] for name in left), rule):
            break
        joined.add(name)
    return joined


def _one(
    tables: Mapping[str, Table | None], parts: Mapping[str, Counts], rule: Rule, *, named: bool
) -> Table:
    """The tables of all families as one. Where a family's leads have no names, none has."""
    shown: dict[str, Count] = {}
    hidden: dict[str, Count] = {}
    leads: list[str] = []
    group = Count()
    for name, table in tables.items():
        if table is None:
            group = group.plus(total(parts[name]))
            hidden |= {label: count for label, count in parts[name].items() if count.visits < rule.k}
            leads += [label for label, count in parts[name].items() if count.visits >= rule.k]
            continue
        shown |= table.shown
        if table.group is not None:
            group = group.plus(table.group.count)
            hidden |= table.group.hidden
            leads += table.group.leads
            named &= bool(table.group.leads) or total(table.group.hidden) == table.group.count
    hidden = {label: count for label, count in hidden.items() if count != Count()}
    if group == Count():
        return Table(shown, None)
    if _is_lone(group, hidden, rule):
        return Table({}, Group(group.plus(total(shown)), (), hidden))
    return Table(shown, Group(group, tuple(sorted(leads)) if named and shown else (), hidden))


def _is_lone(group: Count, hidden: Counts, rule: Rule) -> bool:
    """Whether what stands together of all families is itself a small cell, or too full."""
    if group.visits < rule.k:
        return True
    return total(hidden) == group and len(hidden) * rule.cap - group.visits < rule.width


def _untold(parents: Blocks, family: Family, labels: Sequence[str], rule: Rule) -> set[str]:
    """Families whose total must not be told: hidden somewhere among others, and not free by the certificate."""
    columns: list[tuple[dict[str, int], set[str]]] = []
    narrow: set[str] = set()
    for counts, table in parents:
        hidden = {name: counts.get(name, Count()) for name in {*labels, *counts} - table.shown.keys()}
        large = {family(name) for name, count in hidden.items() if count.visits >= rule.k}
        cells = _cells(hidden, family, rule, alone=not large)
        if len(cells) > 1:
            columns.append((cells, large))
            if any(_is_narrow(hidden, family, name, rule) for name in cells):
                narrow |= cells.keys()
    everyone = {name for cells, _ in columns for name in cells}
    if _may_all_be_told(columns, rule):
        return narrow
    leading = {name for _, large in columns for name in large}
    return narrow | (everyone - _released(columns, everyone - leading, rule))


def _is_narrow(hidden: Counts, family: Family, name: str, rule: Rule) -> bool:
    """Whether a family's total would leave its small labels in the group too little room."""
    mine = [count.visits for label, count in hidden.items() if family(label) == name]
    small = [visits for visits in mine if visits < rule.k]
    leads, room = len(mine) - len(small), len(small) * rule.cap
    if len(mine) < 2 or not any(small):
        return False
    return sum(mine) < leads * rule.k + room if leads else room - sum(small) < rule.width


def _may_all_be_told(columns: list[tuple[dict[str, int], set[str]]], rule: Rule) -> bool:
    """Whether all totals may be told. Blocks with the same leads are taken by themselves: what small cells give and
    take in one is made good by a lead that takes and gives in another, and the lead's own sum stays."""
    alike: dict[frozenset[str], list[tuple[dict[str, int], set[str]]]] = {}
    for column in columns:
        alike.setdefault(frozenset(column[1]), []).append(column)
    for leads, some in alike.items():
        small = {name for cells, _ in some for name, visits in cells.items() if visits} - leads
        if not leads or _released(some, small, rule) != small:
            return False
    return True


def _released(columns: list[tuple[dict[str, int], set[str]]], names: set[str], rule: Rule) -> set[str]:
    everyone = {name for cells, _ in columns for name in cells}
    groups = [
        Column(sum(cells.values()), None, bool(large), set(), dict(cells), labels=len(everyone))
        for cells, large in columns
    ]
    visits = {name: sum(cells.get(name, 0) for cells, _ in columns) for name in names}
    return choose(visits, groups, rule)


def _cells(hidden: Counts, family: Family, rule: Rule, *, alone: bool) -> dict[str, int]:
    """Visits of each family in a group. A group without leads may owe its room to labels that had no visits: then
    their families count as well, and that there were none must not be told either."""
    cells: dict[str, int] = {}
    rooms: dict[str, int] = {}
    for label, count in hidden.items():
        name = family(label)
        rooms[name] = rooms.get(name, 0) + rule.cap - count.visits
        if count != Count():
            cells[name] = cells.get(name, 0) + count.visits
    if cells and alone and any(rooms[name] < rule.width for name in cells):
        return {name: cells.get(name, 0) for name in rooms}
    return cells
