"""A catalogue of four services, for tests of what the configuration asks of one."""

from __future__ import annotations

from typing import ClassVar, NamedTuple


class KnownService(NamedTuple):
    name: str
    category: str
    purpose: str = ""
    reason: str = ""
    shared: bool = False


class KnownMatch(NamedTuple):
    service: KnownService
    category: str


class SmallCatalogue:
    services: ClassVar = {
        "google-analytics": KnownService("Google Analytics", "analytics", "Counts visits"),
        "google-tag-manager": KnownService("Google Tag Manager", "marketing"),
        "vimeo": KnownService("Vimeo", "preferences", "Plays videos"),
        "big-cdn": KnownService("Big CDN", "unclassified"),
        "big-host": KnownService("Big Host", "preferences", shared=True),
        "stripe": KnownService("Stripe", "necessary", "Takes payments", "You are paying"),
    }
    hosts: ClassVar = {"www.google-analytics.com": "google-analytics", "cdn.vendor.example": "vimeo"}

    def service(self, id: str) -> KnownService | None:
        return self.services.get(id)

    def match_url(self, host: str, path: str) -> KnownMatch | None:
        service = self.service(self.hosts.get(host, ""))
        return KnownMatch(service, service.category) if service else None
