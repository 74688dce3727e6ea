"""What the days of a week hid, added up label by label, and released once where nothing can be solved for.

Which labels those are, `certificate` says. What is not released is destroyed with the pieces. Weeks alone are such
periods: a week does not nest in a month, and two families of sums over the same cells would be solved against
each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from ..counts.labels import OTHER
from .asked import SIDES, Sealed, is_asked, rest_of, seal_shown, seal_signals
from .certificate import Group, choose, row_is_free
from .day import (
    WITHHELD,
    DaySeal,
    Piece,
    Row,
    group_label,
    publish_all,
    read_group,
)
from .kin import PARENT, Family, cut_of, families, has_kin
from .known import CUBE, POSSIBLE, VISITS
from .regions import country_of
from .rule import Rule
from .table import Count, Counts
from .uniques import EndedMonth, seal_unique_week
from .week_rests import keep_rests, telling_labels

Place = tuple[int, str, str]
"""Day, block and group."""

LATE = -1
"""The day of pieces that came with a late flush."""

VISIT_PANELS = frozenset({*VISITS, *CUBE})
DECIDED = frozenset({"denied", "partial", "granted"})


def seal_week(
    pieces: Iterable[tuple[int, Piece]],
    rows: Iterable[tuple[int, Row]],
    rule: Rule,
    ended: EndedMonth | None = None,
) -> list[Row]:
    """The rows that a week adds to its days' rows: released labels, and what leaves `(other)` for them.

    `pieces` and `rows` come with their day (-1: a late flush). The visits of days that were withheld count
    only if the week's total of them can be released. `ended` is the month that ended within the week.
    """
    by_panel = _by_panel(pieces)
    published = _rows_by_panel(rows)
    out: list[Row] = []
    for (panel, _), found in sorted(by_panel.items()):
        if panel.startswith("unique:"):
            out += seal_unique_week(found, rule, ended)
    keep_rests(by_panel, rule)
    total = by_panel.get(("total", ""), [])
    withheld = _released_total(total, rule)
    if withheld is not None:
        out.append(withheld)
    for (panel, block), found in sorted(by_panel.items()):
        if panel == "total" or panel.startswith("unique:") or is_asked(panel):
            continue
        told = published.get((panel, block), [])
        if panel not in VISIT_PANELS:
            out += _apart(panel, block, found, told, rule)
            continue
        some = found if withheld is not None else _in_groups(found)
        place = PARENT.get(panel, ""), ""
        days = _days_of_one_block([*found, *by_panel.get(place, [])], published.get(place, []))
        telling = telling_labels(panel, days, by_panel, published, rule)
        out += _released(panel, block, some, told, rule, telling)
    decided = sum(row.visits for row in out if row.panel == "state" and row.label in DECIDED)
    asked = [entry for (panel, _), some in by_panel.items() if is_asked(panel) for entry in some]
    return out + _asked(asked, decided, rule)


def _apart(
    panel: str, block: str, found: list[tuple[int, Piece]], told: list[tuple[int, Row]], rule: Rule
) -> list[Row]:
    """Of a population of its own, what its days told in groups and what they withheld, each as if the other were not
    there. Nobody tells the sum of what was withheld, and what leaves the groups is published: a figure of both
    would tell, with it, how much of it came from the days that were withheld."""
    out = _released(panel, block, _in_groups(found), told, rule)
    sums = {row.label: row for row in out}
    for row in _released(panel, block, [entry for entry in found if entry[1].group == WITHHELD], [], rule):
        if read_group(row.label) is None:
            old = sums.get(row.label, row._replace(visits=0, views=0))
            sums[row.label] = row._replace(visits=row.visits + old.visits, views=row.views + old.views)
    return [sums[label] for label in sorted(sums, key=lambda label: (read_group(label) is not None, label))]


def _in_groups(found: list[tuple[int, Piece]]) -> list[tuple[int, Piece]]:
    return [entry for entry in found if entry[1].group != WITHHELD]


def _asked(found: list[tuple[int, Piece]], decided: int, rule: Rule) -> list[Row]:
    """Those asked on days that could not tell them, as one population; and signals likewise. `decided` are visits
    in states that the week has told: of the rest as many as of any group must stay untold."""
    days = {day for day, piece in found if piece.panel.startswith("prompt:shown:")}
    panels = _panels(found)
    named = {
        side: {label for panel, counts in panels.items() if panel.endswith(f":{side}") for label in counts}
        for side in SIDES
    }
    mine = _panels([entry for entry in found if entry[0] in days])
    shown: Sealed | None = seal_shown(mine, named, rule)
    left = rest_of(mine) - decided
    if shown is None or (decided and left and left < rule.k):
        shown = {}
    seal = DaySeal()
    publish_all(seal, shown)
    publish_all(seal, seal_signals(panels, named, shown, rule) or {})
    return seal.rows


def _panels(found: Iterable[tuple[int, Piece]]) -> dict[str, Counts]:
    panels: dict[str, dict[str, Count]] = defaultdict(dict)
    for _, piece in found:
        old = panels[piece.panel].get(piece.label, Count())
        panels[piece.panel][piece.label] = old.plus(Count(piece.visits, piece.views))
    return dict(panels)


def _by_panel(pieces: Iterable[tuple[int, Piece]]) -> dict[tuple[str, str], list[tuple[int, Piece]]]:
    found: dict[tuple[str, str], list[tuple[int, Piece]]] = defaultdict(list)
    for day, piece in pieces:
        found[piece.panel, piece.block if piece.panel.startswith("goal") else ""].append((day, piece))
    return found


def _rows_by_panel(rows: Iterable[tuple[int, Row]]) -> dict[tuple[str, str], list[tuple[int, Row]]]:
    found: dict[tuple[str, str], list[tuple[int, Row]]] = defaultdict(list)
    for day, row in rows:
        found[row.panel, row.block if row.panel.startswith("goal") else ""].append((day, row))
    return found


def _released_total(found: list[tuple[int, Piece]], rule: Rule) -> Row | None:
    groups = [Group(None, cells={"": piece.visits}, never=rule.cap) for _, piece in _merged(found)]
    visits = sum(group.cells[""] for group in groups)
    views = sum(piece.views for _, piece in found)
    if visits < rule.k or not row_is_free("", groups, rule):
        return None
    return Row("total", "", "", visits, views)


def _merged(found: list[tuple[int, Piece]]) -> Iterator[tuple[int, Piece]]:
    """Late flushes of several days come as several pieces of one label."""
    sums: dict[tuple[int, str, str, str], Piece] = {}
    for day, piece in found:
        key = (day, piece.block, piece.group, piece.label)
        old = sums.get(key)
        more = (0, 0) if old is None else (old.visits, old.views)
        sums[key] = piece._replace(visits=piece.visits + more[0], views=piece.views + more[1])
    for key, piece in sums.items():
        yield key[0], piece


def _released(
    panel: str,
    block: str,
    found: list[tuple[int, Piece]],
    rows: list[tuple[int, Row]],
    rule: Rule,
    barred: Collection[str] = (),
) -> list[Row]:
    """The week's rows of a panel, or of a part of it. Labels that are `barred` are not released."""
    merged = list(_merged(found))
    family = cut_of(panel, rule)
    # A late flush has no groups, and what the other panel tells of it by family would be equations with its labels.
    kin = families(panel, rule) is not None or has_kin(panel, rule)
    late = [entry for entry in merged if kin and entry[0] == LATE]
    merged = [entry for entry in merged if not kin or entry[0] != LATE]
    if has_kin(panel, rule):
        merged = _of_one_block(merged, rows)
    groups = _groups(panel, *((merged, rows) if family is None else _by_family(family, merged, rows, rule)))
    visits: dict[str, int] = defaultdict(int)
    views: dict[str, int] = defaultdict(int)
    for _, piece in merged:
        visits[piece.label] += piece.visits
        views[piece.label] += piece.views
    known = visits.keys() | {row.label for _, row in rows if read_group(row.label) is None}
    possible = POSSIBLE.get(panel.rpartition(":")[2], 0)
    for (_, _, name), group in groups.items():
        if family is not None and name and name != WITHHELD:
            group.closed |= {label for label in known if family(label) != name}
        group.labels = max(sum(map(group.can_hold, known)), possible - len(group.closed))
        group.never = sum(size for label, size in group.cells.items() if visits[label] < rule.k)
    open_ = {label: number for label, number in visits.items() if label not in barred}
    labels = choose(open_, list(groups.values()), rule)
    if not labels and not any(piece.group == WITHHELD for _, piece in [*merged, *late]):
        return []
    out = [Row(panel, block, label, visits[label], views[label]) for label in sorted(labels)]
    out += _left(panel, block, _moved(merged, late, labels), _within_countries(panel, out, rows))
    return out


