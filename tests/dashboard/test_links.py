"""Whoever has a link alone gets no figure below the link's own threshold out of all that it shows.

The attacker of tests/sealing, over the rows that a link shows: every panel, days beside their week, hosts beside channels,
systems beside devices, those asked beside states. Unknowns are the visits of each label in each block on each day. It is
told in which group each hidden label is, which groups a label of the threshold or more has joined, and which days a
week's figure is made of.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict

import pytest

from cookiegate.core.counts import parts_of
from cookiegate.core.sealing import Count, Row, Rule, again, seal_day, seal_week
from cookiegate.core.sealing.asked import STATES
from cookiegate.core.sealing.blocks import blocks_of
from cookiegate.core.sealing.day import CUBE, WITHHELD, arrivals, by_panel, marginal, read_group
from cookiegate.core.sealing.kin import families
from cookiegate.core.sealing.periods import month_of
from cookiegate.core.sealing.regions import UNDIVIDED
from cookiegate.core.sealing.table import total
from cookiegate.core.sealing.week import VISIT_PANELS
from cookiegate.dashboard.thrift import Thrifty
from cookiegate.stores import MemoryStore

from ..sealing.attacker import Equations, add_limit, is_in_week, parts_of_week
from ..sealing.histories import K, adversarial_week, beside, joint_day, random_week
from ..sealing.outcomes import Tally
from ..sealing.test_attack import IN_GOALS, IN_VISITS, RULE, SIZES, _told, weeks
from .conftest import SITE
from .test_attack import Window

MONDAY = 20461
OWN = ("utm_campaign", "bot", "prompt:accept:device", "prompt:reject:language", "prompt:accept:region",
       "prompt:shown:banner", "goal:channel")  # fmt: skip
SYSTEMS = (("referrer", "channel"), ("system", "device"), ("state",), ("region",), ("hour",), ("page",), ("browser",),
           ("language",), *((panel,) for panel in OWN))  # fmt: skip
"""Panels that say something of each other, together."""


def day_with_all(visits, rng):
    """A day's visits, and what is counted beside them."""
    more = beside(visits, rng)
    kept = ("utm_", "bot", "goal", "prompt:accept", "prompt:reject")
    return joint_day(visits, rng) | {cell: count for cell, count in more.items() if cell[0].startswith(kept)}


class Link:
    """A week behind a link: what it shows, and the truth."""

    def __init__(self, days, k):
        self.rule, self.days = Rule(k, channel_of=RULE.channel_of), days
        self.found = {}
        store = MemoryStore()
        seals = [seal_day(cells, RULE) for cells in days]
        rows = [(day, row) for day, seal in enumerate(seals) for row in seal.rows]
        self.pieces = [(day, piece) for day, seal in enumerate(seals) for piece in seal.pieces]
        week = seal_week(self.pieces, rows, RULE)
        for day, seal in enumerate(seals):
            store.close_day(SITE, MONDAY + day, lambda _, seal=seal: seal)
        store.close_week(SITE, MONDAY, lambda *_: week)
        self.store, self.has_total = store, any(row.panel == "total" for row in week)
        self.figures = Thrifty(store, self.rule)

    def rows(self, panel):
        return [(day - MONDAY, row) for day, row in self.figures.rows(SITE, panel, MONDAY, MONDAY + 6)]

    def week(self, panel):
        return [row for _, row in self.figures.week_rows(SITE, panel, MONDAY, MONDAY + 6)]

    def published(self, panel):
        return [(day - MONDAY, row) for day, row in self.store.rows(SITE, panel, MONDAY, MONDAY + 6)]

    def counts(self, panel, day, piece):
        """Whether a week's figure holds a piece: of days that withheld visits it does only with their total."""
        if not is_in_week(panel, day, self.published(panel), self.rule):
            return False
        if panel in VISIT_PANELS:
            return piece.group != WITHHELD or self.has_total
        parts = self.parts(panel, piece.block)
        if piece.group != WITHHELD:
            return piece.label in parts.grouped
        return day in parts.days and piece.label in parts.withheld

    def parts(self, panel, block):
        """Of what a week's figures are made, in a population of its own."""
        if (panel, block) not in self.found:
            rows, pieces = (
                [entry for entry in some if not panel.startswith("goal") or entry[1].block == block]
                for some in (self.published(panel), self.pieces)
            )
            self.found[panel, block] = parts_of_week(panel, rows, pieces, RULE)
        return self.found[panel, block]

    def truth(self, panel):
        """(day, block) -> label -> visits."""
        found = {}
        for day, cells in enumerate(self.days):
            panels = by_panel(cells)
            atoms = {parts_of(label): count for label, count in panels.get("cube", {}).items()}
            if panel in CUBE:
                for path, block in blocks_of(atoms, RULE):
                    found[day, "/".join(path)] = marginal(block, panel)
            elif panel.startswith("goal"):
                for label, count in panels.get(panel, {}).items():
                    goal, *side = parts_of(label)
                    found.setdefault((day, goal), {})["".join(side)] = count
            elif panel == "total":
                found[day, ""] = {"": total(panels.get("hour", {}))}
            elif panel in panels:
                found[day, ""] = arrivals(panels[panel]) if panel == "referrer" else panels[panel]
        return {place: {name: c.visits for name, c in some.items()} for place, some in found.items()}


