"""What a fault of ours leaves of a request and of a response: the closed side, and a line of log."""

from __future__ import annotations

import logging
from collections.abc import Collection, MutableMapping
from typing import Any

from ..core.csp import HOW, SCHEMES
from ..core.response_headers import DROPPED
from .reply import Headers

log = logging.getLogger("cookiegate")

UNTRUSTED = DROPPED | {"link", "refresh", "cache-control", "etag", "last-modified"}
CLOSED_POLICY = f"default-src {HOW} {SCHEMES}"


def guarded(request: MutableMapping[str, Any], at_stake: Collection[str], edit: Any, *facts: Any) -> Any:
    """Run one edit; where it fails, the headers that it was to clean are taken out whole."""
    try:
        return edit(*facts)
    except Exception as error:
        names = ", ".join(sorted(at_stake))
        log.error("A request could not be edited and lost %s (%s).", names, where(error))
        for key in at_stake:
            request.pop(key, None)
        return None


def closed_headers(headers: Headers) -> Headers:
    """What is left of a head that could not be gated: sign-in goes on working, nothing else is trusted."""
    kept = []
    for name, value in headers:
        lowered = name.lower()
        script_sees = lowered == "set-cookie" and "httponly" not in value.lower()
        if not script_sees and lowered not in UNTRUSTED:
            kept.append((name, value))
    return [*kept, ("Content-Security-Policy", CLOSED_POLICY), ("Cache-Control", "no-store")]


def where(error: Exception) -> str:
    """Kind and place of a fault. Its text and its frames may hold what belongs to a visitor."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" in {trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else ""
    return type(error).__name__ + place
