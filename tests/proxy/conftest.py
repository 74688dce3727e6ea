"""A proxy with its real server on loopback, before a site that answers byte by byte as a test wants."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from cookiegate.asgi import GateMiddleware
from cookiegate.config import Config
from cookiegate.opening import open_gate
from cookiegate.proxy import Proxy, TrustedProxies, Upstream
from cookiegate.proxy.limited import LimitedProtocol

PATIENCE = 20
"""Seconds after which a scenario has failed: nothing here may hang."""
TRACKER = b'<script src="https://tracker.example/t.js"></script>'
HELD = b'data-gate-src="https://tracker.example/t.js"'
PAGE = b"<!doctype html><html><head>" + TRACKER + b"</head><body><p>Hello</p></body></html>"


@dataclass
class Asked:
    """One request as the site received it; `reader` gives what follows the head."""

    line: str
    headers: list[tuple[str, str]]
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name.lower()), None)


@dataclass
class RawSite:
    """Keeps connections open as long as `answer` does not close them; `connections` counts them."""

    answer: Callable[[Asked], Awaitable[None]]
    connections: int = 0
    asked: list[Asked] = field(default_factory=list)
    serving: set[Any] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.serving.add(asyncio.current_task())
        try:
            await self._serve(reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def end(self) -> None:
        for task in self.serving:
            task.cancel()
        await asyncio.gather(*self.serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = [
                    (name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:-2])
                ]
                self.asked.append(Asked(lines[0], headers, reader, writer))
                await self.answer(self.asked[-1])


@dataclass
class Front:
    """What a visitor reaches."""

    port: int
    site: RawSite

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def get(self, path: str = "/", method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        reader, writer = await self.connect()
        facts = {"Host": "www.site.test", "Sec-Fetch-Dest": "document"}
        facts |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in facts.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode("latin-1") + body)
        try:
            return parsed(await reader.read(), method)
        finally:
            writer.close()


def parsed(raw: bytes, method: str = "GET") -> Answer:
    """The last response in `raw`; raises where a chunked body is not complete."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = [
        (name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])
    ]
    if method != "HEAD" and ("transfer-encoding", "chunked") in headers:
        body = unchunked(body)
    return Answer(int(lines[0].split()[1]), headers, body)


def unchunked(data: bytes) -> bytes:
    out = b""
    while True:
        size, _, data = data.partition(b"\r\n")
        length = int(size or b"x", 16)
        if length == 0:
            return out
        out, data = out + data[:length], data[length + 2 :]


def page(body: bytes = PAGE, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


Scenario = Callable[[Front], Coroutine[Any, Any, None]]
Run = Callable[..., None]


@pytest.fixture
def gate_parts(tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    gate, pages = open_gate(Config(state_dir=tmp_path / "state", services=("google-analytics",)))
    yield gate, pages
    gate.ledger.close()


@pytest.fixture
def run(gate_parts: tuple[Any, Any]) -> Run:
    """`run(scenario, answer, **of the upstream)`: the scenario as a visitor, `answer` as the site."""

    def go(scenario: Scenario, answer: Any, *, trusted: tuple[str, ...] = (), **upstream: Any) -> None:
        async def whole() -> None:
            async with asyncio.timeout(PATIENCE), fronted(answer, gate_parts, trusted, upstream) as front:
                await scenario(front)

        asyncio.run(whole())

    return go


@contextlib.asynccontextmanager
async def fronted(
    answer: Any, parts: tuple[Any, Any], trusted: tuple[str, ...], options: dict[str, Any]
) -> AsyncIterator[Front]:
    site = RawSite(answer if callable(answer) else _constant(answer))
    behind = await asyncio.start_server(site.serve, "127.0.0.1", 0, limit=2**20)
    port = behind.sockets[0].getsockname()[1]
    options = {"origin": f"http://127.0.0.1:{port}", "keeps_host": True, "timeout": 5} | options
    proxy = Proxy(Upstream(**options))
    app = TrustedProxies(GateMiddleware(proxy, gate=parts[0], pages=parts[1]), trusted)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, http=LimitedProtocol, ws="websockets-sansio", lifespan="off", log_config=None, proxy_headers=False,
        server_header=False, date_header=False, timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve([listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield Front(listening.getsockname()[1], site)
    finally:
        server.should_exit = True
        await serving
        await proxy.close()
        behind.close()
        await site.end()


def _constant(raw: bytes) -> Callable[[Asked], Awaitable[None]]:
    async def answer(asked: Asked) -> None:
        await asked.send(raw)

    return answer