def _of_one_block(merged: list[tuple[int, Piece]], rows: list[tuple[int, Row]]) -> list[tuple[int, Piece]]:
    """What may be released of a panel that tells families. Of a day of several blocks, the other panel may tell what a
    label has in all of them: a figure of the week would then be taken apart by days."""
    days = _days_of_one_block(merged, rows)
    return [(day, piece) for day, piece in merged if day in days]


def _days_of_one_block(found: list[tuple[int, Piece]], rows: list[tuple[int, Row]]) -> set[int]:
    """Of the days of pieces; a late flush is none."""
    blocks: dict[int, set[str]] = defaultdict(set)
    for day, row in rows:
        blocks[day].add(row.block)
    return {day for day, _ in found if day != LATE and len(blocks[day]) < 2}


def _by_family(
    family: Family, found: list[tuple[int, Piece]], rows: list[tuple[int, Row]], rule: Rule
) -> tuple[list[tuple[int, Piece]], list[tuple[int, Row]]]:
    """A group of several families as one of each: what a family has in it may be known by the panel that tells
    families (`kin`). Of its leads no more is counted than they have at least."""
    pieces: dict[int, list[Piece]] = defaultdict(list)
    for day, piece in found:
        pieces[day].append(piece)
    cut_rows: list[tuple[int, Row]] = []
    cut: set[int] = set()
    for day, row in rows:
        group = read_group(row.label)
        if group is None:
            cut_rows.append((day, row))
            continue
        sums: dict[str, int] = defaultdict(int)
        for piece in pieces[day]:
            if piece.group != WITHHELD:
                sums[family(piece.label)] += piece.visits
        if not group[1] and sum(sums.values()) < row.visits:
            cut_rows.append((day, row))
            continue
        cut.add(day)
        for name in sorted({*sums, *map(family, group[1])}):
            leads = [label for label in group[1] if family(label) == name]
            label, visits = group_label(name, leads), sums[name] + rule.k * len(leads)
            cut_rows.append((day, row._replace(label=label, visits=visits)))
    cut_pieces = [
        (day, piece._replace(group=family(piece.label)) if day in cut and piece.group != WITHHELD else piece)
        for day, piece in found
    ]
    return cut_pieces, cut_rows


