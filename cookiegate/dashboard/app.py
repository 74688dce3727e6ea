"""The dashboard as a Flask application of its own, for an origin of its own.

Not below the site's own address: a script that runs there, a tracker that somebody allowed among them, could read
whatever the account that is signed in may see.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, g, jsonify, render_template, request
from flask_login import AnonymousUserMixin, current_user  # type: ignore[import-untyped]
from flask_wtf.csrf import CSRFError, generate_csrf  # type: ignore[import-untyped]
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from ..catalogue_files import load_catalogue
from ..config import Config
from ..config.secrets import read_or_make_secret
from ..core.networks import Networks
from ..counting.opening import store_of
from ..errors import AccountError, AccountRefusal, BadRequest, StoreError
from ..face.folders import packaged_folder
from ..stores import Store
from .accounts import Accounts
from .admin import admin
from .desk import Desk
from .editing import editing
from .headers import harden
from .interface import ROOT, interface
from .looking import may
from .own_account import own_account
from .pages import pages
from .parameters import check_parameters
from .shared_view import shared
from .sheets import kinds
from .sign_in import set_up
from .squeezed import squeeze
from .words import name_of, seen
from .world_map import world

LARGEST_BODY = 16 * 1024
NO_COOKIE = (
    "This form is out of date, or the browser did not keep the sign-in cookie: that needs https, or the name "
    "localhost. Load the page again and repeat it."
)
SENTENCES = {
    401: "This needs a key: send it as “Authorization: Bearer …”; cookiegate account key makes one.",
    403: "No account here has the name that you are signed in by; whoever runs the site can make one.",
    404: "There is nothing at this address.",
    405: "This address takes no such request.",
    413: "That was more than this form can send.",
    429: "Too many attempts. Wait a minute, then try again.",
}
TITLES = {403: "Not for this account", 404: "Not found", 429: "Please wait", 503: "Please wait"}
DOWN = "The store of figures cannot be read at the moment. Nothing is lost; try again in a minute."


class SmallRequest(Request):
    max_content_length = LARGEST_BODY
    max_form_memory_size = LARGEST_BODY
    max_form_parts = 100


class Pages(Flask):
    request_class = SmallRequest


def accounts_of(config: Config) -> Accounts:
    return Accounts(config.state_dir / "accounts.sqlite")


def build(
    config: Config,
    *,
    store: Store | None = None,
    accounts: Accounts | None = None,
    clock: Callable[[], float] = time.time,
    note: str = "",
) -> Flask:
    """The application; `note` stands above all figures.

    Raises ConfigError where no secret can be kept, StoreError for a store that is unknown.
    """
    folder = packaged_folder("templates") / "dashboard"
    app = Pages("cookiegate.dashboard", static_folder=None, template_folder=str(folder))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    accounts = accounts_of(config) if accounts is None else accounts
    desk = Desk(config, store_of(config) if store is None else store, accounts, clock)
    secret = read_or_make_secret(config.state_dir / "dashboard-secret")[0]
    proxies = Networks(str(network) for network in config.trusted_proxies)
    check_parameters(app)
    throttle = set_up(app, desk, secret, proxies)
    for routes in (
        pages(desk),
        interface(desk),
        editing(desk),
        shared(desk, throttle),
        own_account(desk, throttle),
        admin(desk),
    ):
        app.register_blueprint(routes)
    app.after_request(squeeze)
    app.after_request(harden)
    _add_errors(app)
    app.context_processor(lambda: _shared(desk) | {"note": note})
    return app


def warm(app: Flask) -> None:
    """Read and compile what the first page would wait for."""
    world(), kinds(), load_catalogue(), name_of("region", "GB-ENG"), name_of("language", "en")
    for name in ("site.html", "panel.html", "parts.html"):
        app.jinja_env.get_template(name)
    # What is here now stays: a page's many rows would have the collector look all of it over, for 70 ms a page.
    gc.collect()
    gc.freeze()


def _shared(desk: Desk) -> dict[str, Any]:
    name = current_user.name if current_user.is_authenticated else None
    return {"statics": desk.statics, "account": name, "csrf_token": generate_csrf, "may": may}


def _add_errors(app: Flask) -> None:
    def say(status: int, sentence: str) -> Any:
        sentence = seen(sentence)  # it may repeat what was asked
        if request.path.startswith(f"{ROOT}/"):
            return jsonify({"error": sentence}), status
        title = TITLES.get(status, "That did not work")
        return render_template("message.html", title=title, sentence=sentence), status

    @app.errorhandler(BadRequest)
    def refused(error: BadRequest) -> Any:
        return say(error.status, error.sentence)

    @app.errorhandler(CSRFError)
    def forged(error: CSRFError) -> Any:
        return say(400, NO_COOKIE)

    @app.errorhandler(HTTPException)
    def other(error: Any) -> Any:
        if error.response is not None:
            return error.response
        status = error.code or 500
        answer, _ = say(status, SENTENCES.get(status, "Something went wrong on our side."))
        kept = {name: text for name, text in error.get_headers() if name in ("Allow", "WWW-Authenticate")}
        return answer, status, kept

    @app.errorhandler(AccountRefusal)
    def not_allowed(error: AccountRefusal) -> Any:
        return say(400, error.sentence)

    @app.errorhandler(StoreError)
    @app.errorhandler(AccountError)
    def down(error: Exception) -> Any:
        app.logger.error("The dashboard cannot read: %s", error)
        g._login_user = AnonymousUserMixin()  # who it is could be what cannot be read
        return say(503, DOWN)
