"""What is counted of an exchange. Facts are read before the request is cleaned and die with the exchange;
only cells are kept.

Danger: every method here is called while a visitor waits, and none may raise: a fault of ours costs a count, and
is logged by its kind alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ..core.address import truncate_packed
from ..core.consent import Consent
from ..core.consent_cookie import CAMPAIGN
from ..core.counts import (
    INTERNAL,
    UNKNOWN,
    VIEW,
    VISIT,
    Referrers,
    campaign_of,
    goal_cells,
    held_cells,
    page_key,
    periods_new_to,
    prompt_cells,
    view_cells,
)
from ..core.forwarding import client_address
from ..core.networks import Networks
from ..core.site import Site
from ..device import Device, device_of
from .buffer import Buffer
from .calendar import Calendar

if TYPE_CHECKING:
    from ..config import Config
    from .figures import Figures

log = logging.getLogger("cookiegate")

PAGE = "cookiegate.page"
"""Key of the environ under which an edge or a framework names the route of a page."""

REGION = "cookiegate.region"
"""Key of the environ with the visitor's region, where the address is no longer there."""

PREFETCH = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")
LONGEST_LANGUAGE = 64
LONGEST_AUTHORITY = 80
NO_HOPS = ("", "")
MOST_REMEMBERED = 4096


class Waker(Protocol):
    """The flusher, as far as a counter needs it."""

    def wake(self) -> None: ...


Facts = tuple[Mapping[str, Any], Consent, Site, str, str, str, str, tuple[str, str]]
"""Of one request, as they came: the request, consent, site, peer, user agent, referrer, query, and the hops of its
forwarding headers. Never stored, never logged: they hold the visitor's address."""


