"""What gunicorn serves: one application for each host name, the gated ones and an ungated control.

`LAB_DIR` is the run's own folder. Hosts: `site.test` (gated), `open.test` (the same site without a gate: what
each test must be able to see), `same.test` (its pages are the same for everyone), `django.test`, `down.test` (its
ledger cannot be written), `broken.test` (its rewriter throws).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from . import django_site
from .app import Seen, make_app

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LAB = Path(os.environ["LAB_DIR"])


class ByHost:
    """Applications by the last two labels of the Host header."""

    def __init__(self, apps: dict[str, WSGIApplication]) -> None:
        self._apps = apps

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = str(environ.get("HTTP_HOST", "")).split(":")[0]
        app = self._apps.get(".".join(host.split(".")[-2:]), self._apps["open.test"])
        return app(environ, start_response)


def seen_sites() -> dict[str, WSGIApplication]:
    """Every host's own code, without a gate, with a record of what it saw."""
    shop = make_app()
    sites: dict[str, WSGIApplication] = dict.fromkeys(
        ("open.test", "site.test", "same.test", "down.test", "broken.test"), shop
    )
    sites["django.test"] = django_site.make_app(LAB)
    return {name: Seen(site, LAB / f"seen-{name}.jsonl") for name, site in sites.items()}


def _gated(name: str, site: WSGIApplication) -> WSGIApplication:
    from cookiegate.wsgi import GateMiddleware

    return GateMiddleware(site, LAB / name / "cookiegate.toml")


def _apps() -> dict[str, WSGIApplication]:
    """`broken.test` has a gate whose verdicts throw in the middle of a page: stands for an error of ours."""
    sites = seen_sites()
    if os.environ.get("LAB_GATE") == "off":
        return sites
    from .broken import break_rewriter

    gated = {
        name: _gated(name, sites[name])
        for name in ("site.test", "same.test", "django.test", "down.test", "broken.test")
    }
    break_rewriter(gated["broken.test"])
    return sites | gated


if os.environ.get("LAB_EDGE", "wsgi") == "wsgi":
    application = ByHost(_apps())
