"""Signing in to the one account, kept in Flask's session cookie."""

from __future__ import annotations

import hmac

from flask import Blueprint, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from .content import account
from .forms import Press, SignIn

account_pages = Blueprint("account", __name__)


@account_pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response:
    form = SignIn()
    if form.validate_on_submit():
        if _knows(form.email.data, form.password.data):
            session["member"] = account()["email"]
            return redirect(url_for("account.bookings"), 303)
        flash("That email address and password do not belong together.", "problem")
    return render_template("sign_in.html", form=form, account=account())


@account_pages.get("/account")
def bookings() -> str | Response:
    if "member" not in session:
        return redirect(url_for("account.sign_in"), 303)
    return render_template("account.html", account=account(), press=Press())


@account_pages.post("/sign-out")
def sign_out() -> Response:
    session.pop("member", None)
    flash("You are signed out.")
    return redirect(url_for("company.home"), 303)


def _knows(email: str, password: str) -> bool:
    known = account()
    given = f"{email.strip().lower()}\n{password}".encode()
    return hmac.compare_digest(given, f"{known['email']}\n{known['password']}".encode())
