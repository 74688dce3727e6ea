"""The edge itself: what is ours is answered, everything else goes to the application through an exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.consent import Consent
from ..gate import Exchange, Gate
from ..live_gate import Settings, standing
from .own_pages import OwnPages
from .protocol import App, Receive, Scope, Send
from .responder import Responder, encoded
from .scope import request_of, without_shortcuts, write_back

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

CONSENT = "cookiegate.consent"


class GateMiddleware:
    """An ASGI application behind the gate.

    `config` is a `Config`, the path of a `cookiegate.toml`, None for the default search, or a function that
    reads one; a file is read again when it changes. A `gate` that is already open may be given instead;
    `pages` (WSGI) then serves its own pages below `/_gate/`. Given both, that gate answers as long as the settings
    cannot be used. Lifespan scopes pass as they are.
    """

    def __init__(
        self,
        app: App,
        config: Settings = None,
        *,
        gate: Gate | None = None,
        pages: WSGIApplication | None = None,
    ) -> None:
        self.app = app
        self._current = standing(config, gate, pages)
        self._own_pages = OwnPages()

    @property
    def gate(self) -> Gate:
        """The one that answers now: it follows its settings."""
        return self._current()[0]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        gate, pages = self._current()
        request = request_of(scope)
        if gate.owns_path(request["PATH_INFO"]):
            await self._own(pages, scope, request, receive, send)
            return
        before = dict(request)
        exchange = gate.open(request)
        write_back(scope, before, request)
        without_shortcuts(scope)
        if exchange.swallowed:
            await _swallow(scope, exchange, send)
            return
        await self.app(scope, receive, Responder(exchange, send))

    async def _own(
        self, pages: WSGIApplication, scope: Scope, request: dict[str, Any], receive: Receive, send: Send
    ) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._own_pages.answer(pages, scope, request, receive, send)


async def _swallow(scope: Scope, exchange: Exchange, send: Send) -> None:
    """A call to a collection path ends here, and is told that all is well."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
        return
    headers = encoded(exchange.empty_headers())
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def consent(scope: Scope) -> Consent:
    """Where the visitor of this request stands. RuntimeError where no gate is in front."""
    found = scope.get(CONSENT)
    if not isinstance(found, Consent):
        raise RuntimeError("This request did not come through the gate: wrap the application first.")
    return found
