"""Who may look at what: the one way from an address to a site's figures, for pages, files and the interface."""

from __future__ import annotations

from dataclasses import replace

from flask import request
from flask_login import current_user  # type: ignore[import-untyped]

from ..errors import BadRequest
from .accounts import ROLES
from .desk import Desk
from .question import Question
from .reading import Reader
from .shares import Guest

NO_SITE = "There is no such site, or this account may not see it."


def sites_of(desk: Desk) -> list[str]:
    """The sites that this account may see, whether or not there are figures of them."""
    known = set(desk.store.sites()) | {desk.site}
    return sorted(site for site in known if current_user.may_see(site))


def opened(desk: Desk, site: str) -> tuple[Reader, Question, int | None]:
    """A reader of the site and the question that the address asks. 404 alike for a site that is not there and for
    one that this account may not see: neither says that the other exists."""
    check_site(desk, site)
    guest = current_user if isinstance(current_user._get_current_object(), Guest) else None
    args = request.args if guest is None else guest.asked(request.args)
    k = 0 if guest is None else guest.k
    reader = desk.reader(site, k)
    since = reader.since()
    bound = guest is not None and bool(guest.fixed)
    return reader, replace(desk.question(site, args, since, k), bound=bound), since


def bound_by_link() -> tuple[str, ...]:
    """The dimensions whose filter cannot be taken away, since whoever looks has a link that is bound to it."""
    guest = current_user._get_current_object()
    return tuple(guest.fixed) if isinstance(guest, Guest) else ()


def check_site(desk: Desk, site: str) -> None:
    """Raises BadRequest, 404."""
    if site not in sites_of(desk):
        raise BadRequest(404, NO_SITE)


def may(role: str) -> bool:
    """Whether whoever is signed in has the role, or a higher one. A guest has none."""
    own = current_user.role if current_user.is_authenticated else ""
    return own in ROLES and ROLES.index(own) >= ROLES.index(role)


def check_role(role: str) -> None:
    """Raises BadRequest, 403."""
    if not may(role):
        raise BadRequest(403, f"This needs the role {role}; whoever runs the site can give it.")
