"""What gunicorn serves: one application for each host name, the gated ones and an ungated control.

`LAB_DIR` is the run's own folder. Hosts: `site.test` (gated), `open.test` (the same site without a gate: what
each test must be able to see), `django.test`, `down.test` (its ledger cannot be written), `broken.test` (its
rewriter throws).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
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


def _seen(name: str) -> Path:
    return LAB / f"seen-{name}.jsonl"


def _gated(name: str, app: WSGIApplication) -> WSGIApplication:
    from cookiegate.wsgi import GateMiddleware

    return GateMiddleware(Seen(app, _seen(name)), LAB / name / "cookiegate.toml")


def _broken(app: WSGIApplication) -> WSGIApplication:
    """A gate whose verdicts throw in the middle of a page: stands for an error of ours."""
    from .broken import break_rewriter

    gated = _gated("broken.test", app)
    break_rewriter(gated)
    return gated


def _apps() -> dict[str, WSGIApplication]:
    site = make_app()
    apps: dict[str, WSGIApplication] = {"open.test": Seen(site, _seen("open.test"))}
    if os.environ.get("LAB_GATE") == "off":
        return apps | {"django.test": Seen(django_site.make_app(LAB), _seen("django.test"))}
    build: dict[str, Callable[[], WSGIApplication]] = {
        "site.test": lambda: _gated("site.test", site),
        "django.test": lambda: _gated("django.test", django_site.make_app(LAB)),
        "down.test": lambda: _gated("down.test", site),
        "broken.test": lambda: _broken(site),
    }
    return apps | {name: make() for name, make in build.items()}


application = ByHost(_apps())
