"""What all pages of one dashboard share: the store, the clock, the rules that figures were sealed with."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from ..config import Config
from ..core.sealing import Rule
from ..counting.calendar import Calendar
from ..counting.opening import NAMELESS
from ..counting.sealer import GRACE
from ..face.statics import Statics
from ..geo import open_regions
from ..request_data import load_referrers
from ..stores import Store
from .accounts import Accounts
from .annotations import Annotations
from .period import Days
from .question import Question, read_question
from .reading import Reader
from .shares import Shares
from .thrift import Thrifty
from .tokens import Tokens


class Desk:
    """`clock` gives seconds since 1970."""

    def __init__(
        self, config: Config, store: Store, accounts: Accounts, clock: Callable[[], float] = time.time
    ) -> None:
        self.config = config
        self.store = store
        self.accounts = accounts
        self.annotations = Annotations(accounts)
        self.shares = Shares(accounts)
        self.tokens = Tokens(accounts)
        self.site = config.site.host or NAMELESS
        self.statics = Statics({})
        self.user_header = config.dashboard.user_header
        self._rule = Rule(config.counts.k, channel_of=load_referrers().channel_of)
        self._calendar = Calendar(config.counts.timezone, clock)
        self._regions = open_regions(config.geo, config.state_dir)

    def credit(self) -> str:
        """What must stand where regions are shown, or ""."""
        return self._regions.credit

    def end(self) -> int:
        """The last day that can be sealed by now."""
        return self._calendar.day_before(GRACE) - 1

    @property
    def k(self) -> int:
        return self._rule.k

    def reader(self, site: str, k: int = 0) -> Reader:
        """Of what is published; of a part of it where k is higher than the site's own."""
        figures = Thrifty(self.store, replace(self._rule, k=k)) if k > self.k else self.store

        def noted(days: Days) -> list[tuple[int, str]]:
            return [(note.day, note.text) for note in self.annotations.of(site, days.first, days.last)]

        return Reader(figures, site, noted, self.end())

    def question(self, site: str, args: Mapping[str, str], since: int | None, k: int = 0) -> Question:
        """Raises BadRequest."""
        rule = self._rule
        found = read_question(site, args, end=self.end(), since=since, k=max(k, rule.k), block=rule.block)
        return replace(found, stricter=k > rule.k)
