"""A WebSocket through the proxy: opened with the site first, then message by message in both directions."""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp import ClientWebSocketResponse, WSMsgType
from yarl import URL

from ..asgi.protocol import Receive, Scope, Send
from .client import LARGEST_MESSAGE, Opened
from .headers import accepted_headers, own_origin, upstream_headers
from .trouble import trouble
from .upstream import Upstream

GOING_AWAY = 1001
NO_STATUS = 1005
ABNORMAL = 1006
NEVER_SENT = (NO_STATUS, ABNORMAL)
"""Codes that a close frame may not carry (RFC 6455, 7.4.1)."""


async def relay(
    client: aiohttp.ClientSession, upstream: Upstream, scope: Scope, receive: Receive, send: Send
) -> None:
    await receive()
    query = scope["query_string"].decode("latin-1")
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    url = URL(f"{upstream.origin}{path}{'?' + query if query else ''}", encoded=True)
    try:
        async with asyncio.timeout(upstream.timeout):
            opened = await client.ws_connect(
                url,
                headers=upstream_headers(scope, upstream),
                protocols=scope.get("subprotocols", ()),
                max_msg_size=LARGEST_MESSAGE,
            )
    except aiohttp.WSServerHandshakeError as refusal:
        await _refuse(scope, send, refusal.status)
        return
    except (aiohttp.ClientError, OSError, TimeoutError):
        await _refuse(scope, send, 502)
        return
    async with opened:
        head = opened.head if isinstance(opened, Opened) else ()
        headers = accepted_headers(head, upstream, own_origin(scope))
        await send({"type": "websocket.accept", "subprotocol": opened.protocol, "headers": headers})
        await _both_ways(opened, receive, send)


async def _both_ways(site: ClientWebSocketResponse, receive: Receive, send: Send) -> None:
    """Until one side ends; the other is told."""
    ways = {
        asyncio.ensure_future(_to_site(site, receive)),
        asyncio.ensure_future(_to_visitor(site, send)),
    }
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
    await asyncio.gather(*ways, return_exceptions=True)


async def _to_site(site: ClientWebSocketResponse, receive: Receive) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            code = message.get("code") or GOING_AWAY
            reason = (message.get("reason") or "").encode()
            await site.close(code=GOING_AWAY if code in NEVER_SENT else code, message=reason)
            return
        if message.get("text") is not None:
            await site.send_str(message["text"])
        else:
            await site.send_bytes(message["bytes"])


async def _to_visitor(site: ClientWebSocketResponse, send: Send) -> None:
    async for message in site:
        if message.type is WSMsgType.TEXT:
            await send({"type": "websocket.send", "text": message.data})
        elif message.type is WSMsgType.BINARY:
            await send({"type": "websocket.send", "bytes": message.data})
    code = site.close_code or GOING_AWAY
    await send({"type": "websocket.close", "code": GOING_AWAY if code in NEVER_SENT else code})


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    """With the site's own status where the server can say one, else as a refused handshake."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": GOING_AWAY})
        return
    if status != 502:
        await send({"type": "websocket.http.response.start", "status": status, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b""})
        return
    for message in trouble(502):
        await send({**message, "type": "websocket." + message["type"]})
