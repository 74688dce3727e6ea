"""Differences between answers: filters of region, device and channel against none, days against ranges, compared
figures against asked ones. Nothing small is left over, and what the sealed rows do not tell changes no answer.

The attacker of test_attack.py solves what one panel says. This one takes each figure that happens to be whole, which
is more than anybody outside can know, and subtracts.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from functools import cache

import pytest

from cookiegate.config import Config
from cookiegate.core.counts import VIEW, VISIT, label_of, parts_of
from cookiegate.core.sealing import Count, Rule
from cookiegate.core.sealing.periods import WEEK
from cookiegate.counting.sealer import Sealer
from cookiegate.dashboard.accounts import Accounts
from cookiegate.dashboard.app import build
from cookiegate.dashboard.desk import Desk
from cookiegate.dashboard.filters import Filter
from cookiegate.dashboard.period import Days, iso
from cookiegate.dashboard.reading import by_country
from cookiegate.dashboard.sheets import kinds, sheet_of
from cookiegate.stores import Batch, MemoryStore

from ..sealing.histories import K, adversarial_week, random_week
from ..sealing.test_attack import published
from .conftest import ORIGIN, SITE, sign_in
from .test_attack import MONDAY

RULE = Rule(K)
SHEETS = {"regions": "region", "devices": "device", "channels": "channel", "consent": "state"}
REGIONS = ("", "GB", "DE", "US", "GB-ENG", "(unknown)")
DEVICES = ("", "desktop", "mobile", "tablet")
CHANNELS = ("", "search", "direct", "social")
FILTERS = list(itertools.product(REGIONS, DEVICES, CHANNELS))
PERIODS = [*((day, day) for day in range(7)), (0, 1), (2, 4), (0, 6)]
SIDES = ("country", "region", "device", "channel", "state")

Key = frozenset  # of (side, value), and of ("from", day) and ("to", day)


class Site:
    """A week of visits, sealed, behind a dashboard."""

    def __init__(self, days, folder, rule=RULE):
        self.days = days
        store = MemoryStore()
        for number, cells in enumerate(days):
            weights = {cell: c.visits * VISIT + (c.views - c.visits) * VIEW for cell, c in cells.items()}
            store.add(Batch(str(number), SITE, {MONDAY + number: weights}, MONDAY + number))
        Sealer(store, SITE, rule, last_day=lambda: MONDAY + WEEK - 1).run()
        self.accounts = Accounts(folder / "accounts.sqlite", lambda: 0.0)
        config = Config(state_dir=folder, site={"public_url": f"https://{SITE}"})
        clock = lambda: (MONDAY + 7) * 86400 + 9e3  # noqa: E731
        self.desk = Desk(config, store, self.accounts, clock)
        self.app = build(config, store=store, accounts=self.accounts, clock=clock)
        self.reader = self.desk.reader(SITE)
        self.truth = cache(self._truth)

    def ask(self, chosen, period, against=None, sheets=SHEETS):
        """The sheets, made by the functions that pages, files and the interface have in common."""
        args = {
            name: value for name, value in zip(("region", "device", "channel"), chosen, strict=True) if value
        }
        args |= {"period": "custom", "compare": "none"} | _dates("", period)
        if against is not None:
            args |= {"compare": "custom"} | _dates("c", against)
        question = self.desk.question(SITE, args, MONDAY)
        return {name: sheet_of(kinds()[name], self.reader, question) for name in sheets}

    def _truth(self, key):
        """Visits of a key."""
        wanted = dict(key)
        first, last = wanted.pop("from"), wanted.pop("to")
        found = 0
        for cells in self.days[first : last + 1]:
            for (panel, label), count in cells.items():
                if panel == "cube":
                    region, *more = parts_of(label)
                    atom = dict(zip(SIDES, (region.partition("-")[0], region, *more), strict=True))
                    found += count.visits if all(atom[side] == value for side, value in wanted.items()) else 0
        return found


def _dates(prefix, period):
    first, last = period
    return {f"{prefix}from": iso(MONDAY + first), f"{prefix}to": iso(MONDAY + last)}


def told(site):
    """{key: the most that an answer tells of it}, of all filters and periods."""
    found: dict[Key, int] = Counter()
    for chosen, period in itertools.product(FILTERS, PERIODS):
        fixed = {
            side: value for side, value in zip(("region", "device", "channel"), chosen, strict=True) if value
        }
        if "-" not in fixed.get("region", "-"):
            fixed["country"] = fixed.pop("region")
        for name, sheet in site.ask(chosen, period).items():
            mine = {} if sheet.refusal else fixed
            for row in sheet.records():
                label, side = row["label"], SHEETS[name]
                if label in ("(other)", "(not told)") or label.endswith("-"):
                    continue
                if side == "region" and "-" not in label:
                    side = "country"
                key = Key({**mine, side: label, "from": period[0], "to": period[1]}.items())
                found[key] = max(found[key], row["visits"])
    return found


@pytest.fixture(params=[(random_week, 5000), (random_week, 1000), (adversarial_week, 5000)],
                ids=["random 5000", "random 1000", "adversarial 5000"])  # fmt: skip
def site(request, tmp_path):
    shape, size = request.param
    found = Site(shape(size, 3), tmp_path)
    yield found
    found.accounts.close()


def labels_of(days):
    found = {side: set() for side in SIDES}
    for cells in days:
        for panel, label in cells:
            if panel == "cube":
                region, *more = parts_of(label)
                for side, value in zip(SIDES, (region.partition("-")[0], region, *more), strict=True):
                    found[side].add(value)
    return found


def leftovers(site, answers):
    """What is left of a whole figure when its whole parts are taken away: (key, side, rest). Whole is what answers
    tell entirely, which an attacker cannot see."""
    whole = {key for key, visits in answers.items() if visits == site.truth(key)}
    for key in whole:
        named = dict(key)
        for side in SIDES:
            parts = [Key([*key, (side, value)]) for value in site.labels[side]]
            if side not in named and (side != "region" or "country" in named):
                taken = [site.truth(part) for part in parts if part in whole]
                if taken:
                    yield key, side, site.truth(key) - sum(taken)
        first, last = named["from"], named["to"]
        if first < last:
            days = [Key({**named, "from": day, "to": day}.items()) for day in range(first, last + 1)]
            yield key, "days", site.truth(key) - sum(site.truth(day) for day in days if day in whole)


def test_no_difference_of_answers_is_small(site):
    site.labels = labels_of(site.days)
    answers = told(site)
    assert len(answers) > 80
    for key, visits in answers.items():
        assert K <= visits <= site.truth(key), sorted(key, key=str)
    seen = 0
    for key, side, rest in leftovers(site, answers):
        assert rest == 0 or rest >= K, (sorted(key, key=str), side, rest)
        seen += 1
    assert seen > 20


def test_the_differences_are_looked_at_closely_enough(tmp_path):
    """Sealed for a smaller threshold, the same attacker finds what is small."""
    site = Site(random_week(1000, 3), tmp_path, Rule(5))
    site.labels = labels_of(site.days)
    assert any(0 < rest < K for _, _, rest in leftovers(site, told(site)))
    site.accounts.close()


@pytest.mark.parametrize(
    ("shape", "size", "seeds"),
    [(random_week, 5000, (3,)), (random_week, 1000, (3,)), (adversarial_week, 5000, (3, 5, 6, 7, 8, 9))],
    ids=["random 5000", "random 1000", "adversarial 5000"],
)
def test_a_compared_figure_is_one_that_can_be_asked_for(shape, size, seeds, tmp_path):
    """Comparing is asking twice: what a period does not tell, it does not tell beside another either."""
    compared = 0
    for seed in seeds:
        (tmp_path / str(seed)).mkdir()
        site = Site(shape(size, seed), tmp_path / str(seed))
        for chosen in FILTERS:
            for period, against in (((0, 6), (0, 1)), ((0, 1), (0, 6)), ((3, 3), (2, 4)), ((5, 5), (6, 6))):
                compared += compared_with(site, chosen, period, against)
        site.accounts.close()
    # What is told whole in both periods is little where every day is at an edge of the rules: hence more histories.
    assert compared > 100


def compared_with(site, chosen, period, against):
    """How many figures stand beside those of the compared period, each the same as it is when asked for alone."""
    alone, compared = site.ask(chosen, against), 0
    for name, sheet in site.ask(chosen, period, against).items():
        asked = {row["label"]: row["visits"] for row in alone[name].records()}
        for row in sheet.records():
            if row["label"] not in ("(other)", "(not told)") and row["compared"] is not None:
                assert row["compared"] == asked.get(row["label"]), (chosen, period, against, row)
                compared += 1
    return compared


@pytest.mark.parametrize("k", [12, 40])
def test_a_link_with_a_higher_threshold_counts_no_country_twice(site, k):
    reader, whole = site.desk.reader(SITE, k), site.desk.reader(SITE)
    days = Days(MONDAY, MONDAY + 6)
    told = by_country(reader.table("region", days, Filter()))
    assert told
    for line in told:
        key = Key({"country": line.label, "from": 0, "to": 6}.items())
        assert line.count.visits <= site.truth(key), line
    if all(row.visits >= k for _, row in whole.rows("total", days)):
        sums = [sum(found.visits for found in each.sums("region", days)) for each in (reader, whole)]
        assert sums[0] == sums[1]


# -- two histories that sealing makes one


def turned(days, tries, seed):
    """The week with visits moved round rectangles of two regions, devices and channels, as long as no sealed row
    changes; and how many moves there were."""
    rng = random.Random(seed)
    rows = published(days)
    wanted, moves = (rows[0], rows[2]), 0
    for _ in range(tries):
        number = rng.randrange(7)
        atoms = [label for (panel, label), count in days[number].items() if panel == "cube" and count.visits]
        if len(atoms) < 2:
            continue
        moved = dict(days[number])
        one, two = (list(parts_of(label)) for label in rng.sample(atoms, 2))
        side = rng.randrange(4)
        if one[side] == two[side]:
            continue
        for parts, step in ((one, -1), (two, -1), (_with(one, side, two), 1), (_with(two, side, one), 1)):
            cell = "cube", label_of(*parts)
            count = moved.get(cell, Count())
            moved[cell] = Count(count.visits + step, count.views + step)
        moved = {cell: count for cell, count in moved.items() if count.views or count.visits}
        if any(count.visits < 0 or count.views < count.visits for count in moved.values()):
            continue
        candidate = [*days[:number], moved, *days[number + 1 :]]
        found = published(candidate)
        if (found[0], found[2]) == wanted:
            days, moves = candidate, moves + 1
    return days, moves


def _with(parts, side, other):
    return [other[side] if place == side else part for place, part in enumerate(parts)]


@pytest.mark.parametrize(("shape", "tries"), [(random_week, 40), (adversarial_week, 200)])
def test_what_sealed_rows_do_not_tell_changes_no_answer(shape, tries, tmp_path):
    days = shape(1000, 4)
    other, moves = turned(days, tries, 4)
    assert moves > 10
    assert other != days
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = Site(days, tmp_path / "a"), Site(other, tmp_path / "b")
    for chosen, period in itertools.product(FILTERS, PERIODS):
        against = (0, 1) if period == (0, 6) else None
        assert one.ask(chosen, period, against) == two.ask(chosen, period, against)
    assert everything(one) == everything(two)
    one.accounts.close()
    two.accounts.close()


def everything(site):
    """The bytes of pages and of the archive under some filters."""
    site.accounts.add("anna", "a rather long password", "viewer")
    client = site.app.test_client()
    assert sign_in(client).status_code == 303
    found = []
    for query in (
        "",
        "&region=GB",
        "&region=GB-ENG",
        "&device=mobile&channel=search",
        "&region=DE&device=desktop",
    ):
        for period in ("7d", "24h"):
            for path in (f"/sites/{SITE}/", f"/sites/{SITE}/regions/", f"/api/v1/sites/{SITE}/figures.zip"):
                answer = client.get(f"{path}?period={period}&compare=previous{query}", base_url=ORIGIN)
                assert answer.status_code == 200
                found.append(
                    answer.data.partition(b'name="csrf_token"')[0] if b"csrf" in answer.data else answer.data
                )
    return found
