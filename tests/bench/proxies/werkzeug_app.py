"""Werkzeug's ProxyMiddleware as it comes, and behind the gate: `PROXY_UPSTREAM`, `PROXY_SETTINGS`."""

from __future__ import annotations

import os

from werkzeug.exceptions import NotFound
from werkzeug.middleware.http_proxy import ProxyMiddleware

from cookiegate.wsgi import GateMiddleware

plain = ProxyMiddleware(
    NotFound(), {"/site": {"target": os.environ["PROXY_UPSTREAM"], "remove_prefix": True}}
)
if settings := os.environ.get("PROXY_SETTINGS"):
    gated = GateMiddleware(plain, settings)
