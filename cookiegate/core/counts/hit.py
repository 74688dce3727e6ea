"""The cells of one counted event: its labels, one panel at a time.

Marginals only, and one cube: a joint of page and region, or of page and browser, identifies people and is
never made. What comes in is already coarse: no address, no user agent, no URL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from .cells import VIEW, VISIT, Cell, label_of

HOURS = tuple(("hour", f"{hour:02d}") for hour in range(24))

PROMPTS = {
    event: tuple(f"prompt:{event}:{side}" for side in ("region", "device", "banner", "language"))
    for event in ("shown", "accept", "reject", "custom", "withdrawn", "signal")
}
"""Event -> its four panels."""

Held = Iterable[tuple[str, str, int]]
"""(category, service or host, how many calls were held)."""


class Kind(Protocol):
    """A device as it is counted: class, and families of browser and system."""

    @property
    def kind(self) -> str: ...
    @property
    def browser(self) -> str: ...
    @property
    def system(self) -> str: ...


def view_cells(
    hour: int, page: str, region: str, device: Kind, channel: str, state: str, language: str
) -> list[Cell]:
    """A view's cells. `hour` is 0 to 23 on the site's clock, `state` where the visitor stands (undecided, denied,
    partial, granted or signal), `channel` is "internal" for a view that begins no visit."""
    return [
        HOURS[hour],
        ("page", page),
        ("cube", f"{region}\x1f{device.kind}\x1f{channel}\x1f{state}"),
        ("browser", device.browser),
        ("system", device.system),
        ("language", language),
    ]


def goal_cells(name: str, source: tuple[str | None, str | None] | None) -> list[Cell]:
    """A goal that was reached: once in all, and by channel and campaign for a visitor who opted in."""
    cells: list[Cell] = [("goal", name)]
    channel, campaign = source or (None, None)
    if channel:
        cells.append(("goal:channel", label_of(name, channel)))
    if campaign:
        cells.append(("goal:campaign", label_of(name, campaign)))
    return cells


def prompt_cells(event: str, region: str, device: str, banner: str, language: str) -> list[Cell]:
    """An event of the question (shown, accept, reject, custom, withdrawn, signal) from four sides, one at a time."""
    by_region, by_device, by_banner, by_language = PROMPTS[event]
    return [(by_region, region), (by_device, device), (by_banner, banner), (by_language, language)]


def held_cells(held: Held, *, arrival: bool) -> Iterator[tuple[Cell, int]]:
    """What one page held: its calls as views, the page itself as the visit, by service and by category."""
    categories: dict[str, int] = {}
    visit = VISIT - VIEW if arrival else 0
    for category, service, calls in held:
        categories[category] = categories.get(category, 0) + calls
        yield ("held:service", label_of(category, service)), calls + visit
    for category, calls in categories.items():
        yield ("held:category", category), calls + visit
