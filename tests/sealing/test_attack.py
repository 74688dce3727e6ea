"""Nobody gets a hidden cell out of what is published, with all the arithmetic there is."""

from __future__ import annotations

import os

import pytest

from cookiegate.core.counts import parts_of
from cookiegate.core.sealing import DaySeal, Piece, Row, Rule, pieces_of, seal_day, seal_week
from cookiegate.core.sealing.day import CUBE, group_label, marginal
from cookiegate.core.sealing.week import LATE
from cookiegate.request_data import load_referrers

from .attacker import WIDE, Equations, add_combinations, add_limit, add_panel
from .attacker_of_parts import add_kin, add_parts
from .attacker_of_rests import add_rests
from .histories import K, adversarial_week, joint_day, random_week, with_everything
from .outcomes import Tally

RULE = Rule(K, channel_of=load_referrers().channel_of)
PANELS = ("hour", "page", "browser", "referrer", "region", "device", "channel", "state")
SIZES = (30, 100, 1000, 5000)
WEEKS = 25
"""Random and adversarial weeks of each size: 200 in all."""
LONG = bool(os.environ.get("ATTACK_LONG"))
"""`make test-attack`: as many weeks for each attack, and not only for those of single panels."""


def weeks(few):
    """How many weeks of a size and shape a joint attack has."""
    return range(WEEKS if LONG else few)


