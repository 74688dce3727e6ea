"""The site that is measured: a small Flask application, bare or behind the gate, and the gate's settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cookiegate.config import Config
from cookiegate.core.consent import Choice
from cookiegate.opening import open_gate

from .pages import KB, sized

if TYPE_CHECKING:
    from flask import Flask

    from cookiegate.gate import Gate

SERVICES = ("google-analytics", "google-tag-manager", "meta-pixel", "youtube", "google-fonts")
JSON = b'{"items": [' + b", ".join(b'{"id": %d, "name": "tree"}' % n for n in range(30)) + b"]}"
SIZES = (10, 100, 1000)
"""Thousands of bytes of the pages at `/page/<size>`."""


def settings(state: Path) -> Config:
    return Config(state_dir=state, services=SERVICES, insecure_http=True)


def site(state: Path | None) -> Flask:
    """The application; behind the gate where a state folder is given."""
    from flask import Flask, Response

    app = Flask("site")
    pages = {size: sized(size * KB).data for size in SIZES}

    @app.get("/page/<int:size>")
    def page(size: int) -> Response:
        return Response(pages[size], mimetype="text/html")

    @app.get("/items.json")
    def items() -> Response:
        return Response(JSON, mimetype="application/json")

    if state is not None:
        from cookiegate import CookieGate

        app.config.update(
            COOKIEGATE_STATE_DIR=str(state), COOKIEGATE_SERVICES=list(SERVICES), COOKIEGATE_INSECURE_HTTP=True
        )
        CookieGate(app)
    return app


def granting_cookie(state: Path) -> str:
    """A Cookie header's part that grants everything at `site(state)`."""
    gate, _ = open_gate(settings(state))
    try:
        return f"{gate.cookie_names.consent}={gate.codec.encode(everything(gate))}"
    finally:
        gate.ledger.close()


def everything(gate: Gate) -> Choice:
    """The choice of someone who accepts all that this gate asks."""
    return Choice(
        question=gate.question.hash,
        day=gate.today,
        granted=frozenset(gate.question.categories),
        record="0123456789abcdef",
    )