Source = tuple[str | None, str | None]
"""Channel and campaign of an arrival."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """A page that was delivered as a document of its own. `asked`: the banner was on it. `held` is what the
    rewriter held: (category, service or host, calls)."""

    asked: bool = False
    held: Iterable[tuple[str, str, int]] = ()
    source: Source | None = None
    """Where a visitor who opted in came from last; None for everyone else."""

    new: tuple[str, ...] = ()
    """Periods in which this visitor, who opted in, is counted for the first time."""


class Counter:
    """One site's counting. `region_of` takes what truncation left of an address and gives a label of ISO 3166-2."""

    def __init__(
        self,
        config: Config,
        buffer: Buffer,
        calendar: Calendar,
        *,
        waker: Waker,
        region_of: Callable[[bytes], str],
        referrers: Referrers,
        banner: str,
    ) -> None:
        self.buffer = buffer
        self.calendar = calendar
        self.flusher = waker
        self.figures: Callable[[], Figures] | None = None
        """For the operator's monitoring, where there is a flusher."""
        self._region_of = region_of
        self._referrers = referrers
        self._banner = banner
        self._precision = config.address
        self._proxies = Networks(str(network) for network in config.trusted_proxies)
        self._proxied = bool(self._proxies)
        self._goals = tuple((goal.path, goal.name) for goal in config.goal if goal.path)
        self._goal_names = frozenset(goal.name for goal in config.goal)
        self._devices: dict[str, Device] = {}
        self._languages: dict[str, str] = {}
        self._sources: dict[tuple[str, Site], tuple[str, str]] = {}

    # -- at the beginning of an exchange

    def facts(self, request: Mapping[str, Any], consent: Consent, site: Site) -> Facts | None:
        """Before the request is cleaned. None for whoever turned statistics off: nothing of them is counted."""
        if consent.statistics_off:
            return None
        get = request.get
        hops = (get("HTTP_X_FORWARDED_FOR", ""), get("HTTP_FORWARDED", "")) if self._proxied else NO_HOPS
        return (
            request,
            consent,
            site,
            get("REMOTE_ADDR", ""),
            get("HTTP_USER_AGENT", ""),
            get("HTTP_REFERER", ""),
            get("QUERY_STRING", ""),
            hops,
        )

    def region(self, request: Mapping[str, Any]) -> str:
        """The region of a request that still has its address."""
        self.flusher.wake()  # whose turns take up another database
        try:
            peer = request.get("REMOTE_ADDR", "")
            hops = request.get("HTTP_X_FORWARDED_FOR", ""), request.get("HTTP_FORWARDED", "")
            return self._region(peer, hops)
        except Exception as error:
            log.error("A region could not be looked up (%s).", type(error).__name__)
            return UNKNOWN

    def is_somebody(self, facts: Facts) -> bool:
        """Whether this request counts as a visitor's: a robot's and a prefetch's do not, and are told nothing that
        would keep the visit that comes after them from being counted."""
        return not (self._device(facts[4]).bot or _prefetch(facts[0]))

    def new_periods(self, consent: Consent) -> tuple[str, ...]:
        """Periods in which a visitor who granted analytics is new. () for everyone else."""
        choice = consent.choice
        if choice is None or "analytics" not in consent.granted or choice.statistics_off:
            return ()
        return periods_new_to(choice.counted_day, self.calendar.today())

    def source_kept(self, facts: Facts) -> Source | None:
        """The channel and the campaign that brought a visitor who granted analytics, for their goals: of this
        arrival, else what their cookie remembers. None for everyone else."""
        _, consent, site, _, _, referrer, query, _ = facts
        choice = consent.choice
        if choice is None or "analytics" not in consent.granted or choice.statistics_off:
            return None
        known = choice.channel, choice.campaign
        return self.source_of(referrer, query, site) or known

    def source_of(self, referrer: str, query: str, site: Site) -> Source | None:
        """What a referrer and a query say of an arrival; None for a step inside the site."""
        try:
            _, channel = self._source(referrer, site)
            if channel == INTERNAL:
                return None
            campaign = campaign_of(query) if query else {}
            name = campaign.get("campaign", "")
            channel = self._referrers.tagged(channel, campaign) if campaign else channel
            return channel, name if CAMPAIGN.fullmatch(name) else None
        except Exception as error:
            log.error("A source could not be told (%s).", type(error).__name__)
            return None

    # -- at its end

    def count(self, facts: Facts, outcome: Outcome) -> None:
        """Count the view that this exchange was."""
        try:
            self._count(facts, outcome)
        except Exception as error:
            log.error("A view could not be counted (%s).", type(error).__name__)
            return
        self.flusher.wake()

    def _count(self, facts: Facts, outcome: Outcome) -> None:
        request, consent, site, peer, agent, referrer, query, hops = facts
        day, hour = self.calendar.now()
        device = self._devices.get(agent) or self._device(agent)
        reason = device.bot or _prefetch(request)
        if reason:
            self.buffer.add(day, (("bot", reason),), VISIT)
            return
        host, channel = self._source(referrer, site)
        campaign = campaign_of(query) if query and channel != INTERNAL else {}
        if campaign:
            channel = self._referrers.tagged(channel, campaign)
        region = self._region(peer, hops)
        wanted = request.get("HTTP_ACCEPT_LANGUAGE", "")
        language = self._languages.get(wanted) or self._language(wanted)
        state = "signal" if consent.signal is not None else consent.state
        page = request.get(PAGE) or page_key(_path(request))
        cells = view_cells(hour, page, region, device, channel, state, language)
        weight = VIEW
        if channel != INTERNAL:
            weight = VISIT
            cells.append(("referrer", host))
            if campaign:
                cells += [(f"utm_{name}", value) for name, value in campaign.items()]
        if outcome.asked:
            cells += prompt_cells("shown", region, device.kind, self._banner, language)
        elif consent.signal is not None and (consent.choice is None or not consent.choice.answered):
            # The browser's signal has answered what would have been asked here.
            cells += prompt_cells("signal", region, device.kind, self._banner, language)
        self.buffer.add(day, cells, weight)
        if outcome.held or outcome.new or self._goals:
            self._count_beside(day, request, outcome, arrival=weight == VISIT)

    def _count_beside(self, day: int, request: Mapping[str, Any], outcome: Outcome, *, arrival: bool) -> None:
        self.buffer.add_each(day, held_cells(outcome.held, arrival=arrival))
        cells = [(f"unique:{period}", "") for period in outcome.new]
        path = request.get("PATH_INFO", "")
        for page, name in self._goals:
            if path == page:
                cells += goal_cells(name, outcome.source)
        self.buffer.add(day, cells, VISIT)

    # -- events beside views

    def answered(self, request: Mapping[str, Any], consent: Consent, event: str) -> None:
        """An act in answer to the question: accept, reject, custom or withdrawn. Its language is the browser's
        first, as it was when the question was shown: the two are subtracted."""
        try:
            device = self._device(request.get("HTTP_USER_AGENT", ""))
            if consent.statistics_off or device.bot:
                return
            region = request.get(REGION) or self.region(request)
            language = self._language(request.get("HTTP_ACCEPT_LANGUAGE", ""))
            cells = prompt_cells(event, region, device.kind, self._banner, language)
            self.buffer.add(self.calendar.today(), cells, VISIT)
        except Exception as error:
            log.error("An answer could not be counted (%s).", type(error).__name__)
            return
        self.flusher.wake()

    def goal(self, name: str, consent: Consent | None = None) -> None:
        """A goal that the site's own server reports. Raises KeyError for a name that no `[[goal]]` has."""
        if name not in self._goal_names:
            raise KeyError(f"no [[goal]] is named {name!r}")
        if consent is None or not consent.statistics_off:
            source = None
            if consent is not None and consent.choice is not None and "analytics" in consent.granted:
                source = consent.choice.channel, consent.choice.campaign
            self.buffer.add(self.calendar.today(), goal_cells(name, source), VISIT)
            self.flusher.wake()

    # -- what is looked up

    def _region(self, peer: str, hops: tuple[str, str]) -> str:
        if self._proxied:
            peer = client_address(peer, *hops, self._proxies)
        # Truncated first: what is looked up is never the whole address.
        return self._region_of(truncate_packed(peer, self._precision))

    def _source(self, referrer: str, site: Site) -> tuple[str, str]:
        """Hosts of one site are remembered, never a referrer: its path may be somebody's own."""
        if not referrer:
            return "", "direct"
        end = referrer.find("/", 8, 512)
        authority = referrer[:end] if end > 0 else referrer[:512]
        found = self._sources.get((authority, site))
        if found is None:
            found = self._referrers.source(authority, site.owns)
            if len(authority) <= LONGEST_AUTHORITY:
                if len(self._sources) >= MOST_REMEMBERED:
                    self._sources = {}
                self._sources[authority, site] = found
        return found

    def _device(self, agent: str) -> Device:
        found = self._devices.get(agent)
        if found is None:
            found = device_of(agent)
            if len(agent) <= 512:
                if len(self._devices) >= MOST_REMEMBERED:
                    self._devices = {}
                self._devices[agent] = found
        return found

    def _language(self, header: str) -> str:
        found = _first_language(header)
        if len(header) <= LONGEST_LANGUAGE:
            if len(self._languages) >= MOST_REMEMBERED:
                self._languages = {}
            self._languages[header] = found
        return found


def _path(request: Mapping[str, Any]) -> str:
    """The path as text: PEP 3333 hands bytes over as Latin-1."""
    path: str = request.get("SCRIPT_NAME", "") + request.get("PATH_INFO", "")
    return path if path.isascii() else path.encode("latin-1", "replace").decode("utf-8", "replace")


def _first_language(header: str) -> str:
    """The primary subtag of the language wanted most: `en` of `en-GB,en;q=0.9`."""
    first = header[:LONGEST_LANGUAGE].partition(",")[0].partition(";")[0].strip().partition("-")[0].lower()
    return first if 2 <= len(first) <= 3 and first.isascii() and first.isalpha() else UNKNOWN


def _prefetch(request: Mapping[str, Any]) -> str:
    """ "prefetch" where a browser fetches ahead of a visitor who may never come, else ""."""
    if "HTTP_SEC_PURPOSE" in request or "HTTP_PURPOSE" in request or "HTTP_X_MOZ" in request:
        return "prefetch" if any("prefetch" in request.get(name, "") for name in PREFETCH) else ""
    return ""
