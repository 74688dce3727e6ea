"""The page that shows what trackers received, live, and what the gate did about it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from .counts_client import CountsClient
from .forms import Press
from .held_tags import HeldTags
from .report import report
from .settings import DemoSettings


def observatory_pages(settings: DemoSettings, client: CountsClient, held: HeldTags) -> Blueprint:
    """`/demo/network`, its JSON, and the button that starts the counts again."""
    pages = Blueprint("observatory", __name__, url_prefix="/demo")

    def now() -> dict[str, Any]:
        consent = request.environ.get("cookiegate.consent")
        return report(client.counts(), client.requests(), held.counts(), consent, gated=settings.gated)

    @pages.get("/network")
    def network() -> str:
        return render_template("network.html", report=now(), press=Press(), real_hosts=settings.real_hosts)

    @pages.get("/network.json")
    def network_json() -> Response:
        answer = jsonify(now())
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @pages.post("/network/reset")
    def reset() -> Response:
        client.reset()
        held.clear()
        return redirect(url_for("observatory.network"), 303)

    return pages
