"""The headers of the gate's own pages: as strict as each page can bear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response
from werkzeug.datastructures import Headers

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

BASE = "default-src 'none'; base-uri 'none'"
STRICT = f"{BASE}; frame-ancestors 'none'"
PAGE = f"{BASE}; style-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'"
HELD = f"{BASE}; style-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'self'"
NO_STORE = "no-store"
FOR_EVER = "public, max-age=31536000, immutable"


class Redirect(Response):
    """A 303 whose address reaches the browser byte for byte: Werkzeug would spell `[]` and others anew."""

    def __init__(self, place: str) -> None:
        super().__init__(status=303, headers={"Location": place})

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        headers = super().get_wsgi_headers(environ)
        headers["Location"] = self.headers["Location"]
        return headers


def harden(response: Response) -> Response:
    """What every answer carries; a view that set a header of its own keeps it."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", STRICT)
    headers.setdefault("Cache-Control", NO_STORE)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "browsing-topics=()")
    headers.setdefault("X-Robots-Tag", "noindex")
    if "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
        headers.setdefault("X-Frame-Options", "DENY")
    return response
