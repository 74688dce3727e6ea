"""Counting put together from settings: store, sealer, flusher, counter."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..config import Config
from ..core.sealing import Rule
from ..geo import open_regions
from ..request_data import load_referrers
from ..stores import Store, open_store
from .buffer import Buffer
from .calendar import Calendar
from .counter import Counter
from .figures import figures
from .flusher import Flusher
from .sealer import GRACE, Sealer

NAMELESS = "site"
"""What a site is called in its store that has no `public_url`."""


def store_of(config: Config) -> Store:
    """The store that the settings name; nothing is connected yet. Raises StoreError."""
    return open_store(config.store, (config.folder or config.state_dir.parent) / config.state_dir)


def name_of(config: Config) -> str:
    """What the site is called in its store."""
    return config.site.host or NAMELESS


def sealer_of(
    config: Config, store: Store, clock: Callable[[], float] = time.time, site: str | None = None
) -> Sealer:
    """The sealer of the site that the settings name, or, with the same settings, of another in the store."""
    calendar = Calendar(config.counts.timezone, clock)
    rule = Rule(config.counts.k, channel_of=load_referrers().channel_of)
    months = config.counts.months
    return Sealer(
        store,
        site or name_of(config),
        rule,
        last_day=lambda: calendar.day_before(GRACE) - 1,
        months=months,
    )


def open_counter(config: Config, banner: str, clock: Callable[[], float] = time.time) -> Counter | None:
    """A counter with its flusher, which starts with the first view; None where counting is off. `banner` is the
    version of the question that prompts count under."""
    if not config.counts.enabled:
        return None
    store = store_of(config)
    calendar = Calendar(config.counts.timezone, clock)
    buffer = Buffer()
    sealer = sealer_of(config, store, clock)
    regions = open_regions(config.geo, config.state_dir)
    flusher = Flusher(
        buffer,
        store,
        name_of(config),
        today=calendar.today,
        every=config.counts.flush_seconds,
        chores=sealer.run if config.counts.seal == "auto" else None,
        each_turn=regions.source,
    )
    counter = Counter(
        config,
        buffer,
        calendar,
        waker=flusher,
        region_of=regions,
        referrers=load_referrers(),
        banner=banner,
    )
    counter.figures = lambda: figures(buffer, flusher, sealer)
    flusher.owned_by(counter)
    return counter
