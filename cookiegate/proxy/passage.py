"""One request on its way to the site and the answer on its way back, piece by piece in both directions.

Nothing is kept whole: a slow reader slows the site down, a slow site slows the sender down. What breaks
before the answer has begun becomes a plain page; what breaks afterwards breaks the connection, so that
nobody takes a part for the whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
from yarl import URL

from ..asgi.protocol import Receive, Scope, Send
from .headers import own_origin, upstream_headers, visitor_headers
from .trouble import send_trouble
from .upstream import Upstream

LOOK_AFTER = 1.0
"""Seconds after which it is watched whether the visitor is still there."""


class TooLarge(Exception):
    """The visitor sends more than is allowed."""


class Gone(Exception):
    """The visitor left in the middle of the request."""


class Passage:
    def __init__(
        self, client: aiohttp.ClientSession, upstream: Upstream, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._client = client
        self._upstream = upstream
        self._scope = scope
        self._receive = receive
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._watcher: asyncio.Task[None] | None = None
        self._begun = False
        self._all_sent = True
        self._failure: Exception | None = None
        self._gone = False

    async def run(self) -> None:
        look = self._loop.call_later(LOOK_AFTER, self._watch)
        try:
            status = await self._pass()
        except asyncio.CancelledError:
            if not self._gone:
                raise
            return
        finally:
            look.cancel()
            if self._watcher is not None:
                self._watcher.cancel()
        if status and not self._gone:
            self._upstream.trouble(status)
        if status and not self._begun and not self._gone:
            await send_trouble(self._send, status)

    async def _pass(self) -> int:
        """0, or the status of the trouble; where the answer has begun, only that it is not finished."""
        try:
            async with asyncio.timeout(self._upstream.timeout) as self._patience:
                await self._exchange()
        except TimeoutError:
            return 504
        except TooLarge:
            return 413
        except (aiohttp.ClientError, OSError, ValueError):
            # aiohttp wraps what the body's generator raised.
            return 413 if isinstance(self._failure, TooLarge) else 502
        return 0

    async def _exchange(self) -> None:
        scope = self._scope
        response = await self._client.request(
            scope["method"],
            self._url(),
            headers=upstream_headers(scope, self._upstream),
            data=self._body(),
            allow_redirects=False,
        )
        async with response:
            own = own_origin(scope)
            headers = visitor_headers(response.raw_headers, response.status, self._upstream, own)
            self._begun = True
            self._wait(response.content_type != "text/event-stream")
            await self._send({"type": "http.response.start", "status": response.status, "headers": headers})
            await self._answer(response)

    async def _answer(self, response: aiohttp.ClientResponse) -> None:
        timed = response.content_type != "text/event-stream"
        async for chunk in response.content.iter_any():
            self._wait(False)
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
            self._wait(timed)
        await self._send({"type": "http.response.body", "body": b""})

    def _wait(self, timed: bool) -> None:
        """The site may take its time again; it is not blamed for a visitor who reads slowly."""
        self._patience.reschedule(self._loop.time() + self._upstream.timeout if timed else None)

    def _url(self) -> URL:
        scope = self._scope
        path = (scope.get("raw_path") or b"/").decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        return URL(f"{self._upstream.origin}{path}{'?' + query if query else ''}", encoded=True)

    def _body(self) -> AsyncIterator[bytes] | None:
        headers = dict(self._scope["headers"])
        length = headers.get(b"content-length", b"0")
        if length == b"0" and b"transfer-encoding" not in headers:
            return None
        limit = self._upstream.max_body
        if limit and int(length) > limit:
            raise TooLarge
        self._all_sent = False
        return self._pieces(limit)

    async def _pieces(self, limit: int) -> AsyncIterator[bytes]:
        size = 0
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._gone = True
                self._failure = Gone()
                raise self._failure
            piece = message.get("body", b"")
            size += len(piece)
            if limit and size > limit:
                self._failure = TooLarge()
                raise self._failure
            if not self._begun:
                self._wait(True)
            if piece:
                yield piece
            if not message.get("more_body", False):
                self._all_sent = True
                return

    def _watch(self) -> None:
        """`receive` has one reader at a time: the body's, then ours."""
        if self._all_sent:
            self._watcher = self._loop.create_task(self._leave_with_the_visitor())
        else:
            self._loop.call_later(LOOK_AFTER, self._watch)

    async def _leave_with_the_visitor(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._task is not None:
            self._task.cancel()
