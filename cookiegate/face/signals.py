"""The script blocks for released pages: vendors' consent signals, and the hand-over of the referrer."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import TYPE_CHECKING

from markupsafe import escape

from ..core.consent import OPTIONAL, Consent

if TYPE_CHECKING:
    from .face import Face

VENDORS = ("google", "microsoft", "clarity", "meta", "tiktok", "pinterest")
"""Families of tags that understand consent. LinkedIn's knows no such call: it is only loaded or not."""
GOOGLE_TYPES = {
    "marketing": ("ad_storage", "ad_user_data", "ad_personalization"),
    "analytics": ("analytics_storage",),
    "preferences": ("functionality_storage", "personalization_storage"),
}


class SignalBlocks:
    """Renders one block for each (vendors, categories); few exist, so each is kept."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self._scripts: dict[tuple[tuple[str, ...], frozenset[str]], str] = {}

    def block(self, vendors: Iterable[str], consent: Consent, nonce: str = "") -> bytes:
        """One `<script>`; empty where none of `vendors` has signals."""
        known = tuple(vendor for vendor in VENDORS if vendor in set(vendors))
        if not known:
            return b""
        # A service that was released alone grants its category to its own vendor, and to no other.
        groups: dict[frozenset[str], list[str]] = {}
        for vendor in known:
            groups.setdefault(self._granted(vendor, consent), []).append(vendor)
        return b"".join(script(self._script(tuple(of), granted), nonce) for granted, of in groups.items())

    def _granted(self, vendor: str, consent: Consent) -> frozenset[str]:
        if consent.everything:
            return frozenset(OPTIONAL)
        known = (self._face.catalogue.service(id) for id in consent.services)
        return consent.granted | {s.category for s in known if s is not None and s.signal == vendor}

    def _script(self, vendors: tuple[str, ...], granted: frozenset[str]) -> str:
        text = self._scripts.get((vendors, granted))
        if text is None:
            text = self._scripts[vendors, granted] = self._render(vendors, granted)
        return text

    def _render(self, vendors: tuple[str, ...], granted: Set[str]) -> str:
        def state(category: str) -> str:
            return "granted" if category in granted else "denied"

        denied = {name: "denied" for names in GOOGLE_TYPES.values() for name in names}
        update = {name: "granted" for category in sorted(granted) for name in GOOGLE_TYPES.get(category, ())}
        return self._face.script_text(
            "signals.js",
            vendors=vendors,
            google_default={**denied, "security_storage": "granted"},
            google_update=update,
            marketing="marketing" in granted,
            clarity={"ad_Storage": state("marketing"), "analytics_Storage": state("analytics")},
        )


def script(text: str, nonce: str = "") -> bytes:
    """An inline script element with the site's nonce, where it has one."""
    attribute = f' nonce="{escape(nonce)}"' if nonce else ""
    return f"<script{attribute}>{text}</script>".encode()