def add_shown(equations, link, panel):
    """All that a panel's rows say. Returns the protected cells."""
    rows, truth = link.rows(panel), link.truth(panel)
    labels = {label for some in truth.values() for label in some}
    wanted = {}
    for (day, block), cells in truth.items():
        mine = [row for d, row in rows if (d, row.block) == (day, block)]
        shown = {row.label for row in mine if read_group(row.label) is None}
        groups = {read_group(row.label)[0]: row.visits for row in mine if read_group(row.label) is not None}
        members = defaultdict(list)
        for label in labels - shown if mine else ():
            country = label.partition("-")[0] if panel.endswith("region") and "-" in label else ""
            if not country or country not in shown:
                members[country if country in groups else ""].append(label)
        for name, some in members.items():
            if name not in groups:
                assert not any(cells.get(label) for label in some), (panel, day, block, some)
                continue
            for label in some:
                equations.variable((panel, day, block, label))
                if 0 < cells.get(label, 0) < link.rule.k:
                    wanted[panel, day, block, label] = cells[label]
            equations.add([equations.places[panel, day, block, label] for label in some], groups[name])
            units = defaultdict(list)
            for label in some:
                by_country = panel.endswith("region") and not name
                units[label.partition("-")[0] if by_country else label].append(label)
            add_caps(equations, link.rule, (panel, day, block), units, cells, shown, groups[name])
    for row in link.week(panel):
        if read_group(row.label) is None:
            places = [
                equations.variable((panel, day, piece.block, row.label))
                for day, piece in link.pieces
                if (piece.panel, piece.label) == (panel, row.label)
                and link.counts(panel, day, piece)
                # A goal is a population of its own; of all others a week tells no blocks.
                and (not panel.startswith("goal") or piece.block == row.block)
            ]
            assert places, row
            equations.add(places, row.visits)
    return wanted


def add_caps(equations, rule, place, units, cells, shown, visits):
    """A hidden label, or country, is below the threshold; unless one that is not has joined the group, whose name is
    not told, or may have: where nothing else is told, or the country is too small to be divided."""
    joined = any(sum(cells.get(label, 0) for label in some) >= rule.k for some in units.values())
    name = next(iter(units)).partition("-")[0]
    beside = [label for label in shown if not place[0].endswith("region") or label.startswith(f"{name}-")]
    undivided = place[0].endswith("region") and not beside and visits < UNDIVIDED * rule.k
    if joined or undivided or (not shown and len(units) * rule.cap - visits < rule.width):
        return
    for some in units.values():
        add_limit(equations, [(*place, label) for label in some], rule.cap)


def terms_of(equations, link, panel, day, of):
    """(terms, known): what a day's rows and unknowns of a panel say of each name that `of` gives a label."""
    terms, known = defaultdict(list), defaultdict(int)
    rows = [row for d, row in link.rows(panel) if d == day]
    for row in rows:
        if read_group(row.label) is None:
            known[of(row.label)] += row.visits
    for block in {row.block for row in rows}:
        for name in list(equations.places):
            if name[:3] == (panel, day, block) and len(name) == 4:
                terms[of(name[3])].append((equations.places[name], 1.0))
    return terms, known


def add_families(equations, link, child, parent):
    """Labels of a family add up to what the other panel shows of it."""
    own, theirs = families(child, link.rule)
    for day in range(7):
        if not any(d == day for d, _ in link.rows(child)) or not any(d == day for d, _ in link.rows(parent)):
            continue
        (mine, told), (other, told_there) = (
            terms_of(equations, link, panel, day, of) for panel, of in ((child, own), (parent, theirs))
        )
        for name in mine.keys() | other.keys() | told.keys() | told_there.keys():
            sums = [*mine[name], *((at, -1.0) for at, _ in other[name])]
            if sums:
                equations.sums.append((sums, told_there[name] - told[name]))
            else:
                assert told[name] == told_there[name]


