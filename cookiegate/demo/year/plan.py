"""What `year.toml` says, read and ready to draw from."""

from __future__ import annotations

import math
import random
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Generic, TypeVar

T = TypeVar("T")
FILE = Path(__file__).parent / "year.toml"


class Weighted(Generic[T]):
    """Draws one of several by weight."""

    def __init__(self, entries: list[tuple[T, float]]) -> None:
        self.values = [value for value, _ in entries]
        self._sums = list(accumulate(weight for _, weight in entries))

    def draw(self, dice: random.Random) -> T:
        return self.values[bisect_right(self._sums, dice.random() * self._sums[-1])]


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    languages: tuple[str, ...]
    accept: float
    reject: float
    custom: float
    before: float
    signal: float


@dataclass(frozen=True, slots=True)
class Campaign:
    """`share` is of the visits of the first day; it falls to nothing over `days`."""

    query: str
    start: tuple[int, int]
    days: int
    share: float

    def share_on(self, when: date) -> float:
        for year in (when.year, when.year - 1):
            gone = (when - date(year, *self.start)).days
            if 0 <= gone < self.days:
                return self.share * math.pow(1 - gone / self.days, 1.5)
        return 0.0


@dataclass(frozen=True, slots=True)
class YearGoal:
    """`share` is of visits, `campaign` how many times as much of those that a campaign brought."""

    name: str
    share: float
    campaign: float


@dataclass(frozen=True, slots=True)
class Plan:
    data: dict[str, Any]
    countries: Weighted[Country]
    agents: Weighted[str]
    robots: Weighted[str]
    campaigns: tuple[Campaign, ...]
    entries: Weighted[str]
    reads: Weighted[str]
    hours: Weighted[int]
    films: frozenset[str]
    goals: tuple[YearGoal, ...]
    held: tuple[tuple[str, str, int], ...]
    held_on_film: tuple[tuple[str, str, int], ...]

    def visits_on(self, when: date, part: float) -> float:
        """How many are expected. `part` of the year is gone."""
        shape: float = self.data["weekday"][when.weekday()] * self.data["month"][when.month - 1]
        more = sum(campaign.share_on(when) for campaign in self.campaigns)
        usual: float = self.data["visits_a_day"] * (1 + self.data["growth"] * part)
        return usual * shape * (1 + more)

    def sources(self, part: float) -> Weighted[str]:
        return Weighted(
            [
                (row["referrer"], row["weight"] * (1 + row.get("growth", 0.0) * part))
                for row in self.data["source"]
            ]
        )

    def goal(self, drawn: float, *, by_campaign: bool) -> str:
        """The goal that a visit ends with, "" for none; `drawn` is a part of 1."""
        for goal in self.goals:
            drawn -= goal.share * (goal.campaign if by_campaign else 1.0)
            if drawn < 0:
                return goal.name
        return ""

    def second_banner(self, part: float) -> bool:
        return part >= float(self.data["new_question"])


@cache
def load_plan() -> Plan:
    data = tomllib.loads(FILE.read_text("utf-8"))
    held = [(row["category"], row["service"], row["calls"], row.get("film", False)) for row in data["held"]]
    return Plan(
        data,
        Weighted([(_country(row), row["weight"]) for row in data["country"]]),
        Weighted([(row["text"], row["weight"]) for row in data["agent"]]),
        Weighted([(row["text"], row["weight"]) for row in data["robot"]]),
        tuple(_campaign(row) for row in data["campaign"]),
        Weighted([(row["path"], row["enter"]) for row in data["page"]]),
        Weighted([(row["path"], row["read"]) for row in data["page"]]),
        Weighted(list(enumerate(data["hour"]))),
        frozenset(row["path"] for row in data["page"] if row.get("film")),
        tuple(YearGoal(**row) for row in data["goal"]),
        tuple(entry[:3] for entry in held if not entry[3]),
        tuple(entry[:3] for entry in held),
    )


def _country(row: dict[str, Any]) -> Country:
    shares = (row[name] for name in ("accept", "reject", "custom", "before", "signal"))
    return Country(row["code"], tuple(row["language"]), *shares)


def _campaign(row: dict[str, Any]) -> Campaign:
    query = f"utm_source={row['source']}&utm_medium={row['medium']}&utm_campaign={row['name']}"
    return Campaign(query, _month_and_day(row["from"]), row["days"], row["share"])


def _month_and_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
