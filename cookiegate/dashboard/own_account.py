"""What everyone with an account changes of their own: keys of their programs, and a second factor."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user, login_required  # type: ignore[import-untyped]

from ..errors import BadRequest
from .desk import Desk
from .looking import check_role, sites_of
from .second_factor import SecondFactors, drawn, is_secret, new_secret
from .throttle import Throttle
from .tokens import USUAL_DAYS
from .words import time_text

WRONG_CODE = "That code does not fit: wait for the next one, and see that the telephone’s clock is right."


def own_account(desk: Desk, throttle: Throttle) -> Blueprint:
    routes = Blueprint("own_account", __name__, url_prefix="/account")
    factors = SecondFactors(desk.accounts)
    _add_keys(routes, desk, factors)
    _add_second_factor(routes, desk, factors, throttle)
    return routes


# -- keys


def _add_keys(routes: Blueprint, desk: Desk, factors: SecondFactors) -> None:
    @routes.get("/")
    @login_required  # type: ignore[untyped-decorator]
    def page() -> Any:
        return _page(desk, factors, None)

    @routes.post("/keys")
    @login_required  # type: ignore[untyped-decorator]
    def key() -> Any:
        check_role("viewer")
        made = desk.tokens.make(current_user.name, request.form.get("name", "").strip(), USUAL_DAYS)
        return _page(desk, factors, made)

    @routes.post("/keys/remove")
    @login_required  # type: ignore[untyped-decorator]
    def remove_key() -> Any:
        check_role("viewer")
        if not desk.tokens.remove(current_user.name, request.form.get("name", "")):
            raise BadRequest(404, "There is no such key any more.")
        return redirect(url_for("own_account.page"), 303)


def _page(desk: Desk, factors: SecondFactors, made: str | None) -> str:
    check_role("viewer")
    keys = [(one.name, time_text(one.until)) for one in desk.tokens.of_account(current_user.name)]
    on = factors.is_on(current_user.name)
    return render_template("account.html", keys=keys, made=made, on=on, sites=sites_of(desk))


# -- the second factor


def _add_second_factor(routes: Blueprint, desk: Desk, factors: SecondFactors, throttle: Throttle) -> None:
    @routes.get("/second-factor")
    @login_required  # type: ignore[untyped-decorator]
    def second() -> Any:
        check_role("viewer")
        return _second(desk, new_secret(), None)

    @routes.post("/second-factor")
    @login_required  # type: ignore[untyped-decorator]
    def set_second() -> Any:
        check_role("viewer")
        secret = request.form.get("secret", "")
        if not is_secret(secret):
            raise BadRequest(400, "That is no secret of ours: begin again.")
        if factors.is_on(current_user.name):
            raise BadRequest(400, "A second factor is set already: remove it first.")
        if not factors.turn_on(current_user.name, secret, request.form.get("code", "")):
            return _second(desk, secret, WRONG_CODE), 400
        return redirect(url_for("own_account.page"), 303)

    @routes.post("/second-factor/remove")
    @throttle.by_address
    @throttle.codes
    @login_required  # type: ignore[untyped-decorator]
    def remove_second() -> Any:
        check_role("viewer")
        if not factors.fits(current_user.name, request.form.get("code", "")):
            raise BadRequest(400, WRONG_CODE)
        factors.turn_off(current_user.name)
        return redirect(url_for("own_account.page"), 303)


def _second(desk: Desk, secret: str, wrong: str | None) -> str:
    picture = drawn(current_user.name, desk.site, secret)
    return render_template("second.html", secret=secret, picture=picture, wrong=wrong)
