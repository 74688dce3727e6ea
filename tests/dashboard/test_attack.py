"""The subtraction attacker of tests/sealing is given what the dashboard answers, and gets nothing out of it.

Two steps. Nothing but sealed figures can be reached, so whoever has every answer has no more than every sealed row;
and over small sites, where nothing else is in the way, the rows are taken from the answers themselves and solved.
"""

from __future__ import annotations

import itertools

import pytest

from cookiegate.config import Config
from cookiegate.core.counts import VIEW, VISIT
from cookiegate.core.sealing import Row, Rule, seal_day
from cookiegate.core.sealing.day import read_group
from cookiegate.core.sealing.periods import EPOCH, WEEK, date_of, day_of
from cookiegate.counting.sealer import Sealer
from cookiegate.dashboard.accounts import Accounts
from cookiegate.dashboard.app import build
from cookiegate.dashboard.panels import PANELS
from cookiegate.dashboard.period import iso
from cookiegate.dashboard.sheets import kinds
from cookiegate.stores import Batch, MemoryStore

from ..sealing.attacker import WIDE, Equations, add_panel
from ..sealing.histories import K, adversarial_week, random_week
from ..sealing.test_attack import published
from .conftest import ORIGIN, SITE, known_day, sealed, sign_in

RULE = Rule(K)
MONDAY = day_of(EPOCH) + 4 + 52 * 7 * 50
PUBLISHED = {"sums", "days_told", "rows", "week_rows", "month_rows", "sites", "inventory"}
SHEETS = {"hours": "hour", "pages": "page", "devices": "device", "channels": "channel", "consent": "state"}


class Window:
    """A store of which only what is published can be reached."""

    def __init__(self, store):
        self._store = store
        self.asked = set()

    def __getattr__(self, name):
        assert name in PUBLISHED, f"the dashboard reached for {name}"
        self.asked.add(name)
        return getattr(self._store, name)


def test_a_monday_is_one():
    assert date_of(MONDAY).isoweekday() == 1


def test_nothing_but_sealed_figures_can_be_reached(tmp_path, store, accounts):
    window = Window(store)
    config = Config(state_dir=tmp_path / "state", site={"public_url": f"https://{SITE}"})
    now = (MONDAY + 7) * 86400
    app = build(config, store=window, accounts=accounts, clock=lambda: now)
    client = app.test_client()
    assert sign_in(client, "ada", "one more long password").status_code == 303
    paths = [
        f"/sites/{SITE}/",
        f"/sites/{SITE}/links/",
        "/",
        "/privacy",
        "/privacy.json",
        "/account/",
        "/admin/",
    ]
    paths += [f"/sites/{SITE}/{panel.id}/" for panel in PANELS]
    root = f"/api/v1/sites/{SITE}/figures"
    paths += ["/api/v1/sites", "/api/v1/openapi.json", root, f"{root}.zip"]
    paths += [f"{root}/{name}{ending}" for name in kinds() for ending in ("", ".csv")]
    for path in paths:
        assert client.get(path, base_url=ORIGIN).status_code in (200, 303), path
    seen = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    asked = {app.url_map.bind("x").match(path, method="GET")[0] for path in paths}
    assert seen - asked == {
        "sign_in.page",
        "sign_in.code",
        "sign_in.once",
        "shared.page",
        "own_account.second",
        "pages.static",
    }
    assert {"sums", "rows", "week_rows", "sites", "inventory"} <= window.asked


def answers_of(days, tmp_path):
    """{(first, last): sheets} of every range of a week, through the interface."""
    store = MemoryStore()
    for number, cells in enumerate(days):
        weights = {cell: c.visits * VISIT + (c.views - c.visits) * VIEW for cell, c in cells.items()}
        store.add(Batch(str(number), SITE, {MONDAY + number: weights}, MONDAY + number))
    Sealer(store, SITE, RULE, last_day=lambda: MONDAY + WEEK - 1).run()
    accounts = Accounts(tmp_path / "accounts.sqlite", lambda: 0.0)
    accounts.add("anna", "a rather long password", "viewer")
    config = Config(state_dir=tmp_path, site={"public_url": f"https://{SITE}"})
    client = build(
        config, store=store, accounts=accounts, clock=lambda: (MONDAY + 7) * 86400 + 9e3
    ).test_client()
    assert sign_in(client).status_code == 303
    found = {}
    for first, last in itertools.combinations_with_replacement(range(7), 2):
        days_asked = f"from={iso(MONDAY + first)}&to={iso(MONDAY + last)}"
        path = f"/api/v1/sites/{SITE}/figures?period=custom&compare=none&{days_asked}"
        found[first, last] = client.get(path, base_url=ORIGIN).json["sheets"]
    accounts.close()
    return found


