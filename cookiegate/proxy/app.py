"""The ASGI application: one client a process, one passage a request."""

from __future__ import annotations

import aiohttp

from ..asgi.protocol import Receive, Scope, Send
from .client import open_client
from .passage import Passage
from .socket import relay
from .upstream import Upstream


class Proxy:
    """Answers requests and WebSockets with what `upstream` says."""

    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        self._client: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await relay(self.client, self.upstream, scope, receive, send)
        elif scope["type"] == "http":
            await Passage(self.client, self.upstream, scope, receive, send).run()

    @property
    def client(self) -> aiohttp.ClientSession:
        """Made with the first request: it belongs to the event loop that runs then."""
        if self._client is None:
            self._client = open_client(self.upstream)
        return self._client

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()
