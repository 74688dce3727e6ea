"""The visits of one generated day, as requests and consents that the counter takes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.consent import OPTIONAL, Choice, Consent, consent_of
from ...core.question import Question
from .plan import Country, Plan, Weighted

SITE = "https://www.longstile.example"
COMES_BACK = 0.22
"""Chance, a day, that an earlier day was the last one of somebody who comes back."""

MOST_VIEWS = 12
PART = frozenset({"analytics"})


@dataclass(frozen=True, slots=True)
class View:
    """`answer` is given after it: accept, reject or custom. `goal` is the one that it reaches, by its name."""

    hour: int
    request: dict[str, Any]
    consent: Consent
    asked: bool = False
    film: bool = False
    answer: str = ""
    goal: str = ""


class Visits:
    """Draws visits. The same day has the same ones."""

    def __init__(self, plan: Plan, question: Question, addresses: dict[str, list[str]]) -> None:
        self._plan = plan
        self._addresses = addresses
        self._question = question
        self._undecided = consent_of(None, question)
        self._signal = consent_of(None, question, signal="gpc")

    def of(self, day: int, when: date, part: float) -> Iterator[View]:
        """All views of a day, hour by hour; `part` of the year is gone."""
        dice = random.Random(day)  # noqa: S311 - generated traffic, the same each time
        expected = self._plan.visits_on(when, part)
        count = max(0, round(dice.gauss(expected, expected * 0.05)))
        sources = self._plan.sources(part)
        running = [(c.query, share) for c in self._plan.campaigns if (share := c.share_on(when))]
        hours = sorted(self._plan.hours.draw(dice) for _ in range(count))
        for hour in hours:
            yield from self._visit(dice, day, hour, sources, running)
            if dice.random() < self._plan.data["robots"]:
                yield View(
                    hour,
                    self._request("198.51.100.7", self._plan.robots.draw(dice), "/", "", "", ""),
                    self._undecided,
                )

    def _visit(
        self,
        dice: random.Random,
        day: int,
        hour: int,
        sources: Weighted[str],
        running: list[tuple[str, float]],
    ) -> Iterator[View]:
        """`running` are the queries of the day's campaigns, and their shares."""
        plan = self._plan
        country = plan.countries.draw(dice)
        agent = plan.agents.draw(dice)
        address = dice.choice(self._addresses[country.code])
        language = dice.choice(country.languages)
        referrer, query = sources.draw(dice), ""
        for campaign, share in running:
            if dice.random() < share / (1 + share):
                referrer, query = "", campaign
        consent, answer = self._stand(dice, day, country)
        path = plan.entries.draw(dice)
        goal = plan.goal(dice.random(), by_campaign=bool(query))
        views = min(MOST_VIEWS, 1 + int(dice.expovariate(1 / 1.35)))
        for place in range(views):
            request = self._request(address, agent, path, query, referrer, language)
            asked = consent.asks
            now = answer if asked and answer and dice.random() < 0.8 else ""
            reached = goal if place == views - 1 else ""
            yield View(hour, request, consent, asked, path in plan.films, now, reached)
            if now:
                consent = self._decided(day, now)
            referrer, query = SITE + path, ""
            path = plan.reads.draw(dice)

    def _stand(self, dice: random.Random, day: int, country: Country) -> tuple[Consent, str]:
        """Where a visitor stands who comes, and the answer that an undecided one will give."""
        if dice.random() < country.signal:
            return self._signal, ""
        share = dice.random() * (country.accept + country.reject + country.custom)
        answer = (
            "accept"
            if share < country.accept
            else "reject"
            if share < country.accept + country.reject
            else "custom"
        )
        if dice.random() < country.before:
            last = day - 1 - int(dice.expovariate(COMES_BACK)) if dice.random() < 0.7 else day
            return self._decided(last, answer, counted=last), ""
        answers = dice.random() < country.accept + country.reject + country.custom
        return self._undecided, answer if answers else ""

    def _decided(self, day: int, answer: str, counted: int | None = None) -> Consent:
        granted = {"accept": frozenset(OPTIONAL), "custom": PART}.get(answer, frozenset())
        choice = Choice(
            question=self._question.hash, day=day, granted=granted, counted_day=counted if granted else None
        )
        return consent_of(choice, self._question)

    @staticmethod
    def _request(
        address: str, agent: str, path: str, query: str, referrer: str, language: str
    ) -> dict[str, Any]:
        return {
            "REMOTE_ADDR": address,
            "HTTP_USER_AGENT": agent,
            "HTTP_REFERER": referrer,
            "HTTP_ACCEPT_LANGUAGE": language,
            "PATH_INFO": path,
            "QUERY_STRING": query,
        }
