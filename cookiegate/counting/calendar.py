"""The site's own days and hours, worked out once an hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from ..core.sealing.periods import day_of

HOUR = 3600


class Calendar:
    """`clock` gives seconds since 1970. Time zones differ by quarters of an hour: each quarter is looked up."""

    def __init__(self, zone: str, clock: Callable[[], float]) -> None:
        self._zone = ZoneInfo(zone)
        self._clock = clock
        self._now = (-1, 0, 0)

    def now(self) -> tuple[int, int]:
        """(day since 1970-01-01, hour) on the site's clock."""
        quarter = int(self._clock()) // (HOUR // 4)
        known = self._now
        if known[0] != quarter:
            when = datetime.fromtimestamp(quarter * (HOUR // 4), self._zone)
            self._now = known = (quarter, day_of(when.date()), when.hour)
        return known[1], known[2]

    def today(self) -> int:
        return self.now()[0]

    def day_before(self, seconds: int) -> int:
        """The day that it was so many seconds ago."""
        return day_of(datetime.fromtimestamp(self._clock() - seconds, self._zone).date())