def late_of(shape, size, seed, cells=None):
    """What a node that was cut off counted on some day before, and brings while this week is open."""
    number = max(12, size // 40)
    days = shape(number, seed + 1000) if cells is None else shape(number, seed + 1000, cells)
    return days[0]


def published(days, late=None):
    """What a week of days leaves: rows by day, the week's rows, the truth that was hidden, and all labels."""
    seals: list[DaySeal] = [seal_day(cells, RULE) for cells in days]
    rows = [(day, row) for day, seal in enumerate(seals) for row in seal.rows]
    pieces = [(day, piece) for day, seal in enumerate(seals) for piece in seal.pieces]
    pieces += [(LATE, piece) for piece in pieces_of(late or {})]
    week: list[Row] = seal_week(pieces, rows, RULE)
    labels: dict[str, set[str]] = {}
    for cells in [*days, late or {}]:
        for piece in pieces_of(cells):
            labels.setdefault(piece.panel, set()).add(piece.label)
    return rows, pieces, week, labels


def outcome(days, seed, panels=PANELS, late=None):
    """(protected cells, known exactly, known to within one) of one week, all these panels."""
    rows, pieces, week, labels = published(days, late)
    cells = exact = near = 0
    for panel in panels:
        if panel not in labels:
            continue
        equations = Equations()
        wanted = add_panel(equations, panel, rows, pieces, week, labels[panel], RULE)
        if not wanted:
            continue
        intervals = equations.intervals(list(wanted), seed)
        for name, (low, high) in intervals.items():
            if high - low < WIDE:
                assert low - 1e-6 <= wanted[name] <= high + 1e-6, f"the equations miss the truth: {name}"
            cells += 1
            exact += high - low < 1 - 1e-6
            near += high - low <= 2 + 1e-6
    return cells, exact, near


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
def test_no_hidden_cell_is_solved_for(size, shape):
    found = [outcome(shape(size, seed), seed) for seed in range(WEEKS)]
    Tally.of("panels of all visits", found).holds(1000)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
def test_no_hidden_cell_of_a_late_flush_is_solved_for(size, shape):
    """Where a week took what a node counted before, and its own days withheld or hid."""
    found = [outcome(shape(size, seed), seed, late=late_of(shape, size, seed)) for seed in weeks(LATE_WEEKS)]
    Tally.of("panels of all visits, with a late flush", found).holds(100)


LATE_WEEKS = 2


PROMPTS = tuple(
    f"prompt:{event}:{side}"
    for event in ("accept", "reject", "withdrawn")  # those asked, and signals, are attacked with all visits
    for side in ("region", "device", "language")
)
BESIDE = ("language", "system", "utm_campaign", "bot", *PROMPTS)
BESIDE_WEEKS = 3


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
def test_no_hidden_cell_of_prompts_and_campaigns_is_solved_for(size, shape):
    """Each is a population of its own; days against their week."""
    found = [
        outcome(with_everything(shape(size, seed), size, seed), seed, BESIDE) for seed in weeks(BESIDE_WEEKS)
    ]
    Tally.of("answers, languages, systems, campaigns, robots", found).holds(100)


IN_GOALS = (("goal", "goal:channel"), ("goal:channel", "goal:campaign"), ("goal", "goal:campaign"))
IN_VISITS = (
    *(("total", panel) for panel in ("utm_source", "utm_medium", "utm_campaign")),
    *(("utm_source", panel) for panel in ("utm_medium", "utm_campaign")),
)


def goal_outcome(days, seed, late=None):
    """The same of goals by channel and campaign, which lie in their goal on each day, and of those who are in it alone."""
    rows, pieces, week, _ = published(days, late)
    cells = exact = near = 0
    goals = {parts_of(label)[0] for cells_of in [*days, late or {}] for (p, label) in cells_of if p == "goal"}
    for goal in sorted(goals):
        truth, labels = {}, {"goal": {""}}
        for day, cells_of in [*enumerate(days), (LATE, late or {})]:
            for (panel, label), count in cells_of.items():
                if panel.startswith("goal") and parts_of(label)[0] == goal:
                    truth[day, panel] = truth.get((day, panel), 0) + count.visits
                    labels.setdefault(panel, set()).add("".join(parts_of(label)[1:]))
        equations = Equations()
        here = (
            [(day, row._replace(block="")) for day, row in rows if row.block == goal],
            [(day, piece._replace(block="")) for day, piece in pieces if piece.block == goal],
            [row._replace(block="") for row in week if row.block == goal],
        )
        wanted = add_rests(equations, *here, labels, truth, IN_GOALS, RULE)
        found = _told(equations, wanted, seed)
        cells, exact, near = cells + found[0], exact + found[1], near + found[2]
    return cells, exact, near


def tag_outcome(days, seed, late=None):
    """The same of the fields of campaigns, which lie in all visits; each visit that has any has its source."""
    rows, pieces, week, labels = published(days, late)
    truth = {}
    for day, cells_of in [*enumerate(days), (LATE, late or {})]:
        for (panel, _), count in cells_of.items():
            name = "total" if panel == "hour" else panel
            truth[day, name] = truth.get((day, name), 0) + count.visits
    equations = Equations()
    wanted = add_rests(equations, rows, pieces, week, labels, truth, IN_VISITS, RULE)
    return _told(equations, wanted, seed)


def answer_outcome(days, seed, side):
    """The same of what was answered: no more than was asked, of each label on each day."""
    rows, pieces, week, labels = published(days)
    equations, wanted = Equations(), {}
    for event in ANSWERED:
        panel = f"prompt:{event}:{side}"
        wanted |= add_panel(equations, panel, rows, pieces, week, labels.get(panel, set()), RULE)
    shown = {(row.panel, day, row.label): row.visits for day, row in rows}
    for day in range(len(days)):
        for label in labels.get(f"prompt:shown:{side}", ()):
            if side == "region" and "-" not in label.removesuffix("-"):
                continue  # a country's own row may leave out the subdivisions that are shown
            parts, known = [], 0
            for event in ANSWERED:
                panel = f"prompt:{event}:{side}"
                parts += [one for one in equations.places if _is_of(one, panel, day, label)]
                known += shown.get((panel, day, label), 0)
            asked = [one for one in equations.places if _is_of(one, f"prompt:shown:{side}", day, label)]
            if (f"prompt:shown:{side}", day, label) in shown:
                add_limit(equations, parts, shown[f"prompt:shown:{side}", day, label] - known)
            elif asked and not known:
                add_limit(equations, parts, asked[0])
    return _told(equations, wanted, seed)


ANSWERED = ("accept", "reject", "custom")


def _is_of(name, panel, day, label):
    return len(name) == 5 and (name[0], name[1], name[4]) == (panel, day, label)


def _told(equations, wanted, seed):
    if not wanted:
        return 0, 0, 0
    found = equations.intervals(list(wanted), seed)
    for name, (low, high) in found.items():
        if high - low < WIDE:
            assert low - 1e-6 <= wanted[name] <= high + 1e-6, f"the equations miss the truth: {name}"
    widths = [high - low for low, high in found.values()]
    return len(widths), sum(w < 1 - 1e-6 for w in widths), sum(w <= 2 + 1e-6 for w in widths)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
def test_no_goal_of_few_is_solved_for(size, shape):
    found = [goal_outcome(with_everything(shape(size, seed), size, seed), seed) for seed in range(WEEKS)]
    Tally.of("channels and campaigns of goals, and who is in neither", found).holds(100)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
def test_nobody_without_a_field_of_a_campaign_is_solved_for(size, shape):
    found = []
    for seed in weeks(TAG_WEEKS):
        days = with_everything(shape(size, seed), size, seed)
        late = with_everything([late_of(shape, size, seed)], size, seed + 1000)[0] if seed % 2 else None
        found.append(tag_outcome(days, seed, late))
    Tally.of("fields of campaigns, and visits without them", found).holds(20)


TAG_WEEKS = 4


@pytest.mark.parametrize("side", ["region", "device", "language", "banner"])
@pytest.mark.parametrize("size", SIZES)
def test_no_answer_of_few_is_solved_for(size, side):
    """With what was asked and what was answered in one system."""
    found = [
        answer_outcome(with_everything(shape(size, seed), size, seed), seed, side)
        for shape in (random_week, adversarial_week)
        for seed in weeks(BESIDE_WEEKS)
    ]
    Tally.of("answers beside those asked", found).holds(10)


def parts_of_days(days):
    """How many were asked, signalled, and neither, by day, side and label; the last of `days` is a late flush."""
    truth = {}
    for day, cells in zip([*range(len(days) - 1), LATE], days, strict=True):
        for piece in pieces_of(cells):
            kind, _, rest = piece.panel.partition(":")
            if kind == "prompt":
                event, _, side = rest.partition(":")
                truth[day, event, side, piece.label] = piece.visits
    return {key: visits for key, visits in truth.items() if key[2] != "banner"}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
def test_nobody_who_was_asked_or_has_decided_is_solved_for(size, shape):
    """Those asked, signals and the rest beside all visits and their states, in one system."""
    found = []
    for seed in weeks(PARTS_WEEKS[size]):
        days, late = shape(size, seed, joint_day), late_of(shape, size, seed, joint_day)
        rows, pieces, week, labels = published(days, late)
        equations = Equations()
        truth = parts_of_days([*days, late])
        wanted = add_parts(equations, rows, pieces, week, truth, labels, RULE)
        found.append(_told(equations, wanted, seed))
    Tally.of("those asked, signals and the rest beside visits and states", found).holds(100)


PARTS_WEEKS = {30: 8, 100: 4, 1000: 3, 5000: 2}
KIN_WEEKS = 4


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
@pytest.mark.parametrize(("child", "parent"), [("referrer", "channel"), ("system", "device")])
def test_no_host_and_no_system_is_solved_for_by_its_family(size, shape, child, parent):
    """Hosts beside channels and systems beside devices, in one system each."""
    found = []
    for seed in weeks(KIN_WEEKS):
        late = late_of(shape, size, seed, joint_day) if seed % 2 else None
        rows, pieces, week, labels = published(shape(size, seed, joint_day), late)
        equations, wanted = Equations(), {}
        for panel in (child, parent):
            wanted |= add_panel(equations, panel, rows, pieces, week, labels[panel], RULE)
        add_kin(equations, child, parent, rows, labels, RULE)
        found.append(_told(equations, wanted, seed))
    Tally.of(f"{child}s beside {parent}s", found).holds(10)


@pytest.mark.parametrize("size", [100, 1000, 5000])
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
def test_no_combination_is_solved_for(size, shape):
    """Region, device, channel and consent state together: all four panels and all blocks in one system."""
    found = []
    for seed in weeks(2):
        days = shape(size, seed)
        rows, pieces, week, labels = published(days)
        equations = Equations()
        for panel in CUBE:
            add_panel(equations, panel, rows, pieces, week, labels[panel], RULE)
        day = max(range(7), key=lambda number: len(days[number]))
        atoms = {parts_of(label): count for (panel, label), count in days[day].items() if panel == "cube"}
        wanted = add_combinations(equations, day, atoms, rows, RULE)
        assert LONG or len(wanted) > 10
        widths = [high - low for low, high in equations.intervals(list(wanted), seed).values()]
        found.append((len(widths), sum(w < 1 - 1e-6 for w in widths), sum(w <= 2 + 1e-6 for w in widths)))
    tally = Tally.of("combinations", found)
    tally.holds(20)
    assert tally.near == 0


def test_the_attacker_solves_what_is_merely_left_out():
    """The method that PEERS has measured: cells below k hidden, totals shown. So the attack is no blank."""
    cells = exact = 0
    for seed in range(10):
        days = random_week(100, seed)
        rows, pieces = [], []
        for day, sealed in enumerate(days):
            counts = seal_marginal(sealed, "device")
            shown = {label: count for label, count in counts.items() if count.visits >= K}
            hidden = {label: count for label, count in counts.items() if 0 < count.visits < K}
            rows += [(day, Row("device", "", label, *count)) for label, count in shown.items()]
            rows.append(
                (day, Row("device", "", group_label("", ()), sum(c.visits for c in hidden.values()), 0))
            )
            pieces += [(day, Piece("device", "", "", label, *count)) for label, count in hidden.items()]
        week = [
            Row("device", "", label, sum(p.visits for _, p in pieces if p.label == label), 0)
            for label in {p.label for _, p in pieces}
        ]
        equations = Equations()
        wanted = add_panel(equations, "device", rows, pieces, week, {p.label for _, p in pieces}, RULE)
        for low, high in equations.intervals(list(wanted), seed).values():
            cells += 1
            exact += high - low < 1
    assert exact > cells / 20


def seal_marginal(cells, panel):
    return marginal(
        {parts_of(label): count for (name, label), count in cells.items() if name == "cube"}, panel
    )
