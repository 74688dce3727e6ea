"""The counts of one moment, put into plain words."""

from __future__ import annotations

from typing import Any

from ..core.consent import Consent
from .services import demo_services


def report(
    counts: Any, requests: Any, held: dict[str, int], consent: Consent | None, *, gated: bool
) -> dict[str, Any]:
    """What the page and its script show.

    `counts` and `requests` are the network's own answers, None where it is silent; `held` tags by service id.
    """
    total = counts["total"] if counts else 0
    return {
        "reachable": counts is not None,
        "total": total,
        "held": sum(held.values()),
        "choice": _choice(consent, gated),
        "sentence": _sentence(total, sum(held.values()), gated) if counts else SILENT,
        "services": _services(counts, held),
        "last": list(reversed(requests or []))[:SHOWN],
    }


SHOWN = 15
"""Requests that the page lists."""
SILENT = "The stand-in tracker network does not answer, so there is nothing to count."


def _choice(consent: Consent | None, gated: bool) -> str:
    if not gated or consent is None:
        return "There is no gate in front of this site: nobody was asked."
    if consent.everything:
        return "You accepted all cookies."
    if consent.granted:
        return f"You allowed {_list(sorted(consent.granted))}, and nothing else."
    if consent.signal:
        return "Your browser sends an opt-out signal, and the gate honours it."
    if consent.state == "undecided":
        return "You have not chosen yet."
    return (
        "You rejected all cookies."
        if not consent.services
        else "You let single services load, and nothing else."
    )


def _sentence(total: int, held: int, gated: bool) -> str:
    reached = (
        "No request has"
        if not total
        else f"{total} request{'' if total == 1 else 's'} ha{'s' if total == 1 else 've'}"
    )
    first = f"{reached} reached a tracker."
    if not gated:
        return f"{first} Nobody asked you anything."
    if not held:
        return f"{first} The gate has held no tags since the count began."
    return f"{first} The gate held {held} tag{'' if held == 1 else 's'} on the pages that were opened."


def _services(counts: Any, held: dict[str, int]) -> list[dict[str, Any]]:
    rows = counts["services"] if counts else [_empty(service) for service in demo_services()]
    known = {row["id"] for row in rows}
    rest = sum(number for name, number in held.items() if name not in known)
    listed = [row | {"held": held.get(row["id"], 0)} for row in rows]
    if rest:
        listed.append(
            {"id": "other", "name": "Other tags", "what": "", "requests": 0, "hosts": {}, "held": rest}
        )
    return listed


def _empty(service: Any) -> dict[str, Any]:
    return {"id": service.id, "name": service.name, "what": service.what, "requests": 0, "hosts": {}}


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