def _moved(merged: list[tuple[int, Piece]], late: list[tuple[int, Piece]], labels: set[str]) -> list[int]:
    """Visits and views that come to what is told together, or leave it for released labels; nothing of `late` is in
    these."""
    moved = [sum(piece.visits for _, piece in late), sum(piece.views for _, piece in late)]
    for _, piece in merged:
        # What was withheld came into the total with this week; of a population of its own see `_apart`.
        sign = (piece.label in labels) - (piece.group == WITHHELD)
        moved[0] -= sign * piece.visits
        moved[1] -= sign * piece.views
    return moved


def _within_countries(
    panel: str, released: list[Row], rows: list[tuple[int, Row]]
) -> dict[str, tuple[int, int]]:
    """{country: visits and views} that its released subdivisions took from its own groups, not from the group of
    small countries: without this a country would count them twice. At most what its groups hold: the rest was
    withheld with its day, and how much that was is told to nobody. So it follows from what is published."""
    if not panel.endswith("region"):
        return {}
    taken: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    held: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in released:
        if "-" in row.label:
            _add(taken[country_of(row.label)], row)
    for _, row in rows:
        group = read_group(row.label)
        if group is not None and group[0]:
            _add(held[group[0]], row)
    return {
        name: (min(visits, held[name][0]), min(views, held[name][1]))
        for name, (visits, views) in sorted(taken.items())
        if held[name][0]
    }


def _add(sums: list[int], row: Row) -> None:
    sums[0] += row.visits
    sums[1] += row.views


def _left(panel: str, block: str, moved: list[int], within: dict[str, tuple[int, int]]) -> list[Row]:
    """The rows that correct groups: each country's own, and the group of all."""
    out = [
        Row(panel, block, group_label(name, ()), -visits, -views) for name, (visits, views) in within.items()
    ]
    rest = [whole + sum(part[place] for part in within.values()) for place, whole in enumerate(moved)]
    if rest != [0, 0]:
        out.append(Row(panel, block, group_label("", ()), *rest))
    return out


def _groups(panel: str, found: list[tuple[int, Piece]], rows: list[tuple[int, Row]]) -> dict[Place, Group]:
    groups: dict[Place, Group] = {}
    shown: dict[tuple[int, str], set[str]] = defaultdict(set)
    for day, row in rows:
        group = read_group(row.label)
        if group is not None:
            name, leads = group
            country = name if panel.endswith("region") else None
            groups[day, row.block, name] = Group(row.visits, country, bool(leads))
            shown[day, row.block].update(leads)
        if group is None or name:
            shown[day, row.block].add(row.label if group is None else name)
            if panel.endswith("region"):
                shown[day, row.block].add(country_of(row.label if group is None else name))
    for (day, block, name), group_of_day in groups.items():
        group_of_day.closed = shown[day, block] - {name}
    for day, piece in found:
        place = (day, piece.block, piece.group)
        groups.setdefault(place, Group(None)).cells[piece.label] = piece.visits
    return groups


def other_of(rows: Iterable[Row]) -> int:
    """Visits of all groups among `rows`: what is hidden, as a page tells it beside a panel."""
    return sum(row.visits for row in rows if row.label.startswith(OTHER))
