"""Opt-out preference signals. Only the exact value `1` is one: https://www.w3.org/TR/gpc/"""

from __future__ import annotations

from .consent import Signal


def signal_of(sec_gpc: str | None, dnt: str | None) -> Signal | None:
    """The signal of a request, from its `Sec-GPC` and `DNT` values (None: absent, or not to be honoured)."""
    if _is_on(sec_gpc):
        return "gpc"
    return "dnt" if _is_on(dnt) else None


def _is_on(value: str | None) -> bool:
    """Servers join repeated headers with commas; one `1` among them is enough."""
    return value is not None and any(part.strip(" \t") == "1" for part in value.split(","))
