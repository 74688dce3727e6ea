"""Pages with every way to reach a tracker. Each vector calls a host, and a file, of its own name.

`?known=1` takes hosts that any catalogue of trackers knows; otherwise the hosts are nobody's.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

vectors = Blueprint("vectors", __name__)

PEERS_17 = [
    "script",
    "async",
    "module",
    "injected",
    "fetch",
    "xhr",
    "beacon",
    "image",
    "eventsource",
    "img",
    "srcset",
    "iframe",
    "stylesheet",
    "preload",
    "background",
    "video",
    "object",
]
"""PEERS' 17 ways, by the name that each one's file carries."""

WORKERS = ["worker", "sharedworker", "serviceworker", "framedsvg"]

XHTML = ["xhtmlscript", "xhtmlimage"]

MORE = [
    "prefetch",
    "modulepreload",
    "imagesrcset",
    "cssimport",
    "font",
    "styleurl",
    "speculation",
    "importmap",
    "source",
    "poster",
    "videosource",
    "audio",
    "inputimage",
    "embed",
    "svgimage",
    "svgscript",
    "entity",
    "protocol",
    "backslash",
    "srcdoc",
    "shadow",
    "tablebackground",
    "innerhtml",
    "write",
    "injectedstyle",
    "injectedlink",
    "websocket",
    "injectedframe",
    "dynamicimport",
    "blobworker",
]
"""What `/more` adds to the seventeen. `ping` waits for a click, `noscript` for a browser without script."""

MORE_CONNECTIONS = {"preconnect.stranger.example"}
"""Reached by a connection alone, without a request."""

KNOWN_HOSTS = {
    "script": "www.google-analytics.com",
    "async": "www.googletagmanager.com",
    "module": "cdn.segment.com",
    "injected": "static.hotjar.com",
    "fetch": "api.amplitude.com",
    "xhr": "api-js.mixpanel.com",
    "beacon": "bat.bing.com",
    "image": "www.facebook.com",
    "eventsource": "eu.i.posthog.com",
    "img": "px.ads.linkedin.com",
    "srcset": "ct.pinterest.com",
    "iframe": "www.youtube.com",
    "stylesheet": "fonts.googleapis.com",
    "preload": "analytics.tiktok.com",
    "background": "cm.g.doubleclick.net",
    "video": "cdn.taboola.com",
    "object": "securepubads.g.doubleclick.net",
}


def third_party(vector: str) -> str:
    """The origin that `vector` calls on this request's page."""
    if request.args.get("known") and vector in KNOWN_HOSTS:
        return f"https://{KNOWN_HOSTS[vector]}"
    return f"https://{vector}.stranger.example"


@vectors.app_context_processor
def _third_party() -> dict[str, object]:
    domain = request.host.split(":")[0].removeprefix("www.")
    return {"tp": third_party, "domain": domain}


@vectors.get("/vectors")
def page() -> str:
    return render_template("vectors.html")


@vectors.get("/more")
def more() -> str:
    """Vectors beyond PEERS' list: further elements, styles, templates, speculation."""
    return render_template("more.html")


@vectors.get("/order")
def order() -> str:
    return render_template("order.html")


@vectors.get("/workers")
def workers() -> str:
    return render_template("workers.html")


@vectors.get("/collect-page")
def collect_page() -> str:
    """A tag that is served, and collects, under the site's own name."""
    return render_template("collect.html")


@vectors.get("/workers/<any(worker, sharedworker, serviceworker):kind>.js")
def worker_script(kind: str) -> Response:
    host = f"https://{kind}.stranger.example"
    body = f"fetch('{host}/{kind}.json').catch(() => 0)"
    if kind == "serviceworker":
        body = f"self.addEventListener('install', event => event.waitUntil({body}));\n"
    return Response(body, mimetype="text/javascript")


@vectors.get("/framed.svg")
def framed_svg() -> Response:
    body = render_template("framed.svg")
    return Response(body, mimetype="image/svg+xml")


@vectors.get("/page.xhtml")
def xhtml() -> Response:
    return Response(render_template("page.xhtml"), mimetype="application/xhtml+xml")


@vectors.get("/plain")
def plain() -> str:
    """A page without third parties, to leave to and to come Back from."""
    return render_template("plain.html")


@vectors.get("/tall")
def tall() -> str:
    return render_template("vectors.html", tall=True)


@vectors.get("/partial")
def partial() -> str:
    """One tag of each category, by an operator's own services (see `gated.toml`)."""
    return render_template("partial.html")


@vectors.get("/cookies")
def cookies() -> Response:
    """Sets what a shop and its trackers set: two necessary ones, an undeclared one, and four trackers'."""
    response = Response(render_template("cookies.html"))
    domain = request.host.split(":")[0].removeprefix("www.")
    response.set_cookie("session", "s1", httponly=True, secure=True, samesite="Lax")
    response.set_cookie("csrftoken", "c1", secure=True, samesite="Lax", max_age=3600)
    response.set_cookie("shop_pref", "x1", httponly=True, secure=True, max_age=86400)
    response.set_cookie("_gid", "GA1.1.9.9", httponly=True, secure=True, max_age=86400)
    response.set_cookie("_hjSessionUser_11", "h1", secure=True, max_age=86400)
    response.set_cookie("_ga", "GA1.1.8.8", domain=domain, secure=True, max_age=86400)
    return response


TRACKER_COOKIES = frozenset({"_gid", "_hjSessionUser_11", "_ga", "_fbp"})
"""HttpOnly, host-only, on the parent domain, set by script."""


@vectors.get("/conditional")
def conditional() -> Response:
    """A page with an ETag: a revalidation is answered 304, which replaces the stored headers."""
    response = Response(render_template("vectors.html"))
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = "object-src 'self' https:"
    response.add_etag()
    return response.make_conditional(request)
