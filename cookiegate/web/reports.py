"""POST /_gate/report: what a browser's policy has held, as a host, a directive and a count.

Reports come from anyone and say where visitors were: everything but the two words is dropped unread, and only
so many are taken in a second.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

from flask import Request, Response

from ..core.urls import split_url
from ..errors import BadRequest
from .ports import GatePort


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


UNREADABLE = _("This is no report of a policy.")
DIRECTIVE = re.compile(r"[a-z]{3,12}-src(?:-elem|-attr)?|form-action|frame-ancestors|prefetch-src")
HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
PER_SECOND = 20
BURST = 200
MOST_IN_ONE = 50
"""Reports in one request; browsers bundle what a page gathers."""


class Allowance:
    """A bucket that fills by `PER_SECOND` up to `BURST`, for one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = float(BURST)
        self._at = time.monotonic()

    def take(self) -> bool:
        with self._lock:
            now = time.monotonic()
            self._left = min(BURST, self._left + (now - self._at) * PER_SECOND)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True


def take(gate: GatePort, request: Request, allowed: Allowance) -> Response:
    """204, whether it was counted or not. Raises BadRequest for what no browser sends."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
        raise BadRequest(403, UNREADABLE)
    if gate.config.reports and allowed.take():
        site = gate.variants.site(request.environ)
        held = [(kind, host, 1) for kind, host in _held(_parsed(request)) if not site.owns(host)]
        gate.tally.add("reported", held[:MOST_IN_ONE])
    return Response(status=204)


def _parsed(request: Request) -> list[Any]:
    try:
        found = json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise BadRequest(400, UNREADABLE) from None
    return found if isinstance(found, list) else [found]


def _held(reports: list[Any]) -> Iterator[tuple[str, str]]:
    """(directive, host) of each report, in the form of `report-uri` or of `report-to` (CSP Level 3, 5)."""
    for report in reports:
        if not isinstance(report, dict):
            continue
        body = report.get("csp-report") or report.get("body")
        if not isinstance(body, dict):
            continue
        directive = (
            body.get("effective-directive")
            or body.get("effectiveDirective")
            or body.get("violated-directive")
        )
        blocked = body.get("blocked-uri") or body.get("blockedURL")
        if not isinstance(directive, str) or not isinstance(blocked, str) or len(blocked) > 8_000:
            continue
        target = split_url(blocked)
        name = directive.partition(" ")[0]
        if target is not None and DIRECTIVE.fullmatch(name) and HOST.fullmatch(target[0]):
            yield name, target[0]
