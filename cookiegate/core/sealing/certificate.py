"""Which labels a week may release, so that nothing hidden can be solved for.

A week is a table of labels by groups: each group of each day has published its sum (a column), and a released
label publishes its own (a row). Rows and columns cross in the hidden cells, so a row is released only under a
certificate: for each of its cells, other numbers exist that give the same rows and columns.

The move behind it: take d visits from the label in one group and add them in another of its groups; let the
labels that are never released do the opposite. All sums stay. It is possible while cells stay between 0 and
k - 1 and the unreleased visits of a group, its *reserve*, suffice. So:

* every group keeps a reserve of k visits or more; then its unreleased cells stay as free as the day left them;
* a row has k visits or more, and every cell of it between 1 and k - 1 can move by the rule's width.

The reserve is counted as k however large it is, so that a later release never spoils an earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .rule import Rule


@dataclass(slots=True)
class Group:
    """One hidden group of a day. `total` is its published sum, None where nothing of it was published;
    `closed` are the labels that it cannot hold."""

    total: int | None
    country: str | None = None
    has_lead: bool = False
    closed: set[str] = field(default_factory=set)
    cells: dict[str, int] = field(default_factory=dict)
    released: int = 0
    rows: int = 0
    """Visits of released labels, and how many such labels the group can hold."""
    never: int = 0
    """Visits of labels that are too few to be released, whatever happens."""
    labels: int = 0
    """How many labels it can hold at most."""

    @property
    def unnamed(self) -> bool:
        """Whether a cell of k visits or more joined the group without being named: which one, is not known here,
        and it may be any that has no piece."""
        return not self.has_lead and (self.total or 0) > sum(self.cells.values())

    @property
    def reserve(self) -> int | None:
        return None if self.total is None else self.total - self.released

    def can_hold(self, label: str) -> bool:
        """Whether, for all that is published, the group may hold the label. `country` is None outside regions,
        "" for the group of small countries."""
        if label in self.closed or (self.total is not None and self.unnamed):
            return False
        if self.country is None:
            return True
        return label.startswith(f"{self.country}-") if self.country else "-" not in label


def choose(visits: dict[str, int], groups: list[Group], rule: Rule) -> set[str]:
    """The labels to release: large ones first, each under the certificate, and all of them under it at last."""
    chosen: list[str] = []
    for label in sorted(visits, key=lambda name: (-visits[name], name)):
        if visits[label] < rule.k:
            break
        _release(label, groups, 1)
        if _keeps_reserve(label, groups, rule) and row_is_free(label, groups, rule):
            chosen.append(label)
        else:
            _release(label, groups, -1)
    while chosen and not _all_free(chosen, groups, rule):
        _release(chosen.pop(), groups, -1)
    return set(chosen)


def _release(label: str, groups: list[Group], sign: int) -> None:
    for group in groups:
        group.released += sign * group.cells.get(label, 0)
        group.rows += sign * (label in group.cells or group.can_hold(label))


def _keeps_reserve(label: str, groups: list[Group], rule: Rule) -> bool:
    for group in groups:
        reserve = group.reserve
        if reserve is not None and group.cells.get(label) and reserve < rule.k:
            return False
    return True


def row_is_free(label: str, groups: list[Group], rule: Rule) -> bool:
    """Whether each small cell of the row can move by the rule's width, the row's sum staying."""
    holds = [group for group in groups if label in group.cells or group.can_hold(label)]
    sizes = [group.cells.get(label, 0) for group in holds]
    # What a group can give up of the label, and take of it, against its reserve.
    gives = [min(size, _takes(group, rule)) for size, group in zip(sizes, holds, strict=True)]
    takes = [
        min(max(0, rule.cap - size), _gives(group, rule)) for size, group in zip(sizes, holds, strict=True)
    ]
    for place, size in enumerate(sizes):
        if not 0 < size < rule.k:
            continue
        up = min(takes[place], sum(gives) - gives[place])
        down = min(gives[place], sum(takes) - takes[place])
        if up + down < rule.width:
            return False
    return True


def _gives(group: Group, rule: Rule) -> int:
    """Visits that the reserve can give: k whatever it is. A withheld day is known to be small: there only what
    certainly stays can."""
    return rule.k if group.total is not None else group.never


def _takes(group: Group, rule: Rule) -> int:
    """Visits that unreleased labels can take. With few labels, each of at most k - 1, that may be little."""
    if group.total is None or group.has_lead or group.unnamed:
        return rule.cap
    return max(0, (group.labels - group.rows) * rule.cap - (group.reserve or 0))


def _all_free(chosen: list[str], groups: list[Group], rule: Rule) -> bool:
    rest = sum(group.reserve or 0 for group in groups if group.total is not None)
    rest += sum(
        n for group in groups if group.total is None for name, n in group.cells.items() if name not in chosen
    )
    if 0 < rest < rule.k:
        return False
    gone = set(chosen)
    return all(row_is_free(label, groups, rule) for label in chosen) and all(
        _rest_is_free(group, gone, rule) for group in groups if group.total is not None
    )


def _rest_is_free(group: Group, gone: set[str], rule: Rule) -> bool:
    """Whether the unreleased cells of a group can still move among themselves."""
    released = {label for label in gone if group.cells.get(label)}
    if group.has_lead or group.unnamed or not released:
        return True
    reserve = group.reserve or 0
    free = (group.labels - group.rows) * rule.cap - reserve
    for label, size in group.cells.items():
        if label not in gone and 0 < size < rule.k:
            up = min(rule.cap - size, reserve - size)
            down = min(size, max(0, free - (rule.cap - size)))
            if up + down < rule.width:
                return False
    return True
