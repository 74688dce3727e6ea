"""A small site for the tests of the face and the pages: real parts, and a clock that stands still."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cookiegate.config import Config, question_from
from cookiegate.core.catalogue import Catalogue
from cookiegate.core.consent import Choice, Consent, consent_of
from cookiegate.core.consent_cookie import ConsentCodec
from cookiegate.core.cookie_rules import CookieRules
from cookiegate.core.host_table import HostTable
from cookiegate.core.once_cookie import Once, OnceCodec
from cookiegate.core.path_rules import PathRules
from cookiegate.core.preview import PreviewCodec
from cookiegate.core.services import CookieMatch, Service
from cookiegate.core.signals import signal_of
from cookiegate.core.site import Site
from cookiegate.core.snippets import SnippetRules
from cookiegate.errors import BadConsentCookie
from cookiegate.face import Face
from cookiegate.gate.cookies import CookieNames
from cookiegate.ledger import Ledger
from cookiegate.tally import Tally

NOON = 1_795_435_200
"""2026-11-23 12:00 UTC."""
KEYS = ("a secret of thirty-two characters", "an older secret of thirty-two chars")


def service(id: str, name: str, category: str, *, cookies: tuple[str, ...] = (), **more: Any) -> Service:
    return Service(id=id, name=name, category=category, hosts=(f"{id}.test",), cookies=cookies, **more)


SERVICES = {
    one.id: one
    for one in (
        service(
            "google-analytics",
            "Google Analytics",
            "analytics",
            cookies=("_ga",),
            owner="Google LLC",
            signal="google",
        ),
        service("hotjar", "Hotjar", "analytics", owner="Contentsquare", country="FR"),
        service("youtube", "YouTube", "marketing", owner="Google LLC", country="US", embed=True),
        service("meta-pixel", "Meta Pixel", "marketing", cookies=("_fbp",), owner="Meta", signal="meta"),
        service("google-maps", "Google Maps", "preferences", owner="Google LLC", country="US", embed=True),
        service(
            "stripe", "Stripe", "necessary", owner="Stripe Inc", reason="Takes your payment.", enabled=True
        ),
        service(
            "recaptcha", "reCAPTCHA", "necessary", owner="Google LLC", reason="Keeps robots out.", embed=True
        ),
    )
}


def catalogue() -> Catalogue:
    cookies, hosts = CookieRules(), HostTable()
    for one in SERVICES.values():
        hosts.add(one.id, one.hosts)
        cookies.add(CookieMatch(one.category, one.id, name, "test", "vendor") for name in one.cookies)
    cookies.add([CookieMatch("analytics", "google-analytics", "_ga_*", "test", "vendor")])
    return Catalogue(SERVICES, hosts=hosts, cookies=cookies, snippets=SnippetRules(), paths=PathRules())


def settings(**more: Any) -> Config:
    values: dict[str, Any] = {
        "site": {"name": "Hollins & Vale", "public_url": "https://shop.site.test"},
        "controller": {
            "name": "Hollins & Vale Furniture Ltd",
            "registration": "Company 01234567, England and Wales",
            "address": "4 Mill Lane, Bath BA1 1AA",
            "contact": "privacy@site.test",
            "complaint_name": "Information Commissioner's Office",
            "complaint_url": "https://ico.org.uk/make-a-complaint/",
        },
        "privacy_url": "/privacy",
        "services": [id for id in SERVICES if id != "recaptcha"],
        "cookie": [
            {"name": "session", "purpose": "Keeps you signed in.", "lifetime": "until you close the browser"}
        ],
    }
    return Config(**values | more)


class _Variants:
    def site(self, request: Mapping[str, Any]) -> Site:
        return Site(
            request.get("HTTP_HOST", "site.test"), registrable=lambda host: ".".join(host.split(".")[-2:])
        )


class StandingGate:
    """The attributes that the pages need, without the middleware around them."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.folder = folder
        self.counter = None
        self.metrics = None
        self.config = settings(**more)
        self.catalogue = catalogue()
        self.question = question_from(self.config, self.catalogue)
        self.face = Face(self.config, self.catalogue, self.question, delivery=["cdn.jsdelivr.net"])
        self.ledger = Ledger(folder / "ledger.sqlite")
        self.preview = PreviewCodec(("a-secret-of-the-tests-alone-0123456789",))
        self.tally = Tally(folder / "held.sqlite")
        self.held_name = lambda name: ".".join(name.split(".")[-2:])
        weakref.finalize(self, self.ledger.close)
        self.codec, self.once_codec = ConsentCodec(KEYS), OnceCodec(KEYS)
        self.cookie_names = CookieNames(domain=self.config.cookie_domain, insecure=self.config.insecure_http)
        self.variants = _Variants()
        self.now = float(NOON)

    def clock(self) -> float:
        return self.now

    @property
    def today(self) -> int:
        return int(self.now) // 86_400

    def choice(self, cookie: str) -> Choice | None:
        try:
            return self.codec.read(cookie, today=self.today, lifetime_days=self.config.cookie_days)
        except BadConsentCookie:
            return None

    def once(self, value: str) -> Once | None:
        try:
            return self.once_codec.decode(value, int(self.now))
        except BadConsentCookie:
            return None

    def consent(self, request: Any, cookie: str | None, once: Once | None = None) -> Consent:
        signal = signal_of(request.get("HTTP_SEC_GPC"), request.get("HTTP_DNT"))
        choice = self.choice(cookie) if cookie else None
        return consent_of(choice, self.question, signal=signal, once=once.services if once else frozenset())
