"""POST /_gate/report: what a browser's policy has held, as a host, a directive and a count.

Reports come from anyone and say where visitors were: everything but the two words is dropped unread, and only
so many are taken in a second.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from flask import Request, Response

from ..core.urls import split_url
from ..errors import BadRequest
from .allowance import Allowance
from .ports import GatePort
from .visitor import Visitor


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


def allowance() -> Allowance:
    return Allowance(per_second=PER_SECOND, burst=BURST)


def take(gate: GatePort, request: Request, allowed: Allowance) -> Response:
    """204, whether it was counted or not. Raises BadRequest for what no browser sends."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
        raise BadRequest(403, UNREADABLE)
    if gate.config.reports and allowed.take():
        site = gate.variants.site(request.environ)
        held = [
            (kind, gate.held_name(host), 1) for kind, host in _held(_parsed(request)) if not site.owns(host)
        ]
        if Visitor(gate, request).consent.statistics_off:
            held = []
        gate.tally.add("reported", held[:MOST_IN_ONE])
        if gate.metrics is not None:
            gate.metrics.reports.inc(len(held[:MOST_IN_ONE]))
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
