"""What an editor changes of a site: notes on days, and links for people without an account."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user, login_required  # type: ignore[import-untyped]
from werkzeug.wrappers import Response

from ..errors import AccountRefusal, BadRequest
from .desk import Desk
from .filters import read_filter
from .looking import check_role, check_site, opened, sites_of
from .period import LONGEST, Days, iso, read_day
from .shares import HIGHEST, LONGEST_DAYS, filter_of
from .words import name_of, time_text


def editing(desk: Desk) -> Blueprint:
    routes = Blueprint("editing", __name__, url_prefix="/sites/<site>")
    _add_notes(routes, desk)
    _add_links(routes, desk)
    return routes


def _check(desk: Desk, site: str) -> None:
    check_site(desk, site)
    check_role("editor")


# -- notes


def _add_notes(routes: Blueprint, desk: Desk) -> None:
    @routes.post("/notes")
    @login_required  # type: ignore[untyped-decorator]
    def note(site: str) -> Any:
        _check(desk, site)
        day = read_day(request.form.get("day", ""), "day")
        desk.annotations.add(site, day, request.form.get("text", ""), current_user.name)
        return _back(site, _showing(desk, site, day))

    @routes.post("/notes/remove")
    @login_required  # type: ignore[untyped-decorator]
    def remove_note(site: str) -> Any:
        _check(desk, site)
        number = request.form.get("id", "")
        if not (number.isascii() and number.isdigit() and len(number) < 16):
            raise BadRequest(400, "That is no note’s number.")
        if not desk.annotations.remove(site, int(number), current_user.name):
            raise BadRequest(404, "There is no such note any more.")
        return _back(site)


def _showing(desk: Desk, site: str, day: int) -> str | None:
    """The query of the form's page with days enough to show a note of `day`; None where they are. A note that nobody
    sees would be made twice."""
    try:
        args = dict(parse_qsl(request.form.get("query", "").removeprefix("?")))
        question = desk.question(site, args, desk.reader(site).since())
    except BadRequest:
        return None
    shown = Days(min(day, question.days.first), max(day, question.days.last))
    if shown == question.days:
        return None
    if shown.length > LONGEST:
        shown = Days(day, day)
    return question.query(period="custom", **{"from": iso(shown.first), "to": iso(shown.last)})


def _back(site: str, query: str | None = None) -> Response:
    """To the page that the form stood on; `query` is what our own address had."""
    query = request.form.get("query", "") if query is None else query
    safe = query.startswith("?") and query.isascii() and query.isprintable()
    return redirect(url_for("pages.site", site=site) + (query if safe else ""), 303)


# -- links


def _add_links(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/links/")
    @login_required  # type: ignore[untyped-decorator]
    def links(site: str) -> Any:
        return _links_page(desk, site)

    @routes.post("/links/")
    @login_required  # type: ignore[untyped-decorator]
    def link(site: str) -> Any:
        _check(desk, site)
        try:
            token = _made(desk, site)
        except BadRequest as error:
            return _links_page(desk, site, wrong=error.sentence), error.status
        except AccountRefusal as error:
            return _links_page(desk, site, wrong=error.sentence), 400
        return _links_page(desk, site, url_for("shared.page", token=token, _external=True))

    @routes.post("/links/end")
    @login_required  # type: ignore[untyped-decorator]
    def end(site: str) -> Any:
        _check(desk, site)
        if not desk.shares.end(request.form.get("id", ""), site, current_user.name):
            raise BadRequest(404, "There is no such link any more.")
        return redirect(url_for("editing.links", site=site), 303)


def _made(desk: Desk, site: str) -> str:
    """The token of the link that the form asks for. Raises BadRequest."""
    form = request.form
    return desk.shares.make(
        current_user.name,
        site,
        filter=urlencode(filter_of(dict(read_filter(form).values))),
        k=_whole("k", "Least visits of a figure", desk.k, HIGHEST * desk.k),
        days=_whole("days", "Days until it ends", 1, LONGEST_DAYS),
        password=form.get("password") or None,
    )


def _whole(name: str, label: str, least: int, most: int) -> int:
    """Raises BadRequest, in the words of the form."""
    text = request.form.get(name, "")
    if text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most:
        return int(text)
    raise BadRequest(400, f"“{label}” must be a number from {least} to {most}.")


def _links_page(desk: Desk, site: str, made: str | None = None, wrong: str | None = None) -> str:
    """`made` is the link that a form asked for, `wrong` why it cannot be: what was typed stays, but a password."""
    _check(desk, site)
    _, question, _ = opened(desk, site)
    usually = {"days": "30", "k": str(desk.k)}
    return render_template(
        "links.html",
        site=site,
        sites=sites_of(desk),
        question=question,
        shares=[_line(share) for share in desk.shares.of_site(site)],
        filters=[(what, value, name_of(what, value)) for what, value in question.chosen.values],
        made=made,
        wrong=wrong,
        typed={name: request.form.get(name, "") if wrong else usual for name, usual in usually.items()},
        least=desk.k,
        most=HIGHEST * desk.k,
        longest=LONGEST_DAYS,
    )


def _line(share: Any) -> dict[str, Any]:
    chosen = read_filter(dict(pair.split("=", 1) for pair in share.filter.split("&") if "=" in pair))
    names = ", ".join(name_of(what, value) for what, value in chosen.values)
    return {
        "id": share.id,
        "by": share.account,
        "filter": names or "everything",
        "k": share.k,
        "locked": share.locked,
        "until": time_text(share.until),
    }
