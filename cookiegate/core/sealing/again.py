"""Published rows of a day once more, under a higher threshold: what may be shown to somebody who shall see less.

Nothing but published rows is looked at, so it tells nobody more than is published. But whoever has these rows alone
shall not work out a figure below the higher threshold either, not even across panels:

* panels of all visits, and those that are populations of their own, are sealed once more as they are (`table`);
* hosts stand beside channels, and systems beside devices (`kin`): they are sealed family by family, each as if its
  total were told, and a family whose total the other panel hides is not told at all. What its published group has of a
  family is counted as one small label;
* channels and campaigns of goals, and fields of campaigns, give way to the totals around them once more (`rests`);
* those asked, and signals, are told as one sum where their consent state is, with which it says nothing new, and by
  banner. By region, device and language they are not told: beside these visits a label's prompts would be an equation;
* uniques are those of weeks: three series over the same visitors would be bounds of each other.

What joined a group is named no more, since it was named for the lower threshold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .asked import STATES, is_asked
from .day import Row, group_label, read_group
from .kin import LABELS, PARENT, Family, families
from .known import COMMON, CUBE, VISITS
from .regions import UNDIVIDED, country_of
from .rests import GOALS, TAGS, told_of, wholes_of
from .rule import Rule
from .table import Count, Counts, in_order, total

GROUP = group_label("", ())

Rows = Sequence[Row]
Day = Mapping[str, Rows]
"""Panel -> its published rows of one day."""

NOT_AGAIN = ("unique:day", "unique:month")
"""Panels that are not told under a higher threshold."""


def beside(panel: str) -> tuple[str, ...]:
    """The panels that must be there to seal a panel once more."""
    if is_asked(panel):
        return ("state",)
    if panel in PARENT:
        return ("total", PARENT[panel])
    if wholes_of(panel):
        return wholes_of(panel)
    return ("total",) if panel in {*VISITS, *CUBE} else ()


def seal_again(panel: str, day: Day, rule: Rule) -> list[Row]:
    """The rows of a panel that stand under `rule`, whose k is higher than the one that they were sealed with. `day`
    has the panel and those `beside` it."""
    rows = day.get(panel, ())
    kind = panel.partition(":")[0]
    if panel in NOT_AGAIN:
        return []
    if kind in ("total", "unique"):
        return [row for row in rows if row.visits >= rule.k]
    if kind == "held":
        return [row for row in rows if row.views >= rule.k]
    if panel in {*VISITS, *CUBE} and not any(row.visits >= rule.k for row in day.get("total", ())):
        return []
    if is_asked(panel):
        return _asked(panel, rows, day.get("state", ()), rule)
    kin = families(panel, rule)
    if kin is not None:
        return _kin(
            panel, rows, _totals(PARENT[panel], day.get(PARENT[panel], ()), kin[1], rule), kin[0], rule
        )
    return _tables(panel, _beside_wholes(panel, rows, day, rule), rule)


def _beside_wholes(panel: str, rows: Rows, day: Day, rule: Rule) -> Rows:
    """The rows of the blocks whose total stands beside the totals around it, as on the day itself (`rests`)."""
    if not wholes_of(panel):
        return rows
    sides = next(some[: some.index(panel) + 1] for some in (GOALS, TAGS) if panel in some)
    everything = _whole(day.get("total", ())).visits if panel in TAGS else 0
    wholes = {"total": everything} if everything >= rule.k else {}
    kept = set()
    for block in {row.block for row in rows}:
        found = {name: sum(row.visits for row in day.get(name, ()) if row.block == block) for name in sides}
        if panel in told_of({name: visits for name, visits in found.items() if visits}, wholes, rule)[0]:
            kept.add(block)
    return [row for row in rows if row.block in kept]


# -- panels by themselves


class Rest(NamedTuple):
    """What a published group has: visits, and how many labels are known to have joined it."""

    visits: int = 0
    leads: int = 0


def _tables(panel: str, rows: Rows, rule: Rule) -> list[Row]:
    blocks: dict[str, list[Row]] = {}
    for row in rows:
        blocks.setdefault(row.block, []).append(row)
    table = _regions if panel.endswith("region") else _table
    return [row for found in blocks.values() for row in table(panel, found, rule)]


def _table(panel: str, rows: Rows, rule: Rule) -> list[Row]:
    counts = {row.label: _count(row) for row in rows if read_group(row.label) is None}
    whole = _whole(rows)
    if whole.visits < rule.k:
        return []
    named = _named(counts, _rest(rows, ""), rule, COMMON.get(panel.rpartition(":")[2], ()))
    return _rows(panel, rows[0].block, "", named, whole)


def _regions(panel: str, rows: Rows, rule: Rule) -> list[Row]:
    """Two levels, as `regions` has them: a country that is not told is in the group of countries as a whole."""
    countries: dict[str, list[Row]] = {}
    for row in rows:
        group = read_group(row.label)
        countries.setdefault(country_of(row.label) if group is None else group[0], []).append(row)
    whole, block = _whole(rows), rows[0].block
    if whole.visits < rule.k:
        return []
    sums = {name: _whole(found) for name, found in countries.items() if name}
    told = _named(sums, _rest(rows, ""), rule, COMMON["country"])
    found = _rows(panel, block, "", told, whole)
    out = [row for row in found if read_group(row.label) is not None]
    for name, count in told.items():
        mine = countries[name]
        if [row.label for row in mine] == [name]:
            out += mine
            continue
        parts = {row.label: _count(row) for row in mine if read_group(row.label) is None}
        divided = count.visits >= UNDIVIDED * rule.k
        named = _named(parts, _rest(mine, name), rule, COMMON["region"]) if divided else {}
        out += _rows(panel, block, name, named, count)
    return out


def _rows(panel: str, block: str, group: str, named: Counts, whole: Count) -> list[Row]:
    """The rows of labels that are named, and of the group that holds the rest of the whole."""
    found = [Row(panel, block, label, *count) for label, count in named.items()]
    kept = total(named)
    rest = Count(whole.visits - kept.visits, whole.views - kept.views)
    return found if rest == Count() else [*found, Row(panel, block, group_label(group, ()), *rest)]


def _count(row: Row) -> Count:
    return Count(row.visits, row.views)


def _whole(rows: Rows) -> Count:
    return Count(sum(row.visits for row in rows), sum(row.views for row in rows))


def _rest(rows: Rows, name: str) -> Rest:
    found = [(row.visits, read_group(row.label)) for row in rows]
    groups = [(visits, group[1]) for visits, group in found if group is not None and group[0] == name]
    return Rest(sum(visits for visits, _ in groups), sum(len(leads) for _, leads in groups))


def _named(part: Counts, rest: Rest, rule: Rule, common: Sequence[str]) -> dict[str, Count]:
    """The labels that are named of a partition; none where all must stand together. A published group is no lead:
    nothing but small cells may be in it."""
    shown = {label: count for label, count in part.items() if count.visits >= rule.k}
    small = sum(count.visits for label, count in part.items() if label not in shown)
    group, slots = small + rest.visits, len(part) - len(shown)
    slots += rest.leads + 1 if rest.visits else 0
    if group == 0 or (group >= rule.k and _has_room(slots, group, rest, rule)):
        return shown
    for number, label in enumerate(in_order(shown, common), 1):
        group += shown.pop(label).visits
        if group >= number * rule.k + max(1, slots) * rule.cap:
            return shown
    return {}


def _has_room(slots: int, group: int, rest: Rest, rule: Rule) -> bool:
    """Whether a group that nothing of the threshold may have joined is not too full. A published group without leads
    has at least the room that the lower threshold left to each of its cells, and the difference of the thresholds.
    One with leads may have as little as its leads leave, but is not full where it is so large that it must hold
    many cells of less than the lower threshold, unless a lead is large."""
    if rest.visits and not rest.leads:
        return True
    return slots * rule.cap - group >= rule.width or rest.visits >= (rest.leads + rule.width) * rule.cap > 0


# -- hosts beside channels, systems beside devices


def _totals(parent: str, rows: Rows, family: Family, rule: Rule) -> dict[str, int]:
    """The families whose total the other panel tells under the rule, and that total."""
    told: dict[str, dict[str, int]] = {row.block: {} for row in rows}
    grouped = set()
    for row in _tables(parent, rows, rule):
        if read_group(row.label) is None:
            told[row.block][row.label] = row.visits
        else:
            grouped.add(row.block)
    hidden = {
        family(label)
        for block, shown in told.items()
        if block in grouped or not shown
        for label in LABELS[parent]
        if label not in shown
    }
    totals = {family(label): 0 for label in LABELS[parent] if family(label) not in hidden}
    for shown in told.values():
        for label, visits in shown.items():
            if family(label) in totals:
                totals[family(label)] += visits
    return totals


def _kin(panel: str, rows: Rows, totals: Mapping[str, int], family: Family, rule: Rule) -> list[Row]:
    whole = _whole(rows)
    if whole.visits < rule.k:
        return []
    parts: dict[str, dict[str, Count]] = {}
    joined: dict[str, int] = {}
    for row in rows:
        group = read_group(row.label)
        if group is None:
            parts.setdefault(family(row.label), {})[row.label] = _count(row)
        for lead in group[1] if group is not None else ():
            joined[family(lead)] = joined.get(family(lead), 0) + 1
    named: dict[str, Count] = {}
    for name, part in parts.items():
        rest = Rest(totals.get(name, -1) - total(part).visits, joined.get(name, 0))
        if rest.visits >= 0:
            named |= _named(part, rest, rule, COMMON.get(panel, ()))
    if 0 < whole.visits - total(named).visits < rule.k:
        named = {}
    return _rows(panel, "", "", named, whole)


# -- those asked, and signals


def _asked(panel: str, rows: Rows, states: Rows, rule: Rule) -> list[Row]:
    _, event, side = panel.split(":")
    whole = _whole(rows)
    if whole.visits < rule.k or not _is_told(STATES[event][-1], whole.visits, states, rule):
        return []
    return _tables(panel, rows, rule) if side == "banner" else [Row(panel, "", GROUP, *whole)]


def _is_told(state: str, visits: int, rows: Rows, rule: Rule) -> bool:
    """Whether all blocks tell how many visits are of the state, so that an event's sum says nothing new."""
    told: dict[str, dict[str, int]] = {row.block: {} for row in rows}
    grouped = set()
    for row in _tables("state", rows, rule):
        if read_group(row.label) is None:
            told[row.block][row.label] = row.visits
        else:
            grouped.add(row.block)
    if any(state not in shown and (block in grouped or not shown) for block, shown in told.items()):
        return False
    left = sum(shown.get(state, 0) for shown in told.values()) - visits
    return left == 0 or left >= rule.k


