"""The demo company's site, a plain Flask application with its vendors' tags in it, and the gate around it."""

from __future__ import annotations

from pathlib import Path

from flask import Flask, Response, request
from flask_wtf import CSRFProtect  # type: ignore[import-untyped]
from markupsafe import Markup

from ..config.secrets import read_or_make_secret
from .account import account_pages
from .content import posts, walks
from .counts_client import CountsClient
from .enquiry import enquiry_pages
from .gating import put_behind_gate
from .held_tags import HeldTags
from .observatory import observatory_pages
from .pages import company_pages
from .settings import DemoSettings

SITE = Path(__file__).parent / "site"
YEARS_2 = 2 * 365 * 86400


def site_app(settings: DemoSettings) -> Flask:
    """The site of one run; makes the state folder and its secrets. Raises ConfigError where it cannot."""
    app = Flask(
        "cookiegate.demo.site", root_path=str(SITE), static_folder="static", template_folder="templates"
    )
    app.config.update(
        SECRET_KEY=read_or_make_secret(settings.state_dir / "site-secret")[0],
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.tls,
        MAX_CONTENT_LENGTH=200_000,
    )
    CSRFProtect(app)
    _templates(app, settings)
    held = HeldTags()
    app.register_blueprint(company_pages)
    app.register_blueprint(account_pages)
    app.register_blueprint(enquiry_pages)
    client = CountsClient(settings.network_port, tls=settings.tls)
    app.register_blueprint(observatory_pages(settings, client, held))
    app.after_request(_set_tracking_cookies)
    if settings.gated:
        put_behind_gate(app, settings)
    app.wsgi_app = held.watch(app.wsgi_app)  # type: ignore[method-assign,assignment]
    return app


def _templates(app: Flask, settings: DemoSettings) -> None:
    hosts = settings.hosts()

    @app.template_filter("spell")
    def spell(text: str) -> Markup:
        """The vendors' names in this run's spelling; the text is a template of ours, tags included."""
        return Markup(hosts.spell(text))  # noqa: S704

    app.jinja_env.globals.update(walks=walks(), posts=posts(), gated=settings.gated)


def _set_tracking_cookies(response: Response) -> Response:
    """What server-side tagging does on many sites: the server itself sets two trackers' cookies."""
    if response.mimetype != "text/html":
        return response
    if "FPID" not in request.cookies:
        response.set_cookie("FPID", "FPID2.2.stand-in.1", max_age=YEARS_2, httponly=True, samesite="Lax")
    if "fbclid" in request.args:
        value = f"fb.1.1.{request.args['fbclid'][:200]}"
        response.set_cookie("_fbc", value, max_age=90 * 86400, samesite="Lax")
    return response
