"""Django's own ASGI application behind the ASGI edge, as its quick start says; `DJANGO_DIR` is its folder."""

from __future__ import annotations

import os
from pathlib import Path

from cookiegate.asgi import GateMiddleware

from .django_site import make_asgi_app

FOLDER = Path(os.environ["DJANGO_DIR"])

application = GateMiddleware(make_asgi_app(FOLDER), FOLDER / "cookiegate.toml")
