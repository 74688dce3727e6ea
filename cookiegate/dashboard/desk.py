"""What all pages of one dashboard share: the store, the clock, the rules that figures were sealed with."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from ..config import Config
from ..core.sealing import Rule
from ..counting.calendar import Calendar
from ..counting.opening import NAMELESS
from ..counting.sealer import GRACE
from ..face.statics import Statics
from ..geo import open_regions
from ..stores import Store
from .question import Question, read_question


class Desk:
    """`clock` gives seconds since 1970."""

    def __init__(self, config: Config, store: Store, clock: Callable[[], float] = time.time) -> None:
        self.store = store
        self.site = config.site.host or NAMELESS
        self.statics = Statics({})
        self._rule = Rule(config.counts.k)
        self._calendar = Calendar(config.counts.timezone, clock)
        self._regions = open_regions(config.geo, config.state_dir)

    def credit(self) -> str:
        """What must stand where regions are shown, or ""."""
        return self._regions.credit

    def end(self) -> int:
        """The last day that can be sealed by now."""
        return self._calendar.day_before(GRACE) - 1

    def question(self, site: str, args: Mapping[str, str], since: int | None) -> Question:
        rule = self._rule
        return read_question(site, args, end=self.end(), since=since, k=rule.k, block=rule.block)
