"""The Flask site alone behind the gate, for requests that carry addresses, on the edge that `LAB_EDGE` names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .app import Seen, make_app

LAB = Path(os.environ["LAB_DIR"])
SETTINGS = LAB / "site.test" / "cookiegate.toml"


def _gated() -> Any:
    edge = os.environ.get("LAB_EDGE", "wsgi")
    if edge == "proxy":
        from cookiegate.config import load_toml
        from cookiegate.proxy.site import ProxiedSite, Sites

        return Sites([ProxiedSite(lambda: load_toml(SETTINGS))])
    site = Seen(make_app(), LAB / "seen-site.test.jsonl")
    if edge == "asgi":
        from asgiref.wsgi import WsgiToAsgi

        from cookiegate.asgi import GateMiddleware as AsgiGate

        return AsgiGate(WsgiToAsgi(site), SETTINGS)
    from cookiegate.wsgi import GateMiddleware

    return GateMiddleware(site, SETTINGS)


application = _gated()
