"""One visit more: which rows change, on every day, whether or not it moves a threshold.

python -m tests.sealing.test_one_more     # how often it moves one
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from itertools import takewhile

import pytest

from cookiegate.core.counts import parts_of
from cookiegate.core.sealing import Count, seal_day
from cookiegate.core.sealing.asked import is_asked
from cookiegate.core.sealing.blocks import blocks_of
from cookiegate.core.sealing.day import read_group
from cookiegate.core.sealing.known import CUBE, VISITS
from cookiegate.core.sealing.rests import TAGS

from .histories import adversarial_week, beside, joint_day, random_week
from .test_attack import RULE, SIZES

OWN = {*VISITS, *CUBE, "total"}


def day_of(visits, rng):
    more = beside(visits, rng)
    kept = ("utm_campaign", "bot", "goal", "prompt:accept")
    return joint_day(visits, rng) | {cell: count for cell, count in more.items() if cell[0].startswith(kept)}


def one_of(cells, rng):
    """A visit like those of the day: (the cells that it counts in, what they call it)."""
    atoms = {label: count.visits for (panel, label), count in cells.items() if panel == "cube"}
    atom = rng.choices(list(atoms), list(atoms.values()))[0]
    pages = {label: count.visits for (panel, label), count in cells.items() if panel == "page"}
    page = rng.choices(list(pages), list(pages.values()))[0]
    region, device, channel, _ = parts_of(atom)
    while True:  # the state is drawn with whether it was asked
        found = joint_day([(region, device, channel, parts_of(atom)[3], page)], rng)
        if ("cube", atom) in found:
            break
    return {cell: Count(count.visits, count.visits) for cell, count in found.items() if count.visits}


def with_it(cells, extra):
    found = dict(cells)
    for cell, count in extra.items():
        found[cell] = found.get(cell, Count()).plus(count)
    return found


@dataclass
class Sealed:
    """A day's rows: `named` by (panel, block, label), `groups` by (panel, block, country) with their leads."""

    named: dict
    groups: dict
    blocks: frozenset

    @classmethod
    def of(cls, cells):
        named, groups = {}, {}
        for row in seal_day(cells, RULE).rows:
            group = read_group(row.label)
            if group is None:
                named[row.panel, row.block, row.label] = row.visits
            else:
                groups[row.panel, row.block, group[0]] = (row.visits, group[1])
        atoms = {parts_of(label): count for (panel, label), count in cells.items() if panel == "cube"}
        blocks = frozenset("/".join(path) for path, _ in blocks_of(atoms, RULE)) if named else frozenset()
        return cls(named, groups, blocks)

    def keys(self):
        return set(self.named), {(place, leads) for place, (_, leads) in self.groups.items()}

    def sums(self):
        found = defaultdict(int)
        for (panel, block, _), visits in self.named.items():
            found[panel, block] += visits
        for (panel, block, _), (visits, _) in self.groups.items():
            found[panel, block] += visits
        return found


def labels_of(extra):
    """What the visit's cells are called in each panel. A country's row may stand for its region."""
    found = defaultdict(set)
    for panel, label in extra:
        if panel == "cube":
            for side, name in zip(CUBE, parts_of(label), strict=True):
                found[side].add(name)
        else:
            found[panel].add(label)
    for panel in [panel for panel in found if panel.endswith("region")]:
        found[panel] |= {label.partition("-")[0] for label in found[panel]}
    found["total"] = {""}
    return found


def cut_anew(one, other):
    """The part of the population that is cut into other blocks than before: the beginning that all their paths have
    in common. None where the blocks are the same."""
    changed = [block.split("/") for block in one.blocks ^ other.blocks]
    if not changed:
        return None
    levels = zip(*(path[:-1] for path in changed), strict=False)
    return [names[0] for names in takewhile(lambda names: len(set(names)) == 1, levels)]


def lies_in(block, beginning):
    return block.split("/")[: len(beginning)] == beginning if block else not beginning


def check(before, after, labels):
    anew = cut_anew(before, after)
    mine = set(labels) | {panel for panel, *_ in [*before.groups, *after.groups, *before.named, *after.named]
                          if is_asked(panel) or panel in TAGS}  # fmt: skip
    stays = [key for key in before.named.keys() & after.named.keys()
             if key[0] not in CUBE or anew is None or not lies_in(key[1], anew)]  # fmt: skip
    changed = [key for key in stays if before.named[key] != after.named[key]]
    for key in changed:
        assert after.named[key] - before.named[key] == 1, key
        assert key[2] in labels[key[0]], key
    assert len({(panel, label) for panel, _, label in changed}) == len(changed), (
        "one block alone has the visit"
    )
    come_or_gone = {key[0] for key in before.named.keys() ^ after.named.keys()}
    come_or_gone |= {key[0] for key in before.groups.keys() ^ after.groups.keys()}
    assert come_or_gone <= mine, "a panel without the visit has other rows"
    for key in before.groups.keys() & after.groups.keys():
        panel, block, _ = key
        (visits, leads), (now, leads_now) = before.groups[key], after.groups[key]
        same = leads == leads_now and {k for k in before.named if k[:2] == (panel, block)} == {
            k for k in after.named if k[:2] == (panel, block)
        }
        if visits != now:
            assert panel in mine, key
            if same and (panel not in CUBE or anew is None or not lies_in(block, anew)):
                others = {k for k in before.groups.keys() ^ after.groups.keys() if k[:2] == (panel, block)}
                assert others or now - visits == 1, key
    sums, now = before.sums(), after.sums()
    for place in sums.keys() & now.keys():
        if anew is None or place[0] not in CUBE or not lies_in(place[1], anew):
            assert now[place] - sums[place] in (0, 1), place


def cases(size, shape, days, visits):
    for seed in range(days):
        cells = shape(size, seed, day_of)[seed % 7]
        if not any(panel == "cube" and count.visits for (panel, _), count in cells.items()):
            continue
        before = Sealed.of(cells)
        for turn in range(visits):
            extra = one_of(cells, random.Random(f"{seed}-{turn}"))
            yield before, Sealed.of(with_it(cells, extra)), labels_of(extra)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
def test_one_more_visit_changes_only_what_contains_it(size, shape):
    """Rows that are there before and after differ by nothing, or by one where they are of the visit. Rows come and go in
    panels that contain it, and in those of who was asked and of campaigns, whose rest it may be; a group changes by what joins or
    leaves it. Where a part of the population reaches the size of a block, that part is cut anew."""
    checked = 0
    for before, after, labels in cases(size, shape, 7 if size < 1000 else 3, 6):
        check(before, after, labels)
        checked += 1
    assert checked >= 12


def figures():
    for size in SIZES:
        for shape in (random_week, adversarial_week):
            found = list(cases(size, shape, 30 if size < 1000 else 12, 8))
            moved = [before.keys() != after.keys() for before, after, _ in found]
            anew = [cut_anew(before, after) is not None for before, after, _ in found]
            others = [
                any(
                    label not in labels[panel] for panel, _, label in before.named.keys() ^ after.named.keys()
                )
                for before, after, labels in found
            ]
            panels = sum(
                len({key[0] for key in before.named.keys() ^ after.named.keys()})
                for before, after, _ in found
            )
            print(
                f"{size} {shape.__name__}: {len(found)} visits, {100 * sum(moved) / len(found):.0f} % move a threshold, "
                f"{100 * sum(anew) / len(found):.1f} % a block, {100 * sum(others) / len(found):.0f} % names of others, "
                f"{panels / len(found):.2f} panels name other labels"
            )


if __name__ == "__main__":
    figures()
