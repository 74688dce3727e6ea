"""Signing in and out: Flask-Login's session in a `__Host-` cookie, forms with CSRF tokens, attempts throttled."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, abort, g, redirect, render_template, request, session, url_for
from flask_login import (  # type: ignore[import-untyped]
    LoginManager,
    current_user,
    login_required,
    login_user,
    logout_user,
)
from flask_wtf import CSRFProtect, FlaskForm  # type: ignore[import-untyped]
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Request, Response
from wtforms import PasswordField, StringField  # type: ignore[import-untyped]
from wtforms.validators import InputRequired, Length  # type: ignore[import-untyped]

from ..core.networks import Networks
from .accounts import LONGEST, Account, Accounts
from .desk import Desk
from .second_factor import SecondFactors
from .shares import KIND, Guest, Shares
from .throttle import HALF, Throttle
from .vouching import Vouching

KEYED = "/api/"
COOKIE = "__Host-dashboard"
LIFETIME = timedelta(hours=12)
WRONG = "That name and password do not go together."
WRONG_CODE = "That code does not fit, or was used before. Wait for the next one."
HALF_SECONDS = 300
USED = "This link has been used, or is too old. Ask for a new one with cookiegate account link."


class SignInForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Name", [InputRequired(), Length(max=64)])
    password = PasswordField("Password", [InputRequired(), Length(max=LONGEST)])


class EmptyForm(FlaskForm):  # type: ignore[misc]
    """A button, and the token that shows that it was our page's."""


def set_up(app: Flask, desk: Desk, secret: str, proxies: Networks) -> Throttle:
    """Sessions, CSRF and the routes. `secret` signs sessions; `proxies` are believed about addresses, and about who
    is signed in where the settings say so."""
    accounts = desk.accounts
    app.config.update(
        SECRET_KEY=hashlib.sha256(f"cookiegate.dashboard {secret}".encode()).hexdigest(),
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=LIFETIME,
        WTF_CSRF_TIME_LIMIT=None,  # as long as its session
        WTF_CSRF_SSL_STRICT=False,  # it compares a referrer, which our own policy leaves out
        RATELIMIT_STORAGE_URI="memory://",
    )
    CSRFProtect(app)
    manager = LoginManager(app)
    # Its own protection would keep a hash of address and user agent in the session.
    manager.session_protection = None
    manager.user_loader(_of_session(accounts, desk.shares))
    manager.request_loader(_of_request(desk, proxies))
    manager.unauthorized_handler(_to_sign_in)
    throttle = Throttle(app, secret, proxies)
    app.register_blueprint(_routes(accounts, throttle))
    return throttle


def _of_session(accounts: Accounts, shares: Shares) -> Callable[[str], Account | Guest | None]:
    def load(identity: str) -> Account | Guest | None:
        kind, _, id = identity.partition(":")
        return shares.guest(id) if kind == KIND else accounts.of_session(identity)

    return load


def _of_request(desk: Desk, proxies: Networks) -> Callable[[Request], Account | None]:
    """Whom a key or a trusted proxy names. A key opens the interface alone: a page that it opened would be a session
    without an end."""
    vouching = Vouching(desk.accounts, desk.user_header, proxies)

    def load(asked: Request) -> Account | None:
        kind, _, key = asked.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and asked.path.startswith(KEYED):
            return desk.tokens.account_of(key.strip())
        return vouching.account(asked)

    return load


def _to_sign_in() -> Response:
    if g.get("stranger"):
        raise Forbidden
    if request.path.startswith(KEYED):
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
    place = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sign_in.page", to=None if place == "/" else place), 303)


def _routes(accounts: Accounts, throttle: Throttle) -> Blueprint:
    routes = Blueprint("sign_in", __name__)
    factors = SecondFactors(accounts)
    _add_sign_in(routes, accounts, factors, throttle)
    _add_code(routes, accounts, factors, throttle)
    _add_once(routes, accounts, factors, throttle)
    _add_sign_out(routes, accounts)
    return routes