def figures(sheet):
    return {
        row["label"]: row["visits"] for row in sheet["rows"] if row["label"] != "(not told)" and row["visits"]
    }


def rows_of(answers, sheet, panel, true_rows):
    """(rows of days, rows that the week added) as the answers give them. Which shown labels joined a group is taken
    from the truth: the notes name the first three alone."""
    days, shown = [], {}
    for day in range(7):
        for label, visits in figures(answers[day, day][sheet]).items():
            if label == "(other)":
                label = next(
                    r.label for d, r in true_rows if (d, r.panel) == (day, panel) and read_group(r.label)
                )
            else:
                shown[label] = shown.get(label, 0) + visits
            days.append((day, Row(panel, "", label, visits, 0)))
    whole = figures(answers[0, 6][sheet])
    week = [
        Row(panel, "", label, visits - shown.get(label, 0), 0)
        for label, visits in whole.items()
        if label != "(other)" and visits > shown.get(label, 0)
    ]
    return days, week


@pytest.mark.parametrize("size", [30, 100])
@pytest.mark.parametrize("shape", [random_week, adversarial_week], ids=["random", "adversarial"])
@pytest.mark.parametrize("seed", range(2))
def test_the_answers_of_every_range_are_solved_for_nothing(shape, size, seed, tmp_path):
    days = shape(size, seed)
    answers = answers_of(days, tmp_path)
    true_rows, pieces, true_week, labels = published(days)
    cells = 0
    for sheet, panel in SHEETS.items():
        if panel not in labels:
            continue
        rows, week = rows_of(answers, sheet, panel, true_rows)
        equations = Equations()
        total = [row for row in true_week if row.panel == "total"]
        wanted = add_panel(equations, panel, rows, pieces, week + total, labels[panel], RULE)
        found = equations.intervals(list(wanted), seed) if wanted else {}
        for name, (low, high) in found.items():
            if high - low < WIDE:
                assert low - 1e-6 <= wanted[name] <= high + 1e-6, f"the equations miss the truth: {name}"
            assert high - low > 1 - 1e-6, name
            cells += 1
        for (first, last), sheets in answers.items():
            if (first, last) != (0, 6):  # what a range says beyond its days would be one more equation
                added: dict[str, int] = {}
                for day in range(first, last + 1):
                    for label, visits in figures(answers[day, day][sheet]).items():
                        added[label] = added.get(label, 0) + visits
                assert figures(sheets[sheet]) == added
    assert cells > 20


@pytest.mark.parametrize("query", ["region=GB", "device=mobile", "channel=search", "region=GB&device=mobile",
                                   "region=DE&channel=direct", "device=desktop&channel=direct", "region=GB-ENG"])  # fmt: skip
def test_a_filter_shows_no_figure_of_fewer(tmp_path, query):
    days = random_week(5000, 1)
    store = MemoryStore()
    for number, cells in enumerate(days[:2]):
        store.close_day(SITE, MONDAY + number, lambda _, cells=cells: seal_day(cells, RULE))
    accounts = Accounts(tmp_path / "accounts.sqlite", lambda: 0.0)
    accounts.add("anna", "a rather long password", "viewer")
    config = Config(state_dir=tmp_path, site={"public_url": f"https://{SITE}"})
    client = build(
        config, store=store, accounts=accounts, clock=lambda: (MONDAY + 2) * 86400 + 9e3
    ).test_client()
    sign_in(client)
    day = iso(MONDAY)
    found = client.get(
        f"/api/v1/sites/{SITE}/figures?period=custom&from={day}&to={day}&{query}", base_url=ORIGIN
    ).json
    told = [(name, v) for name, sheet in found["sheets"].items() for row in sheet["rows"]
            if (v := row.get("visits")) and row.get("label") != "(not told)"]  # fmt: skip
    assert len(told) > 50
    assert [entry for entry in told if entry[1] < K] == []
    accounts.close()


def test_the_known_day_has_nothing_small(client, store):
    sealed(store, MONDAY, known_day())
    found = client.get(f"/api/v1/sites/{SITE}/figures?period=all", base_url=ORIGIN).json["sheets"]
    for sheet in found.values():
        assert all(row["visits"] >= K for row in sheet["rows"] if row.get("visits"))
