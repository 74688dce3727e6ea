"""The question in a visitor's words: categories with names and purposes, and who is behind each service."""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from ..config import Config
from ..core.consent import NECESSARY
from ..core.question import Question
from ..core.services import CookieMatch, Service


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


CATEGORY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "necessary": _("Necessary"),
        "preferences": _("Preferences and embedded content"),
        "analytics": _("Analytics"),
        "marketing": _("Marketing"),
        "unclassified": _("Not yet described"),
    }
)
CATEGORY_PURPOSES: Mapping[str, str] = MappingProxyType(
    {
        "necessary": _("What this site needs to work, such as signing in and keeping a basket."),
        "preferences": _("Remember your settings; show maps, fonts and videos from other providers."),
        "analytics": _("Measure how this site is used, to improve it."),
        "marketing": _("Show and measure advertising that fits you, on other sites too."),
    }
)


class CatalogueView(Protocol):
    """What the face asks of a catalogue; a service is a `core.services.Service`."""

    def service(self, id: str, /) -> Service | None: ...
    def cookies_of(self, category: str, /) -> Iterable[CookieMatch]: ...


@dataclass(frozen=True, slots=True)
class ServiceView:
    """One third party as visitors read of it. `country` is a two-letter code or empty."""

    id: str
    name: str
    owner: str
    country: str
    category: str
    purpose: str
    privacy_url: str


@dataclass(frozen=True, slots=True)
class CategoryView:
    id: str
    name: str
    purpose: str
    services: tuple[ServiceView, ...]

    @property
    def names(self) -> str:
        return ", ".join(service.name for service in self.services)


def service_view(id: str, category: str, purpose: str, catalogue: CatalogueView) -> ServiceView:
    """A service that the catalogue no longer knows is shown by its id: it was asked about all the same."""
    known = catalogue.service(id)
    if known is None:
        return ServiceView(id, id, "", "", category, purpose, "")
    return ServiceView(
        id,
        known.name or id,
        known.owner,
        known.country,
        category,
        purpose or known.purpose,
        known.privacy_url,
    )


def category_views(
    question: Question, config: Config, catalogue: CatalogueView, texts: gettext.NullTranslations
) -> tuple[CategoryView, ...]:
    """The optional categories in the order of the question, each with its services by name."""
    purposes = dict(question.purposes) or dict(config.purposes)
    return tuple(
        CategoryView(
            name,
            texts.gettext(CATEGORY_NAMES[name]),
            purposes.get(name) or texts.gettext(CATEGORY_PURPOSES[name]),
            _services(name, question, catalogue),
        )
        for name in question.categories
    )


def necessary_view(config: Config, catalogue: CatalogueView, texts: gettext.NullTranslations) -> CategoryView:
    """What is always on: the services that the operator enabled as necessary, each with its reason."""
    known = (catalogue.service(id) for id in config.enabled_services)
    services = tuple(
        service_view(service.id, NECESSARY, service.reason, catalogue)
        for service in known
        if service is not None and service.category == NECESSARY
    )
    name, purpose = CATEGORY_NAMES[NECESSARY], CATEGORY_PURPOSES[NECESSARY]
    purpose = config.purposes.get(NECESSARY) or texts.gettext(purpose)
    return CategoryView(NECESSARY, texts.gettext(name), purpose, services)


def _services(category: str, question: Question, catalogue: CatalogueView) -> tuple[ServiceView, ...]:
    views: Iterable[ServiceView] = (
        service_view(asked.id, category, asked.purpose, catalogue)
        for asked in question.services
        if asked.category == category
    )
    return tuple(sorted(views, key=lambda view: view.name.lower()))
