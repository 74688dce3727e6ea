"""The read interface: the sheets of a page as JSON, CSV or one archive, for whoever is signed in or has a key.

GET alone, so nothing here can be forged into a change.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify
from flask_login import login_required  # type: ignore[import-untyped]

from ..errors import BadRequest
from .desk import Desk
from .files import archive, csv_text, file_name, question_json, sheet_json
from .looking import opened, sites_of
from .openapi import document
from .sheet import Kind
from .sheets import kinds, sheet_of

ROOT = "/api/v1"


def interface(desk: Desk) -> Blueprint:
    routes = Blueprint("interface", __name__, url_prefix=ROOT)

    @routes.get("/openapi.json")
    @login_required  # type: ignore[untyped-decorator]
    def description() -> Any:
        return jsonify(document())

    @routes.get("/sites")
    @login_required  # type: ignore[untyped-decorator]
    def sites() -> Any:
        return jsonify({"sites": sites_of(desk)})

    _add_all_sheets(routes, desk)
    _add_one_sheet(routes, desk)
    return routes


def _add_all_sheets(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/sites/<site>/figures")
    @login_required  # type: ignore[untyped-decorator]
    def figures(site: str) -> Any:
        reader, question, _ = opened(desk, site)
        found = {kind.id: sheet_json(sheet_of(kind, reader, question), question) for kind in kinds().values()}
        return jsonify({**question_json(question), "credit": desk.credit(), "sheets": found})

    @routes.get("/sites/<site>/figures.zip")
    @login_required  # type: ignore[untyped-decorator]
    def everything(site: str) -> Any:
        reader, question, _ = opened(desk, site)
        found = (sheet_of(kind, reader, question) for kind in kinds().values())
        return _file(archive(found, question, desk.credit()), "application/zip",
                     file_name(site, question, "figures", ".zip"))  # fmt: skip


def _add_one_sheet(routes: Blueprint, desk: Desk) -> None:
    @routes.get("/sites/<site>/figures/<sheet>")
    @login_required  # type: ignore[untyped-decorator]
    def one(site: str, sheet: str) -> Any:
        reader, question, _ = opened(desk, site)
        found = sheet_json(sheet_of(_kind(sheet), reader, question), question)
        return jsonify({**question_json(question), "credit": desk.credit(), "id": sheet, **found})

    @routes.get("/sites/<site>/figures/<sheet>.csv")
    @login_required  # type: ignore[untyped-decorator]
    def one_csv(site: str, sheet: str) -> Any:
        reader, question, _ = opened(desk, site)
        text = csv_text(sheet_of(_kind(sheet), reader, question), question, desk.credit())
        return _file(text, "text/csv; charset=utf-8", file_name(site, question, sheet, ".csv"))


def _kind(name: str) -> Kind:
    found = kinds().get(name)
    if found is None:
        raise BadRequest(404, "There is no such sheet.")
    return found


def _file(content: str | bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=kind, headers=headers)
