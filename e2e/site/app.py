"""The Flask site under test, and what its code saw of each request."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

from .shop import login_manager, shop
from .vectors import vectors

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=")


def make_app() -> Flask:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="a key for tests alone, of no use elsewhere",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TEMPLATES_AUTO_RELOAD=False,
    )
    CSRFProtect(app)
    login_manager.init_app(app)
    app.register_blueprint(vectors)
    app.register_blueprint(shop)

    @app.get("/pixel.gif")
    def pixel() -> Response:
        return Response(PIXEL, mimetype="image/gif")

    @app.get("/echo-cookies")
    def echo_cookies() -> dict[str, str]:
        return dict(request.cookies)

    @app.get("/empty")
    def empty() -> tuple[str, int]:
        return "", 204

    return app


class Seen:
    """Innermost: one JSON line for each request that reached the site's own code."""

    def __init__(self, app: WSGIApplication, log: Path) -> None:
        self.app = app
        self._log = log
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        line = json.dumps({key: _shown(value) for key, value in environ.items()})
        with self._lock, self._log.open("a") as out:
            out.write(line + "\n")
        return self.app(environ, start_response)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)