def _add_sign_in(routes: Blueprint, accounts: Accounts, factors: SecondFactors, throttle: Throttle) -> None:
    @routes.route("/sign-in", methods=["GET", "POST"])
    @throttle.by_address
    @throttle.by_name
    def page() -> Any:
        place = _own_place(request.values.get("to", ""))
        if current_user.is_authenticated:
            return redirect(place, 303)
        form = SignInForm()
        wrong = None
        if form.validate_on_submit():
            found = accounts.signed_in(form.name.data.strip(), form.password.data)
            if found is not None:
                return _password_right(accounts, factors, found, place)
            wrong = WRONG
        elif form.is_submitted():
            wrong = WRONG
        return render_template("sign_in.html", form=form, wrong=wrong, to=place), 403 if wrong else 200


def _add_code(routes: Blueprint, accounts: Accounts, factors: SecondFactors, throttle: Throttle) -> None:
    @routes.route("/sign-in/code", methods=["GET", "POST"])
    @throttle.by_address
    @throttle.codes
    def code() -> Any:
        """The second factor of whoever gave the right password a moment ago."""
        half: dict[str, Any] = session.get(HALF) or {"id": "", "until": 0, "to": "/"}
        found = accounts.of_session(half["id"]) if half["until"] >= accounts.clock() else None
        if found is None:
            return redirect(url_for("sign_in.page"), 303)
        form = EmptyForm()
        wrong = None
        if form.validate_on_submit():
            if factors.fits(found.name, request.form.get("code", "")):
                return _begin(accounts, found, _own_place(half["to"]))
            wrong = WRONG_CODE
        return render_template("code.html", form=form, wrong=wrong), 403 if wrong else 200


def _add_once(routes: Blueprint, accounts: Accounts, factors: SecondFactors, throttle: Throttle) -> None:
    @routes.route("/once/<token>", methods=["GET", "POST"])
    @throttle.by_address
    def once(token: str) -> Any:
        """A page with a button: programs that look at links before people do must not use them up."""
        form = EmptyForm()
        if form.validate_on_submit():
            found = accounts.use_link(token)
            if found is not None:
                return _password_right(accounts, factors, found, "/")
        elif accounts.link_is_good(token):
            return render_template("once.html", form=form, token=token)
        return render_template("message.html", title="This link does not work", sentence=USED), 404


def _add_sign_out(routes: Blueprint, accounts: Accounts) -> None:
    @routes.post("/sign-out")
    @login_required  # type: ignore[untyped-decorator]
    def out() -> Any:
        if request.form.get("everywhere") and isinstance(current_user._get_current_object(), Account):
            accounts.sign_out_everywhere(current_user.name)
        elif session.get("_user_id"):  # whom a proxy vouches for has no session to end
            accounts.note(current_user.name, "signed out")
        logout_user()
        session.clear()
        return redirect(url_for("sign_in.page"), 303)


def _password_right(accounts: Accounts, factors: SecondFactors, account: Account, place: str) -> Response:
    if not factors.is_on(account.name):
        return _begin(accounts, account, place)
    session.clear()
    session[HALF] = {"id": account.get_id(), "until": accounts.clock() + HALF_SECONDS, "to": place}
    return redirect(url_for("sign_in.code"), 303)


def _begin(accounts: Accounts, account: Account, place: str) -> Response:
    session.clear()
    session.permanent = True
    if not login_user(account):
        abort(403)
    accounts.note(account.name, "signed in")
    return redirect(place, 303)


def _own_place(text: str) -> str:
    """A place of ours to go on to; anything else is the first page. Browsers take `/\\x` for `//x`."""
    safe = (
        text.startswith("/") and not text.startswith(("//", "/\\")) and text.isascii() and text.isprintable()
    )
    return text if safe and not text.startswith(("/sign-in", "/once/")) else "/"
