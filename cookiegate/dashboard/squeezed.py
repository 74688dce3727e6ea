"""Answers made small on the way: gzip, where the browser takes it.

A page holds a CSRF token and what its own address asks. Guessing the token by the size of answers (BREACH) needs a
hostile page that makes our pages load with the cookie: `SameSite=Lax` and `frame-ancestors 'none'` leave it none.
"""

from __future__ import annotations

import gzip

from flask import Response, request

KINDS = ("text/", "application/json", "image/svg+xml")
SMALLEST = 1000
LEVEL = 6


def squeeze(response: Response) -> Response:
    if not (response.mimetype or "").startswith(KINDS) or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if (
        len(body) < SMALLEST
        or request.accept_encodings["gzip"] <= 0
        or "Content-Encoding" in response.headers
    ):
        return response
    response.set_data(gzip.compress(body, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
