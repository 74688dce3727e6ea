"""Filters by region, device and channel: which published rows answer for them, and which panels cannot.

A population is published in disjoint blocks, cut by country, then device, then channel, as far as each part
stays large (docs/counting.md). A panel of a block can be added up over all blocks whose path says the filter's
values; the filter's own panel says the rest, since its labels are the values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..core.counts.referrer import CHANNELS
from ..core.sealing.day import read_group
from ..errors import BadRequest
from ..stores import Sum

DIMENSIONS = ("region", "device", "channel")
"""In the order in which a block's path has them."""

DEVICES = ("desktop", "mobile", "tablet", "other", "(unknown)")
CUBE_PANELS = ("region", "device", "channel", "state")
REGION = re.compile(r"\(unknown\)|[A-Z]{2}(-[^\x00-\x1f\x7f]{1,40})?")
"""ISO 3166-1 and -2; a third of the subdivisions that ship have no code, and count by name."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Dimension -> value, in the order of DIMENSIONS. A region is a country, or a subdivision of one."""

    values: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values)

    def get(self, dimension: str) -> str | None:
        return dict(self.values).get(dimension)

    def with_(self, dimension: str, value: str | None) -> Filter:
        known: dict[str, str | None] = {**dict(self.values), dimension: value}
        return Filter(tuple((name, text) for name in DIMENSIONS if (text := known.get(name))))

    @property
    def subdivision(self) -> bool:
        return "-" in (self.get("region") or "")

    @property
    def narrowest(self) -> str:
        """The dimension whose panel answers for the total: the last in a block's path, or subdivisions."""
        return "region" if self.subdivision else self.values[-1][0]

    def without(self, dimension: str) -> tuple[tuple[str, str], ...]:
        return tuple(entry for entry in self.values if entry[0] != dimension)


def read_filter(args: Mapping[str, str]) -> Filter:
    """The filter that a query asks for. Raises BadRequest."""
    found = Filter()
    for dimension in DIMENSIONS:
        value = args.get(dimension, "")
        if value:
            if not is_value(dimension, value):
                raise BadRequest(400, f"“{value[:20]}” is no {dimension} that can be filtered by.")
            found = found.with_(dimension, value)
    return found


def is_value(dimension: str, value: str) -> bool:
    """Whether the dimension can be filtered by it."""
    if dimension == "device":
        return value in DEVICES
    if dimension == "channel":
        return value in CHANNELS
    return REGION.fullmatch(value) is not None


def blocks_say(block: str, fixed: Iterable[tuple[str, str]]) -> bool:
    """Whether a block's path holds each of the values. Weeks add rows to no block, which say none."""
    path = block.split("/") if block else []
    for dimension, value in fixed:
        depth = DIMENSIONS.index(dimension)
        if len(path) <= depth or path[depth] != value:
            return False
    return True


def label_is(dimension: str, label: str, value: str) -> bool:
    """Whether a row of the dimension's own panel belongs to the value. A country's group does, too."""
    if dimension != "region":
        return label == value
    group = read_group(label)
    if group is not None:
        return "-" not in value and group[0] == value
    return label == value or ("-" not in value and label.startswith(f"{value}-"))


def filtered(sums: Iterable[Sum], panel: str, chosen: Filter) -> list[Sum]:
    """The sums of a panel that answer for the filter. Empty where the panel cannot (see `refusal`)."""
    if not chosen:
        return list(sums)
    fixed = chosen.without(panel)
    own = chosen.get(panel)
    return [
        found
        for found in sums
        if blocks_say(found.block, fixed) and (own is None or label_is(panel, found.label, own))
    ]


def refusal(panel: str, chosen: Filter) -> str | None:
    """Why a panel shows the whole site in spite of the filter, in one sentence; None where it honours it."""
    if not chosen:
        return None
    if panel.startswith("prompt:") and panel.rpartition(":")[2] in DIMENSIONS:
        side = panel.rpartition(":")[2]
        return None if chosen.without(side) == () else _PROMPTS
    if panel not in CUBE_PANELS:
        return _SIDES.get(panel.partition(":")[0], _ALONE)
    if chosen.subdivision and panel != "region":
        return _SUBDIVISION
    return None


def without_it(reason: str) -> str:
    """The reason where what cannot be filtered is not shown at all: to whoever is bound to the filter."""
    return reason.replace("Whole site:", "Not part of this link:", 1)


_ALONE = (
    "Whole site: what is read, and with what, is never counted together with where from; such a combination can "
    "point at one person."
)
_PROMPTS = "Whole site: answers are counted by region, by device, by banner or by language, one at a time."
_SUBDIVISION = (
    "Whole site: only the traffic of a country’s regions is published; filter by the country to see it here."
)
_SIDES = {
    "held": "Whole site: held calls are counted by service alone, not by who was visiting.",
    "bot": "Whole site: robots are counted by their reason alone.",
    "unique": "Whole site: unique visitors are one figure a day, week or month, without any property.",
    "goal": "Whole site: goals are counted on their own.",
    "prompt": _PROMPTS,
}
