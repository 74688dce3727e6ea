"""The Flask application of the gate's own pages. It keeps no session and no state."""

from __future__ import annotations

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ..errors import BadRequest
from . import pages, reports
from .consent_view import ConsentView
from .crowd import Crowd
from .headers import harden
from .ports import GatePort

LARGEST_BODY = 16 * 1024
"""Bytes; the settings page with two hundred services posts about a third of it."""


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


TOO_LARGE = _("That was more than this form can send, so nothing was changed.")
WRONG_METHOD = _("This address takes no such request, so nothing was changed.")
FAILED = _("Something went wrong on our side, so nothing was changed. Please try again later.")


class SmallRequest(Request):
    """Bodies are read whole or not at all; nothing is written to a temporary file."""

    max_content_length = LARGEST_BODY
    max_form_memory_size = LARGEST_BODY
    max_form_parts = 1_000


class Pages(Flask):
    request_class = SmallRequest


def build(gate: GatePort) -> Flask:
    """The pages of one gate, as a WSGI application for everything below `/_gate/`."""
    app = Pages("cookiegate.web", static_folder=None, template_folder=None)
    app.url_map.strict_slashes = False
    _add_routes(app, gate)
    _add_errors(app, gate)
    app.after_request(harden)
    return app


def _add_routes(app: Flask, gate: GatePort) -> None:
    crowd, allowed = Crowd(), reports.allowance()

    @app.post("/_gate/consent")
    def consent() -> Response:
        return ConsentView(gate, request, crowd).answer()

    @app.get("/_gate/settings")
    def settings() -> Response:
        return pages.settings(gate, request)

    @app.get("/_gate/held")
    def held() -> Response:
        return pages.held(gate, request)

    @app.post("/_gate/report")
    def report() -> Response:
        return reports.take(gate, request, allowed)

    @app.get("/_gate/receipt")
    def receipt() -> Response:
        return pages.receipt(gate, request)

    @app.get("/_gate/static/<name>")
    def static(name: str) -> Response:
        return pages.static(gate, name)

    @app.get("/_gate/health")
    def health() -> Response:
        return pages.health(gate)

    @app.get("/_gate/metrics")
    def metrics() -> Response:
        return pages.metrics(gate, request)

    @app.get("/_gate/preview")
    def preview() -> Response:
        return pages.preview(gate, request)

    @app.get("/_gate/ready")
    def ready() -> Response:
        return pages.ready(gate)

    @app.get("/.well-known/gpc.json")
    def gpc() -> Response:
        return pages.gpc()


def _add_errors(app: Flask, gate: GatePort) -> None:
    @app.errorhandler(BadRequest)
    def refused(error: BadRequest) -> Response:
        return pages.sentence(gate, request, error)

    @app.errorhandler(HTTPException)
    def not_ours(error: HTTPException) -> Response:
        if isinstance(error, RequestEntityTooLarge):
            return pages.sentence(gate, request, BadRequest(413, TOO_LARGE))
        sentences = {404: pages.NO_PAGE, 500: FAILED}
        status = error.code or 500
        return pages.sentence(gate, request, BadRequest(status, sentences.get(status, WRONG_METHOD)))
