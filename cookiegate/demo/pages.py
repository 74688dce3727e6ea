"""The company's pages that only show something."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from .content import posts, walks
from .forms import Press

company_pages = Blueprint("company", __name__)


@company_pages.get("/")
def home() -> str:
    return render_template("home.html")


@company_pages.get("/walks")
def all_walks() -> str:
    return render_template("walks.html")


@company_pages.get("/walks/<slug>")
def one_walk(slug: str) -> str:
    walk = walks().get(slug) or abort(404)
    return render_template("walk.html", walk=walk, press=Press())


@company_pages.get("/how-it-works")
def how_it_works() -> str:
    return render_template("how.html")


@company_pages.get("/film")
def film() -> str:
    return render_template("film.html")


@company_pages.get("/journal")
def journal() -> str:
    return render_template("journal.html")


@company_pages.get("/journal/<slug>")
def post(slug: str) -> str:
    return render_template("post.html", post=posts().get(slug) or abort(404))


@company_pages.get("/privacy")
def privacy() -> str:
    return render_template("privacy.html")


@company_pages.app_errorhandler(404)
def not_found(_error: Exception) -> tuple[str, int]:
    return render_template("missing.html"), 404
