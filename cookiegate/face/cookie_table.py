"""The cookie declaration: what the gate enforces, as rows that a visitor can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.consent import CATEGORIES
from .asked import CATEGORY_NAMES
from .texts import how_long

if TYPE_CHECKING:
    from .face import Face, LanguageView


@dataclass(frozen=True, slots=True)
class CookieRow:
    name: str
    purpose: str
    setter: str
    lifetime: str
    category: str


def cookie_rows(face: Face, view: LanguageView) -> list[CookieRow]:
    """The gate's own cookies, those that the operator declared, and those of each service in use."""
    return [*_own(face, view), *_declared(face, view), *_of_services(face, view)]


def _own(face: Face, view: LanguageView) -> Iterator[CookieRow]:
    _, category = view.texts.gettext, view.texts.gettext(CATEGORY_NAMES["necessary"])
    here = _("this site")
    lasting = how_long(face.config.cookie_days, view.texts)
    yield CookieRow(face.cookie_names[0], _("Keeps your choice."), here, lasting, category)
    yield CookieRow(
        face.cookie_names[1], _("Carries one answer over to the next page."), here, _("1 minute"), category
    )


def _declared(face: Face, view: LanguageView) -> Iterator[CookieRow]:
    _ = view.texts.gettext
    for entry in face.config.cookie:
        setter = _service_name(face, entry.service) if entry.service else _("this site")
        lifetime = entry.lifetime or _("not stated")
        yield CookieRow(entry.name, entry.purpose, setter, lifetime, _(CATEGORY_NAMES[entry.category]))


def _of_services(face: Face, view: LanguageView) -> Iterator[CookieRow]:
    lifetime = view.texts.gettext("set by the service")
    declared = {entry.name for entry in face.config.cookie}
    known = _vendor_cookies(face)
    for category in (view.necessary, *view.categories):
        for service in category.services:
            purpose = service.purpose or category.purpose
            for name in sorted(known.get(service.id, set()) - declared):
                yield CookieRow(name, purpose, service.name, lifetime, category.name)


def _vendor_cookies(face: Face) -> dict[str, set[str]]:
    """Service id -> names (or beginnings with `*`) of the cookies that the gate takes for its own."""
    found: dict[str, set[str]] = {}
    for category in CATEGORIES:
        for match in face.catalogue.cookies_of(category):
            if match.service is not None:
                found.setdefault(match.service, set()).add(match.rule)
    for id in face.config.enabled_services:
        known = face.catalogue.service(id)
        if known is not None:
            found.setdefault(id, set()).update(known.cookies)
    return found


def _service_name(face: Face, id: str) -> str:
    known = face.catalogue.service(id)
    return known.name if known else id
