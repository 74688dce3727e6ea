"""Replays the generated year: each view through the counter, each day through the flusher and the sealer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ...config import Config
from ...config.schema import Counts, Goal
from ...config.schema import Site as SiteSettings
from ...core.question import Question
from ...core.sealing.periods import date_of
from ...core.site import Site
from ...counting.calendar import Calendar
from ...counting.counter import Counter, Outcome
from ...counting.flusher import Flusher
from ...counting.opening import open_counter, sealer_of, store_of
from ...geo import open_regions
from .addresses import addresses_of
from .plan import Plan, load_plan
from .visits import View, Visits

DAY = 86400
NAME = "generated-year.longstile.example"
"""The site that the figures are filed under: whoever sees them sees that they are generated."""

LENGTH = 365


def year_config(state: Path) -> Config:
    """The settings that the year is counted and shown with: a store of its own in the demo's state folder."""
    return Config(
        state_dir=state / "year",
        site=SiteSettings(name="Longstile (generated year)", public_url=f"https://{NAME}"),
        services=("google-analytics", "meta-pixel", "hotjar"),
        goal=tuple(Goal(name=goal.name) for goal in load_plan().goals),
        counts=Counts(seal="command"),
    )


class Replay:
    """Fills the store of `config` up to `today`, the day that is not over. What is there stays: the next start of
    the demo adds the days between."""

    def __init__(self, config: Config, question: Question, today: int, length: int = LENGTH) -> None:
        self._config = config
        self._plan: Plan = load_plan()
        self._now = 0.0
        self._question = question
        self._start = today - length
        self._length = length
        self._end = today
        store = store_of(config)
        try:
            rows = store.rows(NAME, "hour", self._start, today)
        finally:
            store.close()
        self._first = max((day for day, _ in rows), default=self._start - 1) + 1

    def __len__(self) -> int:
        """Days to replay."""
        return max(0, self._end - self._first)

    def run(self) -> Iterator[int]:
        """Yields each day that is counted and sealed. Raises StoreError."""
        regions = open_regions(None)
        countries = [country.code for country in self._plan.countries.values]
        visits = Visits(self._plan, self._question, addresses_of(countries, regions))
        counters = [self._counter(version) for version in (self._question.hash, self._second())]
        flushers = [each.flusher for each in counters if isinstance(each.flusher, Flusher)]
        store = store_of(self._config)
        sealer = sealer_of(self._config, store, self._clock)
        site = Site(NAME, own=("longstile.example",), registrable=lambda host: ".".join(host.split(".")[-2:]))
        try:
            for day in range(self._first, self._end):
                when = date_of(day)
                part = (day - self._start) / self._length
                counter = counters[self._plan.second_banner(part)]
                for view in visits.of(day, when, part):
                    self._now = day * DAY + view.hour * 3600.0
                    self._count(counter, view, site)
                self._now = (day + 1) * DAY + 3 * 3600.0
                for flusher in flushers:
                    flusher.flush()
                sealer.run()
                yield day
        finally:
            for flusher in flushers:
                flusher.close()
            store.close()

    def _clock(self) -> float:
        return self._now

    def _counter(self, banner: str) -> Counter:
        found = open_counter(self._config, banner, self._clock)
        assert found is not None
        return found

    def _second(self) -> str:
        """Another version of the question: what a change of its text would make."""
        return self._question.hash[::-1]

    def _count(self, counter: Counter, view: View, site: Site) -> None:
        facts = counter.facts(view.request, view.consent, site)
        if facts is None:
            return
        held = () if view.consent.everything else self._plan.held_on_film if view.film else self._plan.held
        new = counter.new_periods(view.consent)
        counter.count(facts, Outcome(asked=view.asked, held=held, new=new))
        if view.answer:
            counter.answered(view.request, view.consent, view.answer)
        if view.goal:
            counter.goal(view.goal, view.consent)


def today_of(config: Config, clock: Callable[[], float]) -> int:
    """The first day that cannot be sealed yet."""
    return Calendar(config.counts.timezone, clock).day_before(2 * 3600)
