"""What an ordinary site does, and what must go on working before any choice."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, send_file, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_wtf import FlaskForm
from wtforms import FileField, PasswordField, StringField
from wtforms.validators import DataRequired

shop = Blueprint("shop", __name__)
login_manager = LoginManager()
login_manager.login_view = "shop.sign_in"
STREAM_PIECES = 5
STREAM_PAUSE = 0.25


class Customer(UserMixin):
    def __init__(self, name: str) -> None:
        self.id = name


@login_manager.user_loader
def _load(name: str) -> Customer:
    return Customer(name)


class Contact(FlaskForm):
    name = StringField("Name", validators=[DataRequired()])
    message = StringField("Message", validators=[DataRequired()])


class SignIn(FlaskForm):
    name = StringField("Name", validators=[DataRequired()])
    password = PasswordField("Password", validators=[DataRequired()])


class Upload(FlaskForm):
    file = FileField("File")


@shop.context_processor
def _own_domain() -> dict[str, object]:
    return {"domain": request.host.split(":")[0].removeprefix("www.")}


@shop.route("/contact", methods=["GET", "POST"])
def contact() -> str:
    """The result of the POST is this page itself: reloading it would lose it."""
    form = Contact()
    sent = form.name.data if form.validate_on_submit() else None
    return render_template("contact.html", form=form, sent=sent)


@shop.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignIn()
    if form.validate_on_submit() and form.password.data == "correct horse":
        login_user(Customer(form.name.data))
        return redirect(url_for("shop.account"))
    return render_template("form.html", form=form, title="Sign in")


@shop.get("/account")
@login_required
def account() -> str:
    return render_template("message.html", message=f"Signed in as {current_user.id}")


@shop.route("/cart", methods=["GET", "POST"])
def cart() -> ResponseReturnValue:
    if request.method == "POST":
        session["cart"] = [*session.get("cart", []), request.form["item"]]
        return redirect(url_for("shop.cart"))
    return render_template("cart.html", items=session.get("cart", []))


@shop.route("/upload", methods=["GET", "POST"])
def upload() -> ResponseReturnValue:
    form = Upload()
    if form.validate_on_submit():
        data = form.file.data.read()
        return render_template("message.html", message=f"{form.file.data.filename}: {len(data)} bytes")
    return render_template("form.html", form=form, title="Upload")


@shop.get("/download")
def download() -> Response:
    """Not HTML, though it looks like it: it must come out as it went in."""
    data = b"<html><script src=https://www.google-analytics.com/ga.js></script>" + bytes(range(256)) * 64
    return send_file(
        io.BytesIO(data), "application/octet-stream", as_attachment=True, download_name="data.bin"
    )


@shop.get("/stream")
def stream() -> Response:
    def pieces() -> Iterator[str]:
        yield "<!doctype html><html lang=en><title>Stream</title><body><h1>Stream</h1>"
        for number in range(STREAM_PIECES):
            time.sleep(STREAM_PAUSE)
            yield f"<p>piece {number}</p>" + " " * 1024
        yield '<script src="https://www.google-analytics.com/late.js"></script><p>done</p></body></html>'

    return Response(pieces(), mimetype="text/html")


@shop.get("/fragments")
def fragments() -> str:
    return render_template("fragments.html")


@shop.get("/fragment")
def fragment() -> str:
    return '<p id="fragment">A fragment</p><img src="https://www.facebook.com/tr?id=1&amp;noscript=1" alt="">'


@shop.get("/api/items")
def items() -> dict[str, object]:
    return {"items": ["tea", "<script src=https://www.google-analytics.com/ga.js></script>"]}


@shop.get("/api/labelled-as-html")
def labelled() -> Response:
    return Response('{"html": "<body><p>not a page</p></body>"}', mimetype="text/html")


@shop.get("/framing")
def framing() -> str:
    return render_template("framing.html")


@shop.get("/framed")
def framed() -> str:
    return "<!doctype html><html lang=en><title>Framed</title><body><p id=framed>Framed</p></body></html>"


@shop.get("/sockets")
def sockets() -> str:
    return render_template("sockets.html")


@shop.get("/app")
def app_with_worker() -> str:
    """A page of a site with a service worker that answers from its cache when it has the page."""
    return render_template("app.html")


@shop.get("/app-worker.js")
def app_worker() -> Response:
    return Response(render_template("app-worker.js"), mimetype="text/javascript")


@shop.get("/wasm")
def wasm() -> str:
    return render_template("wasm.html")


@shop.get("/turbo/<int:number>")
def turbo(number: int) -> str:
    return render_template("turbo.html", number=number)


@shop.get("/htmx")
def htmx() -> str:
    return render_template("htmx.html")


@shop.get("/landing/")
def landing() -> str:
    """Where an advertisement leads: its link lacks the slash. Google tag as its vendor documents it."""
    return render_template("landing.html")


@shop.get("/vendors")
def vendor_tags() -> str:
    """Microsoft's and Meta's tags as their vendors document them."""
    return render_template("vendor_tags.html")


@shop.get("/lying-gzip")
def lying_gzip() -> Response:
    """Says gzip and is not; a browser shows an error or the bytes, but nothing may be released."""
    body = render_template("landing.html").encode()
    return Response(body, mimetype="text/html", headers={"Content-Encoding": "gzip"})


@shop.get("/unknown-coding")
def unknown_coding() -> Response:
    return Response(
        render_template("landing.html"), mimetype="text/html", headers={"Content-Encoding": "x-odd"}
    )


@shop.get("/utf16")
def utf16() -> Response:
    body = render_template("vectors.html", tp=lambda name: f"https://{name}.stranger.example")
    return Response(body.encode("utf-16"), content_type="text/html; charset=utf-16")


@shop.get("/wiped")
def wiped() -> str:
    """A page whose own script removes what it does not know, at once."""
    return render_template("wiped.html")


@shop.get("/made")
def made() -> str:
    """A page of what the query says: `head` and `body`."""
    head, body = (request.args.get(name, "") for name in ("head", "body"))
    return f"<!doctype html><html lang=en><head>{head}<title>Made</title></head><body><h1>Made</h1>{body}</body></html>"


@shop.get("/trusted-types")
def trusted_types() -> Response:
    policy = "require-trusted-types-for 'script'; trusted-types 'none'"
    return Response(render_template("plain.html"), headers={"Content-Security-Policy": policy})


@shop.get("/saved/<name>")
def saved(name: str) -> Response:
    """A real page from the folder of saved pages, for layout checks."""
    path = Path(os.environ.get("LAB_SAVED_PAGES", "/nonexistent")) / Path(name).name
    return Response(path.read_bytes(), content_type="text/html; charset=utf-8")


@shop.get("/node/<path:name>")
def node_built(name: str) -> ResponseReturnValue:
    """What `e2e/node` has built: hydrated pages and libraries."""
    return _built(Path(os.environ["LAB_NODE_DIST"]), name)


@shop.get("/_next/<path:name>")
def next_built(name: str) -> ResponseReturnValue:
    return _built(_next_folder(), f"_next/{name}")


@shop.get("/next")
def next_page() -> str:
    """A page as Next.js has built it. Its first script is a third party's that nobody has named."""
    return (_next_folder() / "index.html").read_text()


def _next_folder() -> Path:
    return Path(os.environ["LAB_NODE_DIST"]).with_name("next") / "out"


def _built(folder: Path, name: str) -> ResponseReturnValue:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        return "not built", 404
    return send_file(path)
