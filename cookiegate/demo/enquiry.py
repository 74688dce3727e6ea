"""The list of walks a visitor collects, kept in the session cookie, and the form that sends it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from .content import Walk, walks
from .forms import Enquiry, Press

enquiry_pages = Blueprint("enquiry", __name__)


def chosen() -> list[Walk]:
    """The walks on the visitor's list, in the order they were added."""
    return [walks()[slug] for slug in session.get("list", []) if slug in walks()]


@enquiry_pages.app_context_processor
def list_size() -> dict[str, int]:
    return {"list_size": len(chosen())}


@enquiry_pages.post("/list/<slug>")
def add(slug: str) -> Response:
    walk = walks().get(slug) or abort(404)
    session["list"] = [*(other for other in session.get("list", []) if other != slug), slug]
    flash(f"“{walk.name}” is on your list.")
    return redirect(url_for("enquiry.enquire"), 303)


@enquiry_pages.post("/list/<slug>/remove")
def remove(slug: str) -> Response:
    session["list"] = [other for other in session.get("list", []) if other != slug]
    return redirect(url_for("enquiry.enquire"), 303)


@enquiry_pages.route("/enquire", methods=["GET", "POST"])
def enquire() -> str | Response:
    form = Enquiry()
    if form.validate_on_submit():
        session["sent_to"] = form.email.data
        session.pop("list", None)
        return redirect(url_for("enquiry.sent"), 303)
    return render_template("enquire.html", form=form, chosen=chosen(), press=Press())


@enquiry_pages.get("/enquire/sent")
def sent() -> str:
    return render_template("sent.html", address=session.pop("sent_to", ""))
