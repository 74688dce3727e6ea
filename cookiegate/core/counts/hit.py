"""One counted event as labels, and the cells that it adds to.

Marginals only, and one cube: a joint of page and region, or of page and browser, identifies people and is
never made. What a hit holds is already coarse: no address, no user agent, no URL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .cells import VIEW, VISIT, Cell, label_of
from .labels import UNKNOWN

NOTHING: Mapping[str, str] = MappingProxyType({})

Held = Iterable[tuple[str, str, int]]
"""(category, service or host, how many calls were held)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One page view. `state` is where the visitor stands: undecided, denied, partial, granted or signal.

    `arrival`: the view's referrer is absent or foreign, so it begins a visit; only then `channel`, `referrer`
    and `campaign` mean anything. `hour` is 0 to 23 in the site's time zone.
    """

    hour: int
    page: str
    region: str = UNKNOWN
    device: str = UNKNOWN
    browser: str = UNKNOWN
    system: str = UNKNOWN
    language: str = UNKNOWN
    state: str = "undecided"
    arrival: bool = True
    channel: str = "direct"
    referrer: str = ""
    campaign: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One event of the question: shown, accept, reject, custom, withdrawn or signal (which answered for it)."""

    event: str
    region: str = UNKNOWN
    device: str = UNKNOWN
    banner: str = ""
    language: str = UNKNOWN


def cells_of(hit: Hit) -> Iterator[tuple[Cell, int]]:
    """The cells of a view, each with the weight that it adds."""
    weight = VISIT if hit.arrival else VIEW
    channel = hit.channel if hit.arrival else "internal"
    yield ("hour", f"{hit.hour:02d}"), weight
    yield ("page", hit.page), weight
    yield ("cube", label_of(hit.region, hit.device, channel, hit.state)), weight
    yield ("browser", hit.browser), weight
    yield ("system", hit.system), weight
    yield ("language", hit.language), weight
    if hit.arrival:
        yield ("referrer", hit.referrer), VISIT
        for name, value in hit.campaign.items():
            yield (f"utm_{name}", value), VISIT


def prompt_cells(prompt: Prompt, *, arrival: bool = True) -> Iterator[tuple[Cell, int]]:
    """A prompt is seen from four sides, one at a time. Shown again on a later view, it is no new visit's."""
    event, weight = prompt.event, VISIT if arrival else VIEW
    yield (f"prompt:{event}:region", prompt.region), weight
    yield (f"prompt:{event}:device", prompt.device), weight
    yield (f"prompt:{event}:banner", prompt.banner), weight
    yield (f"prompt:{event}:language", prompt.language), weight


def held_cells(held: Held, *, arrival: bool) -> Iterator[tuple[Cell, int]]:
    """What one page held: its calls as views, the page itself as the visit, by service and by category."""
    categories: dict[str, int] = {}
    visit = VISIT - VIEW if arrival else 0
    for category, service, calls in held:
        categories[category] = categories.get(category, 0) + calls
        yield ("held:service", label_of(category, service)), calls + visit
    for category, calls in categories.items():
        yield ("held:category", category), calls + visit
