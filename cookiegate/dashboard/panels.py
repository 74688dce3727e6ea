"""The panels of a page: what each is called, reads and measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Panel:
    """`id` stands in addresses, `source` is the panel in the store. `measure` orders and shares it: visits or
    views. `columns` are (heading, measure). `about` says what a figure is."""

    id: str
    source: str
    title: str
    measure: str = "visits"
    columns: tuple[tuple[str, str], ...] = (("Visits", "visits"),)
    about: str = ""
    quiet: bool = False
    """Left out of the page while there is nothing in it."""

    @property
    def usual_sort(self) -> str:
        """What its lines are sorted by where nothing is asked: hours stand in their order, all else by its measure."""
        return "name" if self.source == "hour" else self.measure

    @property
    def rounded(self) -> bool:
        """Whether its figures are rounded day by day: then a part of them is neither at least nor at most."""
        return self.source.startswith("held:")


_VIEWS = (("Views", "views"), ("Entries", "visits"))
_CALLS = (("Calls", "views"),)

PANELS = (
    Panel("regions", "region", "Regions", about="By the address, of which only the first part is looked at."),
    Panel("pages", "page", "Pages", "views", _VIEWS, "An entry is a visit that began on the page."),
    Panel("channels", "channel", "Channels", about="Where visits come from, by kind."),
    Panel(
        "sources",
        "referrer",
        "Sources",
        about="The site that led here, where the browser names it. A channel goes by a campaign’s tags, too.",
    ),
    Panel("campaigns", "utm_campaign", "Campaigns", about="utm_campaign of addresses.", quiet=True),
    Panel("campaign-sources", "utm_source", "Campaign sources", about="utm_source.", quiet=True),
    Panel("campaign-media", "utm_medium", "Campaign media", about="utm_medium.", quiet=True),
    Panel("campaign-terms", "utm_term", "Campaign terms", about="utm_term.", quiet=True),
    Panel("campaign-contents", "utm_content", "Campaign contents", about="utm_content.", quiet=True),
    Panel("devices", "device", "Devices"),
    Panel("browsers", "browser", "Browsers"),
    Panel("systems", "system", "Operating systems"),
    Panel("languages", "language", "Languages", about="The language that the browser asks for first."),
    Panel("hours", "hour", "Hours of the day", about="On the site’s clock."),
    Panel("consent", "state", "Visits by consent", about="Where visitors stood when the page came."),
    Panel(
        "held-services",
        "held:service",
        "Held services",
        "views",
        _CALLS,
        "Calls to third parties that pages held back.",
    ),
    Panel("held-categories", "held:category", "Held, by category", "views", _CALLS),
    Panel("robots", "bot", "Robots", "views", (("Requests", "views"),), "Counted here, and nowhere else."),
    Panel("goals", "goal", "Goals", columns=(("Reached", "visits"),), quiet=True),
)
BY_ID = {panel.id: panel for panel in PANELS}
CAMPAIGNS = tuple((panel.id, panel.title) for panel in PANELS if panel.id.startswith("campaign"))
HELD = tuple((panel.id, panel.title) for panel in PANELS if panel.id.startswith("held"))
BESIDE = {id: group for group in (CAMPAIGNS, HELD) for id, _ in group}
"""(id, title) of the panels that cut the same thing in other ways, by the id of each."""
