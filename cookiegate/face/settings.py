"""The settings page: who asks, what is on now, and a switch for each part of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.consent import SIGNALLED, Choice
from .asked import CategoryView, ServiceView, service_view
from .cookie_table import cookie_rows
from .dates import written
from .facts import SettingsFacts
from .notices import NOTICES, WARNINGS

if TYPE_CHECKING:
    from .face import Face, LanguageView


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


STATES = {
    "undecided": _("You have not chosen yet"),
    "denied": _("Everything optional is off"),
    "partial": _("Some of it is allowed"),
    "granted": _("Everything is allowed"),
}


@dataclass(frozen=True, slots=True)
class ServiceSwitch:
    view: ServiceView
    on: bool


@dataclass(frozen=True, slots=True)
class CategorySwitch:
    """`leaving` names the visitor's cookies that go when the category is switched off."""

    view: CategoryView
    on: bool
    by_signal: bool
    services: tuple[ServiceSwitch, ...]
    leaving: tuple[str, ...]


def render_settings(face: Face, facts: SettingsFacts) -> str:
    view = face.view(face.language(facts.language))
    consent = facts.consent
    switches = [_category(category, facts) for category in view.categories]
    others = _others(face, consent.services, consent.everything)
    answered = consent.choice if consent.choice is not None and consent.choice.answered else None
    values = {
        "question": face.question.hash,
        "notice": view.texts.gettext(NOTICES[facts.notice]) if facts.notice in NOTICES else "",
        "warning": facts.notice in WARNINGS,
        "storable": facts.storable,
        "state": view.texts.gettext(STATES[consent.state]),
        "signal": consent.signal,
        "over_signal": facts.signal_sent and consent.signal is None,
        "stops": _stops(switches, others),
        "leaving": [name for switch in switches for name in switch.leaving],
        "days": face.config.cookie_days,
        "necessary": view.necessary,
        "categories": switches,
        "others": others,
        "cookies": cookie_rows(face, view),
        "delivery": face.delivery,
        "statistics_off": consent.statistics_off,
        "record": consent.choice.record if consent.choice else None,
        "controller": face.config.controller,
        "contact_url": contact_url(face.config.controller.contact),
        "privacy_url": face.config.privacy_url,
    }
    return face.page("settings.html", view, facts.back, values | _period(face, view, answered))


def _category(category: CategoryView, facts: SettingsFacts) -> CategorySwitch:
    consent = facts.consent
    on = consent.everything or category.id in consent.granted
    services = tuple(ServiceSwitch(s, on or s.id in consent.services) for s in category.services)
    some = on or any(service.on for service in services)
    return CategorySwitch(
        category,
        on,
        consent.signal is not None and category.id in SIGNALLED,
        services,
        tuple(name for owner, name in facts.seen_cookies if some and owner == category.id),
    )


def _others(face: Face, services: Iterable[str], everything: bool) -> tuple[ServiceSwitch, ...]:
    """What was released from a placeholder and is not part of the question: embeds and unnamed hosts."""
    if everything:
        return ()
    ids = sorted(set(services) - face.question.service_ids)
    return tuple(ServiceSwitch(service_view(id, "", "", face.catalogue), True) for id in ids)


def _stops(switches: list[CategorySwitch], others: tuple[ServiceSwitch, ...]) -> list[str]:
    """What a withdrawal stops, by name: the services that are on, and categories that are on without any."""
    names = [s.view.name for switch in switches for s in switch.services if s.on]
    names += [switch.view.name for switch in switches if switch.on and not switch.services]
    return names + [service.view.name for service in others]


def _period(face: Face, view: LanguageView, choice: Choice | None) -> dict[str, str]:
    if choice is None:
        return {"decided": "", "until": ""}
    until = choice.day + face.config.cookie_days
    return {"decided": written(choice.day, view.texts), "until": written(until, view.texts)}


def contact_url(contact: str) -> str:
    return f"mailto:{contact}" if "@" in contact and "/" not in contact else contact