def add_asked(equations, link):
    """Those asked are undecided, and signals are a state. Returns the protected rests: all who were not asked."""
    wanted = {}
    for day in range(7):
        terms, known = terms_of(equations, link, "state", day, str)
        if not terms and not known:
            continue
        mine = [term for state, some in terms.items() if state != "undecided" for term in some]
        rest = equations.variable(("unasked", day))
        equations.sums.append(
            ([*mine, (rest, -1.0)], -sum(visits for state, visits in known.items() if state != "undecided"))
        )
        truth = [cells for (d, _), cells in link.truth("state").items() if d == day]
        visits = sum(n for cells in truth for state, n in cells.items() if state != "undecided")
        if 0 < visits < link.rule.k:
            wanted["unasked", day] = visits
    for event, states in STATES.items():
        for side in ("region", "device", "language", "banner"):
            for day in range(7):
                rows = [row for d, row in link.rows(f"prompt:{event}:{side}") if d == day]
                if rows:
                    terms, known = terms_of(equations, link, "state", day, str)
                    asked = sum(row.visits for row in rows)
                    assert terms[states[-1]] or known[states[-1]] == asked
                    if terms[states[-1]]:
                        equations.sums.append((terms[states[-1]], asked - known[states[-1]]))
    return wanted


def add_rests(equations, link, whole, part):
    """What is left of a total beyond one that lies in it, in each goal on each day. Returns the protected rests."""
    wanted = {}
    larger, smaller = link.truth(whole), link.truth(part)
    for day, block in larger:
        name = ("rest", day, block, whole, part)
        equations.sums.append(
            (
                [
                    *((at, sign) for panel, sign in ((whole, 1.0), (part, -1.0))
                      for at in untold(equations, link, panel, day, block)),
                    (equations.variable(name, 0, 10_000.0), -1.0),
                ],
                float(told(link, part, day, block) - told(link, whole, day, block)),
            )
        )  # fmt: skip
        left = sum(larger[day, block].values()) - sum(smaller.get((day, block), {}).values())
        if 0 < left < link.rule.k:
            wanted[name] = left
    return wanted


def told(link, panel, day, block):
    return sum(row.visits for d, row in link.rows(panel) if (d, row.block) == (day, block))


def untold(equations, link, panel, day, block):
    """The unknowns of a day that says nothing of a panel: what its week has of the labels, and of all others."""
    if told(link, panel, day, block):
        return []
    found = [
        at for name, at in equations.places.items() if name[:3] == (panel, day, block) and len(name) == 4
    ]
    return [*found, equations.variable(("others", panel, day, block), 0, 10_000.0)]


def rests_outcome(link, chain, seed):
    equations, wanted = Equations(), {}
    for panel in dict.fromkeys(itertools.chain(*chain)):
        wanted |= add_shown(equations, link, panel)
    for whole, part in chain:
        wanted |= add_rests(equations, link, whole, part)
    return _told(equations, wanted, seed)


def outcome(link, panels, seed):
    equations, wanted = Equations(), {}
    for panel in panels:
        wanted |= add_shown(equations, link, panel)
    if len(panels) == 2:
        add_families(equations, link, *panels)
    if panels == ("state",):
        wanted |= add_asked(equations, link)
    return _told(equations, wanted, seed)


LINK_WEEKS = {30: 3, 100: 2, 1000: 1, 5000: 1}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
@pytest.mark.parametrize("k", [K + 2, 2 * K, 5 * K, 10 * K])
def test_nothing_below_a_links_threshold_is_solved_for(size, shape, k):
    found = []
    for seed in weeks(LINK_WEEKS[size]):
        link = Link(shape(size, seed, day_with_all), k)
        found += [outcome(link, panels, seed) for panels in SYSTEMS]
    # A site of thirty visits a day shows hardly a day to a link of fifty.
    Tally.of(f"a link of {k}", found).holds(100 if size >= 2 * k else -1)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
@pytest.mark.parametrize("chain", [IN_GOALS, IN_VISITS], ids=["goals", "campaigns"])
def test_no_rest_below_a_links_threshold_is_solved_for(size, shape, chain):
    found = [
        rests_outcome(Link(shape(size, seed, day_with_all), k), chain, seed)
        for seed in weeks(LINK_WEEKS[size])
        for k in (K + 2, 2 * K, 5 * K)
    ]
    Tally.of("rests of goals and campaigns behind a link", found).holds(0)


