"""One response on its way out: its head is held back until the first piece of a rewritten body settles it."""

from __future__ import annotations

from typing import Any

from ..core.early_hints import gated_links
from ..gate import Exchange, Reply
from ..gate.reply import Headers
from .protocol import Message, RawHeaders, Send


class Responder:
    """Stands in for the server's `send`. A WebSocket's refusal is a response too, and its acceptance has
    headers."""

    __slots__ = ("_exchange", "_reply", "_send", "_start")

    def __init__(self, exchange: Exchange, send: Send) -> None:
        self._exchange = exchange
        self._send = send
        self._reply: Reply | None = None
        self._start: Message = {}

    async def __call__(self, message: Message) -> None:
        kind = message["type"]
        if kind in ("http.response.start", "websocket.http.response.start"):
            await self._begin(message)
        elif kind in ("http.response.body", "websocket.http.response.body"):
            await self._body(message)
        elif kind == "websocket.accept":
            reply = self._exchange.reply("101", decoded(message.get("headers") or ()))
            await self._send({**message, "headers": encoded(reply.headers)})
        elif kind == "http.response.early_hint":
            await self._hint(message)
        else:
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        self._start = message
        self._reply = self._exchange.reply(str(message["status"]), decoded(message.get("headers") or ()))
        if self._reply.is_settled:
            await self._send_head(self._reply)

    async def _send_head(self, reply: Reply) -> None:
        reply.sent = True
        await self._send({**self._start, "headers": encoded(reply.headers)})

    async def _body(self, message: Message) -> None:
        reply = self._reply
        if reply is None:
            raise RuntimeError("the application sent a body before it began its response")
        if reply.body is None:
            await self._send(message)
            return
        data, more = bytes(message.get("body", b"")), message.get("more_body", False)
        piece = reply.feed(data, whole=not more) if data else b""
        if not more:
            piece += reply.end()
        if reply.is_settled and not reply.sent:
            await self._send_head(reply)
        if piece or not more:
            await self._send({**message, "body": piece, "more_body": more})

    async def _hint(self, message: Message) -> None:
        links = [value.decode("latin-1") for value in message.get("links", ())]
        kept = gated_links(links, self._exchange.hint_verdict)
        if kept:
            await self._send({**message, "links": [value.encode("latin-1") for value in kept]})


def decoded(headers: Any) -> Headers:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def encoded(headers: Headers) -> RawHeaders:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
