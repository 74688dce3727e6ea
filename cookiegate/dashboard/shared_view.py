"""A link's first page: what it shows and until when, its password where it has one, and a button.

The button makes the session: what merely looks at links (a mail program, a chat) changes nothing.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, session, url_for
from flask_login import login_user  # type: ignore[import-untyped]
from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from werkzeug.utils import redirect

from .desk import Desk
from .shares import Guest
from .throttle import Throttle
from .words import name_of, time_text

GONE = "This link has ended, or was never one. Ask whoever sent it for another."
WRONG = "That is not this link’s password."


def shared(desk: Desk, throttle: Throttle) -> Blueprint:
    routes = Blueprint("shared", __name__)

    @routes.route("/shared/<token>", methods=["GET", "POST"])
    @throttle.by_link
    def page(token: str) -> Any:
        found = desk.shares.found(token)
        if found is None:
            return render_template("message.html", title="This link does not work", sentence=GONE), 404
        guest, locked = found
        form = FlaskForm()
        wrong = None
        if form.validate_on_submit():
            if not locked or desk.shares.opens(token, request.form.get("password", "")):
                return _begin(desk, guest)
            wrong = WRONG
        return _page(form, guest, locked, wrong), 403 if wrong else 200

    return routes


def _page(form: FlaskForm, guest: Guest, locked: bool, wrong: str | None) -> str:
    parts = [f"{what}: {name_of(what, value)}" for what, value in guest.fixed.items()]
    until = time_text(guest.until)
    return render_template(
        "shared.html", form=form, guest=guest, locked=locked, until=until, wrong=wrong, parts=parts
    )


def _begin(desk: Desk, guest: Guest) -> Any:
    session.clear()
    login_user(guest)
    desk.accounts.note(guest.name, "opened")
    return redirect(url_for("pages.site", site=guest.site), 303)
