"""The same hosts over ASGI: `LAB_EDGE` is `asgi` (the sites in this process) or `proxy` (the sites in another
one, at `LAB_UPSTREAM`)."""

from __future__ import annotations

import asyncio
import contextvars
import os
from typing import Any

from asgiref.wsgi import WsgiToAsgi

from cookiegate.asgi import GateMiddleware
from cookiegate.asgi.protocol import App, Receive, Scope, Send
from cookiegate.proxy import Proxy, Upstream

from .broken import break_rewriter
from .wsgi import LAB, seen_sites

GATED = ("site.test", "same.test", "django.test", "down.test", "broken.test")


class ByHost:
    """Applications by the last two labels of the Host header."""

    def __init__(self, apps: dict[str, App]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        host = dict(scope["headers"]).get(b"host", b"").decode().split(":")[0]
        app = self._apps.get(".".join(host.split(".")[-2:]), self._apps["open.test"])
        # asgiref's adapter keeps its thread in a context variable, which uvicorn hands from one request of a
        # connection to the next (python/cpython#140947).
        await asyncio.get_running_loop().create_task(app(scope, receive, send), context=contextvars.Context())


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def _sites() -> dict[str, Any]:
    if os.environ["LAB_EDGE"] == "proxy":
        origin = os.environ["LAB_UPSTREAM"]
        return {name: Proxy(Upstream(origin=origin, keeps_host=True)) for name in (*GATED, "open.test")}
    return {name: WsgiToAsgi(app) for name, app in seen_sites().items()}


def _apps() -> dict[str, App]:
    apps = _sites()
    for name in GATED:
        apps[name] = GateMiddleware(apps[name], LAB / name / "cookiegate.toml")
    break_rewriter(apps["broken.test"])
    return apps


application = ByHost(_apps())
