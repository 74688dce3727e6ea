"""WebSockets through the proxy, between a real client and a real server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from .conftest import Front, Run, page


@contextlib.asynccontextmanager
async def echo(seen: list[Any]) -> AsyncIterator[str]:
    """The origin of a server that echoes, and closes with 4001 where it is told to."""

    async def handler(socket: ServerConnection) -> None:
        assert socket.request is not None
        seen.append(socket.request)
        with contextlib.suppress(ConnectionClosed):
            async for message in socket:
                if message == "bye":
                    await socket.close(4001, "as asked")
                else:
                    await socket.send(message)
        seen.append(socket.close_code)

    def refuse(socket: ServerConnection, request: Request) -> Response | None:
        return socket.respond(403, "no") if request.path == "/forbidden" else None

    def with_cookies(socket: ServerConnection, request: Request, response: Response) -> Response:
        if request.path == "/cookies":
            for cookie in ("session=1; HttpOnly; Path=/", "_ga=GA1.1; Path=/", "_fbp=fb.1; Path=/"):
                response.headers["Set-Cookie"] = cookie
            response.headers["X-Room"] = "7"
        return response

    def select(_socket: ServerConnection, offered: Sequence[Any]) -> Any:
        return "chat" if "chat" in offered else None

    serving = serve(
        handler,
        "127.0.0.1",
        0,
        select_subprotocol=select,
        process_request=refuse,
        process_response=with_cookies,
    )
    async with serving as server:
        yield f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


def tunnelled(run: Run, gate_parts: Any, visit: Any) -> list[Any]:
    """`visit(session, url)` as a visitor; what the echoing server saw."""
    from .conftest import fronted

    seen: list[Any] = []

    async def whole() -> None:
        async with (
            asyncio.timeout(15),
            echo(seen) as origin,
            fronted(page(), gate_parts, (), {"origin": origin}) as front,
            aiohttp.ClientSession() as session,
        ):
            await visit(session, f"ws://127.0.0.1:{front.port}")

    asyncio.run(whole())
    return seen


def test_messages_go_both_ways(run: Run, gate_parts: Any) -> None:
    async def visit(session: aiohttp.ClientSession, url: str) -> None:
        async with session.ws_connect(url + "/live?a=1", protocols=["chat"]) as socket:
            assert socket.protocol == "chat"
            await socket.send_str("héllo")
            assert await socket.receive_str() == "héllo"
            await socket.send_bytes(b"\x00\xff" * 300_000)
            assert await socket.receive_bytes() == b"\x00\xff" * 300_000
            await socket.close(code=4002)

    request, code = tunnelled(run, gate_parts, visit)
    assert request.path == "/live?a=1"
    assert code == 4002


def test_site_sees_a_clean_request(run: Run, gate_parts: Any) -> None:
    headers = {
        "Cookie": "session=1; _ga=2",
        "X-Forwarded-For": "198.51.100.23",
        "Origin": "https://www.site.test",
    }

    async def visit(session: aiohttp.ClientSession, url: str) -> None:
        async with session.ws_connect(url + "/?gclid=Q", headers=headers):
            pass

    request = tunnelled(run, gate_parts, visit)[0]
    assert request.path == "/"
    assert request.headers["Cookie"] == "session=1"
    assert request.headers["X-Forwarded-For"] == "127.0.0.0"
    assert request.headers["Origin"] == "https://www.site.test"


def test_cookies_of_the_answer_that_opens_a_socket_are_gated(run: Run, gate_parts: Any) -> None:
    async def visit(session: aiohttp.ClientSession, url: str) -> None:
        async with session.ws_connect(url + "/cookies") as socket:
            head = socket._response.headers
            assert head.getall("Set-Cookie") == ["session=1; HttpOnly; Path=/"]
            assert head["X-Room"] == "7"
            assert len(head.getall("Sec-WebSocket-Accept")) == 1

    tunnelled(run, gate_parts, visit)


def test_close_of_the_site_reaches_the_visitor(run: Run, gate_parts: Any) -> None:
    async def visit(session: aiohttp.ClientSession, url: str) -> None:
        async with session.ws_connect(url) as socket:
            await socket.send_str("bye")
            message = await socket.receive()
            assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 4001)

    tunnelled(run, gate_parts, visit)


def test_refusal_of_the_site_reaches_the_visitor(run: Run, gate_parts: Any) -> None:
    async def visit(session: aiohttp.ClientSession, url: str) -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await session.ws_connect(url + "/forbidden")
        assert refusal.value.status == 403

    tunnelled(run, gate_parts, visit)


def test_socket_to_a_site_that_is_down_is_a_502(run: Run) -> None:
    async def scenario(front: Front) -> None:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
                await session.ws_connect(f"ws://127.0.0.1:{front.port}/")
            assert refusal.value.status == 502

    run(scenario, page(), origin="http://127.0.0.1:9")
