"""A catalogue of four services, for tests of what the configuration asks of one."""

from __future__ import annotations

from typing import ClassVar, NamedTuple


class KnownService(NamedTuple):
    name: str
    category: str
    purpose: str = ""
    reason: str = ""


class SmallCatalogue:
    services: ClassVar = {
        "google-analytics": KnownService("Google Analytics", "analytics", "Counts visits"),
        "google-tag-manager": KnownService("Google Tag Manager", "marketing"),
        "vimeo": KnownService("Vimeo", "preferences", "Plays videos"),
        "stripe": KnownService("Stripe", "necessary", "Takes payments", "You are paying"),
    }
    hosts: ClassVar = {"www.google-analytics.com": "google-analytics", "cdn.vendor.example": "vimeo"}

    def service(self, id: str) -> KnownService | None:
        return self.services.get(id)

    def match_url(self, host: str, path: str) -> KnownService | None:
        return self.service(self.hosts.get(host, ""))
