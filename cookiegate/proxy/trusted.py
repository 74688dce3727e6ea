"""What a proxy in front says of its visitor, believed only where the settings trust that proxy.

Stands before the gate, which cuts the address away: afterwards nobody can tell who was in front.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..asgi.protocol import App, Receive, Scope, Send
from ..core.networks import Networks
from ..request_data import load_address_scrub

SCHEMES = {b"https": "https", b"http": "http", b"wss": "wss", b"ws": "ws"}


class TrustedProxies:
    """`networks` are those of the proxies in front. From anyone else, headers that only a proxy sends go."""

    def __init__(self, app: App, networks: Iterable[str]) -> None:
        self._app = app
        self._trusted = Networks(networks)
        names = {
            key[5:].lower().replace("_", "-").encode()
            for key in load_address_scrub().places
            if key.startswith("HTTP_")
        }
        self._of_proxies = names | {b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            peer = (scope.get("client") or ("",))[0]
            if peer and peer in self._trusted:
                self._believe(scope)
            else:
                scope["headers"] = [pair for pair in scope["headers"] if not self._is_of_proxies(pair[0])]
        await self._app(scope, receive, send)

    def _is_of_proxies(self, name: bytes) -> bool:
        return name.replace(b"_", b"-") in self._of_proxies

    def _believe(self, scope: Scope) -> None:
        """The visitor's own scheme, where several are named the last one: the trusted proxy's."""
        for name, value in scope["headers"]:
            if name == b"x-forwarded-proto":
                scheme = SCHEMES.get(value.rpartition(b",")[2].strip().lower())
                if scheme is not None:
                    socket = scope["type"] == "websocket"
                    scope["scheme"] = {"https": "wss", "http": "ws"}.get(scheme, scheme) if socket else scheme
