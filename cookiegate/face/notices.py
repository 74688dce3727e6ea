"""The short confirmations and warnings, by key: keys travel in cookies and queries, texts never do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


NOTICES: Mapping[str, str] = MappingProxyType(
    {
        "accepted": _("You have accepted all cookies. You can withdraw this at any time."),
        "rejected": _("You have rejected all optional cookies."),
        "saved": _("Your choice is saved."),
        "withdrawn": _(
            "Your consent is withdrawn. What it allowed is switched off and its cookies are deleted."
        ),
        "next-page": _("Your choice is saved. It applies from the next page, so nothing here is lost."),
        "statistics-off": _("Statistics are turned off: your visits are no longer counted."),
        "statistics-on": _("Statistics are turned on."),
        "signal-kept": _("Your choice is saved. Analytics and marketing stay off, as your browser asks."),
        "asked-again": _("What we ask has changed since then. Please choose again."),
        "cannot-store": _(
            "This connection is not encrypted, so your choice cannot be stored. Nothing optional is on."
        ),
        "no-cookie": _(
            "Your browser did not keep your choice: cookies are blocked. Nothing optional is switched on."
        ),
        "not-recorded": _(
            "Your choice could not be recorded, so nothing was switched on. Please try again later."
        ),
    }
)

WARNINGS = frozenset({"asked-again", "cannot-store", "no-cookie", "not-recorded"})
"""Shown as something that went wrong; the rest confirm what was done."""
