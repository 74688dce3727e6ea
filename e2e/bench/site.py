"""What the benchmark visits: one page, kept by one consent manager or by none, chosen by the host's first label.

`bare` is the floor: a form of two buttons and nothing else under a policy, from the same server. `open` is the
page with seventeen trackers, kept by nobody; `gated` is the same behind the gate; the others load a manager as
its own documentation says, from this server. Text is compressed, as a site's server or proxy does it.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, render_template, send_from_directory
from jinja2 import ChoiceLoader, FileSystemLoader

from cookiegate.wsgi import GateMiddleware

from ..site.vectors import vectors

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
GATE_SETTINGS = "BENCH_GATE_SETTINGS"
"""The environment variable that names the gate's `cookiegate.toml`."""


@dataclass(frozen=True)
class Manager:
    """Another consent manager: its npm package and version, and the words of the button that accepts."""

    package: str
    version: str
    button: str

    @property
    def is_installed(self) -> bool:
        return (PACKAGES / self.package).is_dir()


MANAGERS: Mapping[str, Manager] = {
    "orejime": Manager("orejime", "3.2.1", "Accept"),
    "vanilla": Manager("vanilla-cookieconsent", "3.1.0", "Accept all"),
    "osano": Manager("cookieconsent", "3.1.1", "Allow cookies"),
}


def make_app(name: str) -> Flask:
    """The site in the keeping of `name`."""
    app = Flask(__name__)
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(HERE / "templates"), FileSystemLoader(HERE.parent / "site" / "templates")]
    )
    app.register_blueprint(vectors)
    template = "bare.html" if name == "bare" else "managed.html"
    app.add_url_rule("/", "page", lambda: render_template(template, manager=name))
    app.add_url_rule("/covered", "covered", lambda: render_template("covered.html"))
    app.add_url_rule("/packages/<path:path>", "package", lambda path: send_from_directory(PACKAGES, path))
    if name == "bare":
        app.after_request(_policy)
    return app


def _policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:"
    )
    return response


class Compressed:
    """Text goes out in one piece and compressed; nothing here streams."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = Response.from_app(self._app, environ, buffered=True)
        if response.mimetype.startswith("text/"):
            response.set_data(gzip.compress(response.get_data()))
            response.headers["Content-Encoding"] = "gzip"
        return response(environ, start_response)


class ByHost:
    """Applications by the first label of the Host header."""

    def __init__(self, apps: Mapping[str, WSGIApplication]) -> None:
        self._apps = apps

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._apps[str(environ.get("HTTP_HOST", "")).partition(".")[0]](environ, start_response)


def make() -> WSGIApplication:
    apps: dict[str, WSGIApplication] = {name: make_app(name) for name in ("bare", "open", *MANAGERS)}
    apps["gated"] = GateMiddleware(make_app("open"), Path(os.environ[GATE_SETTINGS]))
    return Compressed(ByHost(apps))
