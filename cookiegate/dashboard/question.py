"""What a page of the dashboard answers: all of it stands in the address, so that a sent link shows the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from ..errors import BadRequest
from .filters import DIMENSIONS, Filter, read_filter
from .period import DATES, GRAINS, Days, Period, dates_decide, iso, read_period, usual_grain

KEPT = ("period", "from", "to", "compare", "cfrom", "cto", "by", *DIMENSIONS)
"""Parameters that every link of a page keeps."""

MOST_STEPS = 800
"""Of a chart."""


@dataclass(frozen=True, slots=True)
class Question:
    """`k` and `block` are what the site's figures were sealed with, `end` is the last day that can be sealed."""

    site: str
    period: Period
    chosen: Filter
    grain: str
    end: int
    k: int
    block: int
    args: tuple[tuple[str, str], ...]
    bound: bool = False
    """Whether the filter is a link's, beyond which it shows nothing."""
    stricter: bool = False
    """Whether `k` is a link's, higher than the site's own."""

    @property
    def days(self) -> Days:
        return self.period.days

    @property
    def against(self) -> Days | None:
        return self.period.against

    def query(self, **changes: str | None) -> str:
        """The address's query with some parameters changed, those that are None left out."""
        args: dict[str, str | None] = {**dict(self.args), **changes}
        for name, dates in DATES.items():
            if args.get(name) != "custom":
                args.update(dict.fromkeys(dates))
        if "period" in changes:
            args["by"] = changes.get("by")
        kept = {name: text for name in KEPT if (text := args.get(name))}
        kept |= {name: text for name, text in changes.items() if name not in KEPT and text}
        return f"?{urlencode(kept)}" if kept else "?"


def read_question(
    site: str, args: Mapping[str, str], *, end: int, since: int | None, k: int, block: int
) -> Question:
    """Raises BadRequest with one sentence for the first parameter that cannot be used."""
    args = dates_decide(args)
    period = read_period(args, end, since)
    grain = args.get("by") or usual_grain(period.days)
    if grain not in GRAINS:
        raise BadRequest(400, f"“{grain[:20]}” is no step: choose one of {', '.join(GRAINS)}.")
    if grain == "day" and period.days.length > MOST_STEPS:
        raise BadRequest(400, f"A chart by day shows {MOST_STEPS} days at most; choose weeks or months.")
    kept = tuple((name, args[name]) for name in KEPT if args.get(name))
    return Question(site, period, read_filter(args), grain, end, k, block, kept)


def title_of(days: Days) -> str:
    return f"{iso(days.first)} to {iso(days.last)}" if days.length > 1 else iso(days.first)
