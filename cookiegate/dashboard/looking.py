"""Who may look at what: the one way from an address to a site's figures, for pages, files and the interface."""

from __future__ import annotations

from flask import request
from flask_login import current_user  # type: ignore[import-untyped]

from ..errors import BadRequest
from .desk import Desk
from .question import Question
from .reading import Reader


def sites_of(desk: Desk) -> list[str]:
    """The sites that this account may see, whether or not there are figures of them."""
    known = set(desk.store.sites()) | {desk.site}
    return sorted(site for site in known if current_user.may_see(site))


def opened(desk: Desk, site: str) -> tuple[Reader, Question, int | None]:
    """A reader of the site and the question that the address asks. 404 alike for a site that is not there and for
    one that this account may not see: neither says that the other exists."""
    if site not in sites_of(desk):
        raise BadRequest(404, "There is no such site, or this account may not see it.")
    reader = Reader(desk.store, site)
    since = reader.since()
    question = desk.question(site, request.args, since)
    return reader, question, since
