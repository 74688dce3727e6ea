"""The preview: in `mode = "observe"` the gate enforces in the browser of whoever holds a signed link alone.

    1~d20781.<signature>

Version and the day it was made. It says nothing of its holder and lasts a week.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import BadConsentCookie
from .seal import Seal

LIFETIME_DAYS = 7
LIFETIME = LIFETIME_DAYS * 86_400
"""The same in seconds."""
LONGEST = 100
_PAYLOAD = re.compile(r"1~d([0-9]{1,6})")


class PreviewCodec:
    """Signs with the newest of `secret_keys` (newest first) and reads what any of them signed."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._seal = Seal(secret_keys, "cookiegate.preview")

    def encode(self, day: int) -> str:
        return self._seal.close(f"1~d{day}")

    def valid(self, key: str, today: int) -> bool:
        """Whether we signed it within the last week. Days since 1970-01-01."""
        if len(key) > LONGEST:
            return False
        try:
            found = _PAYLOAD.fullmatch(self._seal.open(key))
        except BadConsentCookie:
            return False
        return found is not None and 0 <= today - int(found[1]) <= LIFETIME_DAYS
