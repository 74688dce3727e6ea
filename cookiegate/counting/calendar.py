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
        self._known = (0.0, 0.0, (0, 0))

    def now(self) -> tuple[int, int]:
        """(day since 1970-01-01, hour) on the site's clock."""
        time = self._clock()
        start, end, known = self._known
        if start <= time < end:
            return known
        quarter = time // (HOUR // 4) * (HOUR // 4)
        when = datetime.fromtimestamp(quarter, self._zone)
        known = day_of(when.date()), when.hour
        self._known = quarter, quarter + HOUR // 4, known
        return known

    def today(self) -> int:
        return self.now()[0]

    def day_before(self, seconds: int) -> int:
        """The day that it was so many seconds ago."""
        return day_of(datetime.fromtimestamp(self._clock() - seconds, self._zone).date())
