"""The pages of figures. Each asks first who is there, and whether they may see the site."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask_login import login_required  # type: ignore[import-untyped]

from ..errors import BadRequest
from .desk import Desk
from .inventory import inventory, inventory_json
from .looking import is_fixed, opened, sites_of
from .panel_view import panel_view, sorts_of
from .panels import BY_ID, Panel
from .site_view import site_view
from .words import day_text, days_text, name_of, seen

MOST_SHOWN = 1000
"""Lines of a panel on a page of its own; files hold all."""


def pages(desk: Desk) -> Blueprint:
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    @login_required  # type: ignore[untyped-decorator]
    def start() -> Any:
        seen = sites_of(desk)
        if len(seen) == 1:
            return redirect(url_for("pages.site", site=seen[0]), 303)
        return render_template("sites.html", sites=seen)

    @routes.get("/sites/<site>/")
    @login_required  # type: ignore[untyped-decorator]
    def site(site: str) -> Any:
        reader, question, since = opened(desk, site)
        view = site_view(reader, question, since)
        view["notes"] = [
            {"id": note.id, "day": day_text(note.day, year=False), "text": note.text}
            for note in desk.annotations.of(site, question.days.first, question.days.last)
        ]
        view["filters"] = [
            (what, name, None if is_fixed(what) else href) for what, name, href in view["filters"]
        ]
        return render_template("site.html", site=site, sites=sites_of(desk), credit=desk.credit(), **view)

    @routes.get("/sites/<site>/<panel>/")
    @login_required  # type: ignore[untyped-decorator]
    def panel(site: str, panel: str) -> Any:
        reader, question, _ = opened(desk, site)
        found = panel_of(panel)
        search = seen(request.args.get("q", "").strip()[:100])
        sort = request.args.get("sort", "")
        names = sorts_of(found)
        if sort and sort not in dict(names):
            raise BadRequest(400, f"This panel cannot be sorted by “{sort[:20]}”.")
        view = panel_view(found, reader, question, MOST_SHOWN, search, sort)
        return render_template(
            "panel.html",
            site=site,
            sites=sites_of(desk),
            view=view,
            question=question,
            search=search,
            sort=sort,
            sorts=[(name, text, question.query(sort=name, q=search)) for name, text in names],
            days_text=days_text(question.days.first, question.days.last),
            filters=[(what, name_of(what, value)) for what, value in question.chosen.values],
            credit=desk.credit(),
        )

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
        found = desk.statics.file(name)
        if found is None:
            abort(404)
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(found.content, content_type=found.content_type, headers=headers)

    return routes


def panel_of(name: str) -> Panel:
    """Raises BadRequest, 404."""
    if name not in BY_ID:
        raise BadRequest(404, "There is no such panel.")
    return BY_ID[name]
