"""Sites of which every exact cell is known, sealed the real way: what the dashboard's figures are held against."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from cookiegate.config import Config
from cookiegate.core.counts import VIEW, VISIT, parts_of
from cookiegate.core.sealing import Rule
from cookiegate.core.sealing.regions import country_of
from cookiegate.counting import sealer
from cookiegate.counting.opening import store_of
from cookiegate.demo.year.dashboard import year_question
from cookiegate.demo.year.replay import NAME, Replay, year_config
from cookiegate.stores import Batch, MemoryStore

from ..sealing.histories import random_week, with_everything

END = 20540
"""The day after the last one: Saturday, 28 March 2026."""
SIDES = ("region", "device", "channel", "state")


@dataclass
class Known:
    """`days` are the exact cells of each day: (panel, label) -> (visits, views)."""

    site: str
    store: object
    config: Config
    days: dict[int, dict] = field(default_factory=dict)
    _counts: dict = field(default_factory=dict)

    def counts(self, panel, days, chosen=()):
        """{label: (visits, views)} over these days, under a filter; countries stand beside their regions."""
        key = panel, days, chosen
        if key not in self._counts:
            found = Counter(), Counter()
            for day in range(days[0], days[1] + 1):
                for label, visits, views in self._day(panel, day, dict(chosen)):
                    for name in {label, country_of(label)} if panel.endswith("region") else {label}:
                        found[0][name] += visits
                        found[1][name] += views
            self._counts[key] = {label: (found[0][label], found[1][label]) for label in found[1]}
        return self._counts[key]

    def of(self, panel, label, days, chosen=()):
        return self.counts(panel, days, chosen).get(label, (0, 0))

    def _day(self, panel, day, chosen):
        cube = panel in (*SIDES, "total")
        for (name, text), (visits, views) in self.days.get(day, {}).items():
            if cube and name == "cube":
                sides = dict(zip(SIDES, parts_of(text), strict=True))
                if all(_is(side, sides[side], value) for side, value in chosen.items()):
                    yield sides.get(panel, ""), visits, views
            elif not cube and name == panel:
                yield text, visits, views


def _is(side, text, value):
    return country_of(text) == value if side == "region" and "-" not in value else text == value


def demo(folder, length, monkeypatch):
    """Days of the demo's generator."""
    config = year_config(folder)
    exact, seal = [], sealer.seal_day
    monkeypatch.setattr(
        sealer, "seal_day", lambda cells, rule: (exact.append(dict(cells)), seal(cells, rule))[1]
    )
    known = Known(NAME, None, config)
    for day in Replay(config, year_question(config), END, length).run():
        known.days[day] = {cell: tuple(count) for cells in exact for cell, count in cells.items()}
        exact.clear()
    known.store = store_of(config)
    return known


def small(folder, size, weeks=5):
    """Weeks of about `size` visits a day, with the long tails that sites have; they end on a Sunday."""
    site = "www.site.test"
    known = Known(site, MemoryStore(), Config(state_dir=folder, site={"public_url": f"https://{site}"}))
    monday = END - (END + 3) % 7 - 7 * weeks
    for week in range(weeks):
        for place, cells in enumerate(with_everything(random_week(size, week), size, week)):
            day = monday + 7 * week + place
            known.days[day] = {cell: tuple(count) for cell, count in cells.items()}
            weights = {cell: c.visits * VISIT + (c.views - c.visits) * VIEW for cell, c in cells.items()}
            known.store.add(Batch(str(day), site, {day: weights}, day))
            sealer.Sealer(known.store, site, Rule(10), last_day=lambda day=day: day).run()
    return known
