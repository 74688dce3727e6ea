"""The pages of figures. Each asks first who is there, and whether they may see the site."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask_login import login_required  # type: ignore[import-untyped]

from ..errors import BadRequest
from .asking import asked_again, asking
from .desk import Desk
from .inventory import inventory, inventory_json
from .looking import bound_by_link, opened, sites_of
from .panel_view import panel_view, sorts_of
from .panels import BESIDE, BY_ID, Panel
from .period import BadDates
from .question import Question
from .reading import Reader
from .series import new_banners
from .sheet import Kind
from .sheets import kinds
from .site_view import site_view
from .tables import is_table, table_sorts, table_view
from .words import NEW_BANNER, day_text, days_text, seen

SHOWN = (100, 1000)
"""Lines of a panel on a page of its own, at first and when more are asked for; files hold all."""


def pages(desk: Desk) -> Blueprint:
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    @login_required  # type: ignore[untyped-decorator]
    def start() -> Any:
        found = sites_of(desk)
        if len(found) == 1:
            return redirect(url_for("pages.site", site=found[0]), 303)
        return render_template("sites.html", sites=found)

    @routes.get("/sites/<site>/")
    @login_required  # type: ignore[untyped-decorator]
    def site(site: str) -> Any:
        return _site_page(desk, site)

    @routes.get("/sites/<site>/<panel>/")
    @login_required  # type: ignore[untyped-decorator]
    def panel(site: str, panel: str) -> Any:
        return _panel_page(desk, site, panel)

    @routes.errorhandler(BadDates)
    def dates(error: BadDates) -> Any:
        return _dates_page(desk, error)

    @routes.get("/privacy")
    def privacy() -> Any:
        places = inventory(desk.config, desk.store, desk.accounts)
        said = inventory_json(desk.config, places, desk.credit())
        return render_template("privacy.html", places=places, said=said)

    @routes.get("/privacy.json")
    def privacy_json() -> Any:
        places = inventory(desk.config, desk.store, desk.accounts)
        return jsonify(inventory_json(desk.config, places, desk.credit()))

    @routes.get("/_gate/static/<name>")
    def static(name: str) -> Any:
        return _static(desk, name)

    return routes


def _static(desk: Desk, name: str) -> Response:
    found = desk.statics.file(name)
    if found is None:
        abort(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(found.content, content_type=found.content_type, headers=headers)


def _site_page(desk: Desk, site: str) -> Any:
    reader, question, since = opened(desk, site)
    view = site_view(reader, question, since)
    view["notes"] = _notes(desk, reader, question)
    view["asking"] = asking(question, bound_by_link())
    return render_template("site.html", site=site, sites=sites_of(desk), credit=desk.credit(), **view)


def _notes(desk: Desk, reader: Reader, question: Question) -> list[dict[str, Any]]:
    """By day: what people noted, and new questions and banners, which have no number and cannot be removed."""
    days = question.days
    own = [
        (note.day, note.text, note.id) for note in desk.annotations.of(question.site, days.first, days.last)
    ]
    new = [(day, NEW_BANNER, None) for day, _ in new_banners(reader, days)]
    found = sorted([*own, *new], key=lambda note: note[0])
    return [{"id": id, "day": day_text(day, year=False), "text": text} for day, text, id in found]


def _panel_page(desk: Desk, site: str, name: str) -> Any:
    if is_table(name):
        return _table_page(desk, site, kinds()[name])
    reader, question, _ = opened(desk, site)
    panel = panel_of(name)
    search = _search()
    sort, most = _sort(sorts_of(panel)), _lines()
    view = panel_view(panel, reader, question, most, search, sort)
    sorts = [(name, text) for name, text in sorts_of(panel) if name != "change" or view.compared]
    return render_template(
        "panel.html",
        panel=True,
        sheet=panel.id,
        title=panel.title,
        about=panel.about,
        beside=BESIDE.get(panel.id, ()),
        view=view,
        sorted_by=sort or panel.usual_sort,
        **_list_of(desk, site, question, sorts, search, sort, most, view.more),
    )


def _table_page(desk: Desk, site: str, kind: Kind) -> Any:
    reader, question, _ = opened(desk, site)
    sorts = table_sorts(kind)
    search, sort, most = _search(), _sort(sorts), _lines()
    view = table_view(kind, reader, question, most, search, sort)
    return render_template(
        "panel.html",
        panel=False,
        sheet=kind.id,
        title=kind.title,
        about="",
        beside=[(one.id, one.title) for one in kinds().values() if is_table(one.id)],
        view=view,
        sorted_by=sort or sorts[1][0],
        **_list_of(desk, site, question, sorts, search, sort, most, view.more),
    )


def _list_of(
    desk: Desk,
    site: str,
    question: Question,
    sorts: list[tuple[str, str]],
    search: str,
    sort: str,
    most: int,
    more: int,
) -> dict[str, Any]:
    """What every list has: its head and foot, its search, its order, and the way to its further lines."""
    kept = {"sort": sort, "q": search}
    return {
        "site": site,
        "sites": sites_of(desk),
        "credit": desk.credit(),
        "question": question,
        "asking": asking(question, bound_by_link(), **kept),
        "search": search,
        "sort": sort,
        "sorts": [(name, text, question.query(**kept | {"sort": name})) for name, text in sorts],
        "more": question.query(**kept, lines=str(SHOWN[-1])) if more and most < SHOWN[-1] else None,
        "most": SHOWN[-1],
        "everything": question.query(sort=sort),
        "days_text": days_text(question.days.first, question.days.last),
    }


def _dates_page(desk: Desk, error: BadDates) -> Any:
    """The form again, as it was filled: the page of a site, or of a panel, has no days to be of."""
    site = str((request.view_args or {})["site"])
    form = asked_again(error, request.args)
    return render_template("dates.html", site=site, sites=sites_of(desk), form=form), error.status


def _search() -> str:
    return seen(request.args.get("q", "").strip()[:100])


def panel_of(name: str) -> Panel:
    """Raises BadRequest, 404."""
    if name not in BY_ID:
        raise BadRequest(404, "There is no such panel.")
    return BY_ID[name]


def _sort(sorts: list[tuple[str, str]]) -> str:
    """Raises BadRequest."""
    sort = request.args.get("sort", "")
    if sort and sort not in dict(sorts):
        raise BadRequest(400, f"This panel cannot be sorted by “{sort[:20]}”.")
    return sort


def _lines() -> int:
    """Raises BadRequest."""
    text = request.args.get("lines", "")
    if text and text not in map(str, SHOWN):
        raise BadRequest(400, f"“lines” is one of {', '.join(map(str, SHOWN))}.")
    return int(text) if text else SHOWN[0]
