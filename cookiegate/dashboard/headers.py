"""The headers of every answer of the dashboard. Its pages need style sheets, one script and forms; nothing else."""

from __future__ import annotations

from flask import Response

POLICY = (
    "default-src 'none'; base-uri 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
NO_STORE = "private, no-store"
FOR_EVER = "public, max-age=31536000, immutable"


def harden(response: Response) -> Response:
    """What every answer carries; a view that set a header of its own keeps it."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("Cache-Control", NO_STORE)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "browsing-topics=()")
    headers.setdefault("X-Robots-Tag", "noindex")
    headers.setdefault("X-Frame-Options", "DENY")
    return response
