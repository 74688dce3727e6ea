"""The stand-in tracker network: a WSGI app that answers as the vendors do, by `Host`, and counts."""

from __future__ import annotations

from functools import cache

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from .hosts import Hosts, real_name
from .recorder import Recorder
from .services import NETWORK, all_hosts, demo_services

TYPES = {".js": "text/javascript", ".html": "text/html", ".css": "text/css"}
WORDS = {"gif": "image/gif", "empty": "text/plain", "script": "text/javascript", "css": "text/css"}
BY_DESTINATION = {"script": "script", "style": "css", "image": "gif", "empty": "empty"}
GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
ASKING = "127.0.0.1"
"""The `Host` under which the site asks for the counts: no stand-in has it, so asking is never counted."""


def network_app(hosts: Hosts | None = None, recorder: Recorder | None = None) -> Flask:
    """`hosts` spells the names inside the scripts: as they are by default, which needs TLS in front."""
    app = Flask(__name__, static_folder=None)
    spelling = hosts or Hosts(all_hosts(), None)
    record = recorder or Recorder()

    @app.before_request
    def dispatch() -> Response:
        host = real_name(request.host)
        return _asked(record) if host == ASKING else _answer(host, record, spelling)

    @app.errorhandler(HTTPException)
    def plain(error: HTTPException) -> tuple[str, int]:
        return f"{error.name}\n", error.code or 500

    return app


def _asked(record: Recorder) -> Response:
    if request.path == "/reset" and request.method == "POST":
        record.clear()
    if request.path == "/requests":
        return jsonify(record.requests())
    return jsonify(record.counts())


def _answer(host: str, record: Recorder, spelling: Hosts) -> Response:
    record.add(host, request.method, request.path, _parameters(), sorted(request.cookies))
    response = _respond(_answer_name(host, request.path), spelling)
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
    response.headers["Access-Control-Allow-Credentials"] = "true"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "no-store"
    if "tracker_id" not in request.cookies:
        # A cookie on the vendor's own host: third party as seen from the page, so a browser may refuse it.
        response.set_cookie("tracker_id", "stand-in", max_age=86400, secure=True, samesite="None", path="/")
    return response


def _parameters() -> dict[str, str]:
    """What the request carries in its query and its form; values cut at 500 characters."""
    found = {**request.args.to_dict(), **request.form.to_dict()}
    return {name: value[:500] for name, value in found.items()}


def _answer_name(host: str, path: str) -> str:
    rows = [row for service in demo_services() for row in service.answers]
    fitting = [row for row in rows if row[0] == host and path.startswith(row[1])]
    if fitting:
        return max(fitting, key=lambda row: len(row[1]))[2]
    return BY_DESTINATION.get(request.headers.get("Sec-Fetch-Dest", ""), "gif")


def _respond(answer: str, spelling: Hosts) -> Response:
    if answer in WORDS:
        body = GIF if answer == "gif" else b""
        return Response(body, 204 if answer == "empty" else 200, mimetype=WORDS[answer])
    text = spelling.spell(_file(answer))
    return Response(text, mimetype=TYPES[answer[answer.rindex(".") :]])


@cache
def _file(name: str) -> str:
    """A packaged answer. Every script gets the few functions of `common.js` and a scope of its own."""
    text = (NETWORK / name).read_text("utf-8")
    if not name.endswith(".js"):
        return text
    common = (NETWORK / "scripts" / "common.js").read_text("utf-8")
    return f"(() => {{\n{common}\n{text}\n}})();\n"
