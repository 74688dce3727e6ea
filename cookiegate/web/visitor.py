"""The visitor behind one request to the gate's own pages: cookie, choice, signal, and what they are told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Request

from ..core.consent import SIGNALLED, UNCLASSIFIED, Choice, Consent, Signal, carried, consent_of
from ..core.cookie_header import cookie_names
from ..core.once_cookie import Once
from ..core.signals import signal_of
from ..core.site import Site
from ..gate.cookies import storable
from .ports import GatePort


@dataclass(frozen=True)
class Visitor:
    gate: GatePort
    request: Request

    @property
    def environ(self) -> dict[str, Any]:
        return self.request.environ

    @cached_property
    def _cookies(self) -> tuple[str | None, str | None]:
        return self.gate.cookie_names.find(self.environ.get("HTTP_COOKIE", ""))

    @property
    def sent_cookie(self) -> bool:
        return self._cookies[0] is not None

    @cached_property
    def choice(self) -> Choice | None:
        """What stands of the valid choice under the present question, or None."""
        cookie = self._cookies[0]
        return carried(self.gate.choice(cookie), self.gate.question) if cookie is not None else None

    @cached_property
    def once(self) -> Once | None:
        value = self._cookies[1]
        return self.gate.once(value) if value is not None else None

    @cached_property
    def signal(self) -> Signal | None:
        """What the browser sends, whether a later choice goes before it or not."""
        dnt = self.environ.get("HTTP_DNT") if self.gate.config.dnt else None
        return signal_of(self.environ.get("HTTP_SEC_GPC"), dnt)

    @cached_property
    def consent(self) -> Consent:
        """What is stored and signalled, without "load once"."""
        return self.gate.consent(self.environ, self._cookies[0])

    @property
    def site(self) -> Site:
        return self.gate.variants.site(self.environ)

    @cached_property
    def language(self) -> str:
        wanted = [tag for tag, quality in self.request.accept_languages if quality > 0]
        return self.gate.face.language(*wanted)

    @cached_property
    def storable(self) -> bool:
        return storable(self.environ, self.gate.config)

    def category_of(self, service: str) -> str | None:
        known = self.gate.catalogue.service(service)
        asked = (entry.category for entry in self.gate.question.services if entry.id == service)
        return next(asked, known.category if known else None)

    def signal_denies(self, service: str) -> bool:
        """Whether the browser's signal keeps a service from being allowed for good."""
        if self.signal is None or (self.choice is not None and self.choice.over_signal):
            return False
        return (self.category_of(service) or "marketing") in SIGNALLED

    def optional_cookies(self) -> list[tuple[str, str, str | None]]:
        """(category, name, service) of the optional catalogued cookies that the browser sent, each once."""
        found: dict[str, tuple[str, str, str | None]] = {}
        for name in cookie_names(self.environ.get("HTTP_COOKIE", "")):
            match = self.gate.catalogue.match_cookie(name)
            ours = name in (self.gate.cookie_names.consent, self.gate.cookie_names.once)
            if match is not None and not ours and match.category != "necessary":
                found[name] = (match.category or UNCLASSIFIED, name, match.service)
        return list(found.values())

    def after(self, choice: Choice) -> Consent:
        """Where the visitor stands once `choice` is stored."""
        return consent_of(choice, self.gate.question, signal=self.signal)
