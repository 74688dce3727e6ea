"""How often somebody may try: by address, by name, and by the account whose code is asked for.

Flask-Limiter keeps the attempts in memory and writes their keys to its log, so the keys name nobody.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import Flask, request, session
from flask_limiter import Limiter
from flask_login import current_user  # type: ignore[import-untyped]

from ..core.forwarding import client_address
from ..core.networks import Networks

BY_ADDRESS = "10 per minute; 60 per hour"
BY_NAME = "5 per minute; 30 per hour"
BY_LINK = "10 per minute; 100 per hour"
HALF = "half"
"""What a session keeps of whoever has given the password and not the code."""


class Throttle:
    """Decorators of views: each counts what is posted to them. `proxies` are believed about addresses."""

    def __init__(self, app: Flask, secret: str, proxies: Networks) -> None:
        self._key = hashlib.sha256(f"cookiegate.dashboard.throttle {secret}".encode()).digest()
        self._proxies = proxies
        limiter = Limiter(self._address, app=app, strategy="moving-window")
        posts = ["POST"]
        self.by_address = limiter.limit(BY_ADDRESS, methods=posts)
        self.by_name = limiter.limit(BY_NAME, methods=posts, key_func=self._name)
        self.by_link = limiter.limit(BY_LINK, methods=posts)
        # One account of attempts for all places that take a code: whoever is out of them at one has none at another.
        self.codes = limiter.shared_limit(BY_NAME, "code", methods=posts, key_func=self._account)

    def _address(self) -> str:
        get = request.environ.get
        hops = get("HTTP_X_FORWARDED_FOR", ""), get("HTTP_FORWARDED", "")
        return self._keyed(client_address(get("REMOTE_ADDR", ""), *hops, self._proxies))

    def _name(self) -> str:
        return self._keyed(request.form.get("name", "").strip().casefold())

    def _account(self) -> str:
        """Of whoever is signed in, or half so."""
        if current_user.is_authenticated:
            return self._keyed(str(current_user.name))
        return self._keyed(str((session.get(HALF) or {}).get("id", "")).partition(":")[2])

    def _keyed(self, text: str) -> str:
        return hmac.digest(self._key, text.encode("utf-8", "replace"), "sha256").hex()[:16]
