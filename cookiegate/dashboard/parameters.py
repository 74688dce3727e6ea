"""Which parameters each address has. What none of ours would hear is refused by name: never silently ignored."""

from __future__ import annotations

from flask import Flask, request

from ..errors import BadRequest
from .question import KEPT

PANEL = ("sort", "q", "lines")
KNOWN = {
    "pages.site": KEPT,
    "pages.panel": (*KEPT, *PANEL),
    "editing.links": KEPT,
    "editing.link": KEPT,
    "interface.figures": KEPT,
    "interface.everything": KEPT,
    "interface.one": KEPT,
    "interface.one_csv": KEPT,
    "sign_in.page": ("to",),
}
"""By endpoint; those that are not here have none."""
MAY_BE_EMPTY = {("pages.panel", "q"), ("sign_in.page", "to")}
"""(endpoint, parameter): as a form sends them that nobody has filled."""
SENT_ROUND = ("shared.page", "sign_in.once")
"""Links that travel through mail and chats, which append parameters of their own; these ask nothing by one."""


def check_parameters(app: Flask) -> None:
    @app.before_request
    def check() -> None:
        """Raises BadRequest, 400."""
        if request.endpoint is None or request.endpoint in SENT_ROUND:
            return
        known = KNOWN.get(request.endpoint, ())
        for name, values in request.args.lists():
            if name not in known:
                raise BadRequest(400, f"“{name[:20]}” is no parameter of this address.")
            if len(values) > 1:
                raise BadRequest(400, f"“{name}” is given twice.")
            if not values[0] and (request.endpoint, name) not in MAY_BE_EMPTY:
                raise BadRequest(400, f"“{name}” is empty: leave it out.")