@pytest.mark.parametrize("chain", [IN_GOALS, IN_VISITS], ids=["goals", "campaigns"])
def test_the_attack_on_rests_solves_what_a_rule_would_have_kept(chain, monkeypatch):
    monkeypatch.setattr(again, "_beside_wholes", lambda _, rows, *rest: rows)
    found = [
        rests_outcome(Link(random_week(1000, seed, day_with_all), 2 * K), chain, seed) for seed in range(3)
    ]
    _, exact, _ = map(sum, zip(*found, strict=True))
    assert exact > 2


def full_week(size, seed, cells):
    """Two devices of eleven visits each beside the others: under a threshold of twelve, 22 is all that two can hold."""
    few = [
        ("GB-ENG", device, "direct", "denied", "/") for device in ("mobile", "tablet") for _ in range(K + 1)
    ]
    rest = [("GB-ENG", "desktop", "direct", "denied", "/")] * (size - len(few))
    return [cells([*few, *rest], random.Random(seed)) for _ in range(7)]


@pytest.mark.parametrize(
    ("name", "off", "shape", "size", "panels"),
    [("families", None, random_week, 1000, SYSTEMS[:2]), ("_is_told", True, random_week, 100, SYSTEMS[2:3]),
     ("_has_room", True, full_week, 1000, (("device",),))],
    ids=["kin", "states", "room"],
)  # fmt: skip
def test_the_attack_solves_what_a_rule_would_have_kept(name, off, shape, size, panels, monkeypatch):
    """So that it is no blank."""
    monkeypatch.setattr(again, name, lambda *_: off)
    found = []
    for seed in range(4):
        for k in (K + 2, 2 * K):
            link = Link(shape(size, seed, day_with_all), k)
            found += [outcome(link, some, seed) for some in panels]
    _, exact, near = map(sum, zip(*found, strict=True))
    assert exact + near > 2


@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
def test_a_link_shows_of_each_panel_the_same_total_or_nothing(shape):
    for size in SIZES:
        link = Link(shape(size, 1, day_with_all), 2 * K)
        for panel in dict.fromkeys(panel for panels in SYSTEMS for panel in panels):
            shown, whole = (sums_of(rows) for rows in (link.rows(panel), link.published(panel)))
            assert all(whole[place] == visits for place, visits in shown.items()), panel
            assert all(row.visits >= 2 * K for _, row in link.rows(panel))


def sums_of(rows):
    found = defaultdict(int)
    for day, row in rows:
        found[day, row.block] += row.visits
    return found


def test_uniques_of_a_link_are_of_weeks_alone():
    store = MemoryStore()
    seal = seal_day({("unique:day", ""): Count(90, 90), ("unique:week", ""): Count(90, 90)}, RULE)
    store.close_day(SITE, MONDAY, lambda _: seal)
    store.close_week(SITE, MONDAY, lambda *_: [Row("unique:week", "", "", 90, 90)])
    store.close_month(SITE, month_of(MONDAY), lambda *_: [Row("unique:month", "", "", 90, 90)])
    figures = Thrifty(store, Rule(2 * K))
    assert figures.rows(SITE, "unique:day", 0, 10**6) == []
    assert figures.month_rows(SITE, "unique:month", 0, 10**6) == []
    assert [row.visits for _, row in figures.week_rows(SITE, "unique:week", 0, 10**6)] == [90]


def test_a_link_is_made_of_published_rows_alone():
    """So whoever has the site's own figures learns nothing from a link."""
    link = Link(random_week(100, 1, day_with_all), 2 * K)
    window = Window(link.store)
    figures = Thrifty(window, link.rule)
    assert figures.sites() == [SITE]
    for panel in (
        "total",
        "referrer",
        "system",
        "region",
        "state",
        "prompt:shown:banner",
        "bot",
        "unique:week",
    ):
        assert figures.rows(SITE, panel, 0, 10**6) == link.figures.rows(SITE, panel, 0, 10**6)
        figures.week_rows(SITE, panel, 0, 10**6)
        figures.month_rows(SITE, panel, 0, 10**6)
        figures.sums(SITE, panel, 0, 10**6)
        figures.days_told(SITE, panel, 0, 10**6)
    assert window.asked == {"sites", "rows", "week_rows", "month_rows"}
