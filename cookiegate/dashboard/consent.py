"""How people answered: the consent funnel, and how much of the traffic those see who need a consent first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ..core.sealing import Count
from ..core.sealing.day import read_group
from ..core.sealing.regions import country_of
from ..stores import Sum
from .filters import Filter, filtered, refusal
from .period import Days
from .reading import Reader

ANSWERS = ("accept", "reject", "custom")
EVENTS = ("shown", *ANSWERS, "withdrawn")
SIDES = ("region", "device", "language", "banner")


@dataclass(frozen=True, slots=True)
class Funnel:
    """Prompts by what became of them. An event's days of fewer than k are not published: `missing` says how many
    there may be at most, `days` on how many days."""

    label: str
    counts: dict[str, int]
    missing: int = 0
    days: int = 0

    @property
    def shown(self) -> int:
        return self.counts.get("shown", 0)

    @property
    def answered(self) -> int:
        return sum(self.counts.get(event, 0) for event in ANSWERS)

    @property
    def ignored(self) -> int:
        """At most: answers of small days stand among these."""
        return max(0, self.shown - self.answered)

    def share(self, event: str) -> float:
        part = self.ignored if event == "ignored" else self.counts.get(event, 0)
        return part / self.shown if self.shown else 0.0


def side_of(chosen: Filter) -> str:
    """The side of prompts that can answer for the filter."""
    return chosen.values[0][0] if len(chosen.values) == 1 and chosen.values[0][0] in SIDES else "banner"


def whole_funnel(reader: Reader, days: Days, chosen: Filter, k: int) -> Funnel:
    """Of all prompts; of one region or device where the filter names that alone."""
    side = side_of(chosen)
    honoured = chosen if refusal(f"prompt:shown:{side}", chosen) is None else Filter()
    found = {event: _chosen(reader.sums(f"prompt:{event}:{side}", days), side, honoured) for event in EVENTS}
    # An event that no day tells of is not one that nobody did.
    counts = {event: _visits(sums) for event, sums in found.items() if sums}
    missing, small = _missing(reader, days, side, k)
    return Funnel("", counts, missing, small)


def funnels(reader: Reader, days: Days, side: str) -> list[Funnel]:
    """One for each label of a side; countries as wholes."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for event in EVENTS:
        for found in reader.sums(f"prompt:{event}:{side}", days):
            label = _label(side, found)
            if label is not None:
                counts[label][event] = counts[label].get(event, 0) + found.visits
    rows = [Funnel(label, events) for label, events in counts.items() if events.get("shown")]
    return sorted(rows, key=lambda row: (-row.shown, row.label))


def _label(side: str, found: Sum) -> str | None:
    group = read_group(found.label)
    if side != "region":
        return None if group is not None else found.label
    if group is not None:
        return group[0] or None
    return country_of(found.label) or found.label


def _chosen(sums: Iterable[Sum], side: str, chosen: Filter) -> list[Sum]:
    return filtered(sums, side, chosen) if chosen else list(sums)


def _visits(sums: Iterable[Sum]) -> int:
    return sum(found.visits for found in sums)


def _missing(reader: Reader, days: Days, side: str, k: int) -> tuple[int, int]:
    """(answers that may be missing at most, days on which): where the prompt's figure is published and that of an
    answer is not, the day had fewer than k of those, or none."""
    shown = {day for day, _ in reader.rows(f"prompt:shown:{side}", days)}
    small: set[int] = set()
    missing = 0
    for event in ANSWERS:
        lacking = shown - {day for day, _ in reader.rows(f"prompt:{event}:{side}", days)}
        missing += (k - 1) * len(lacking)
        small |= lacking
    return missing, len(small)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Visits of a group beside those in it of whoever had accepted all, or allowed a part."""

    label: str
    visits: int
    granted: int
    partial: int
    told: bool = True
    """False where no visit of anybody who accepted is told apart."""

    @property
    def share(self) -> float:
        return self.granted / self.visits if self.visits else 0.0


def coverage(reader: Reader, days: Days, chosen: Filter) -> Coverage:
    table = reader.table("state", days, chosen)
    counts = {line.label: line.count.visits for line in table.lines}
    # Where a filter asks for more than is published, the share is of what is.
    told = sum(counts.values()) + table.grouped.visits
    return Coverage("", told, counts.get("granted", 0), counts.get("partial", 0), "granted" in counts)


def coverage_by(reader: Reader, days: Days, depth: int, chosen: Filter) -> list[Coverage]:
    """By the part of blocks' paths at `depth` (0 country, 2 channel): where it is large enough to be published."""
    counts: dict[str, dict[str, Count]] = defaultdict(lambda: defaultdict(Count))
    for found in filtered(reader.sums("state", days), "state", chosen):
        path = found.block.split("/") if found.block else []
        if len(path) > depth and not path[depth].startswith("(other)"):
            group = read_group(found.label)
            state = "" if group is not None else found.label
            counts[path[depth]][state] = counts[path[depth]][state].plus(Count(found.visits, found.views))
    rows = [
        Coverage(
            label,
            sum(count.visits for count in states.values()),
            states["granted"].visits,
            states["partial"].visits,
        )
        for label, states in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row.visits, row.label))