# -- weeks


def week_again(panel: str, rows: Iterable[Row], rule: Rule, *, is_told: bool) -> list[Row]:
    """What a week adds: what it releases has left a group, and what is too few goes back into it. Released figures are
    of cells below the lower threshold, each protected by it. `is_told`: whether the week's total of what
    its days withheld is; of a panel of all visits, nothing else than what leaves groups for labels comes without it."""
    kind = panel.partition(":")[0]
    if panel in NOT_AGAIN or is_asked(panel):
        return []
    if kind in ("total", "unique"):
        return [row for row in rows if row.visits >= rule.k]
    blocks: dict[str, list[Row]] = {}
    for row in rows:
        blocks.setdefault(row.block, []).append(row)
    return [row for found in blocks.values() for row in _released(panel, found, rule, is_told=is_told)]


def _released(panel: str, rows: Rows, rule: Rule, *, is_told: bool) -> list[Row]:
    if not is_told:
        return []
    left = {group[0]: Count(row.visits, row.views) for row in rows if (group := read_group(row.label))}
    labels = {row.label: Count(row.visits, row.views) for row in rows if read_group(row.label) is None}
    back = [label for label, count in labels.items() if count.visits < rule.k]
    for label in [*back, *in_order(labels.keys() - set(back), COMMON.get(panel, ()))]:
        if label not in back and not 0 < left.get("", Count()).visits < rule.k:
            break
        country = country_of(label) if panel.endswith("region") and "-" in label else ""
        name = country if country in left else ""
        left[name] = left.get(name, Count()).plus(labels.pop(label))
    if 0 < sum(count.visits for count in [*labels.values(), *left.values()]) < rule.k:
        return []
    block = rows[0].block
    groups = [Row(panel, block, group_label(name, ()), *count) for name, count in left.items()]
    found = [Row(panel, block, label, *count) for label, count in labels.items()]
    return found + [row for row in groups if row.visits or row.views]
