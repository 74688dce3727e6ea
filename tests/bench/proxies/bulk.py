"""A WebSocket's echoes through the proxy, and one long upload with the worker's memory before and after."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles

import aiohttp
from websockets.asyncio.server import ServerConnection, serve

from .servers import SETTINGS, bind, started

PIECE = b"x" * 65_536


@asynccontextmanager
async def proxied(origin: str) -> AsyncIterator[tuple[str, int]]:
    """(origin of the proxy, process id of its one worker)"""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "cookiegate.toml"
        settings.write_text(SETTINGS + "[proxy]\nmax_body = 0\n")
        address = bind()
        command = [
            sys.executable,
            "-m",
            "cookiegate",
            "proxy",
            "--config",
            str(settings),
            "--upstream",
            origin,
            "--workers",
            "1",
            "--bind",
            address,
        ]
        with started(command, int(address.rpartition(":")[2]), Path(folder) / "log") as process:
            await asyncio.sleep(1)
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            yield f"http://{address}", int(children[0])


async def echoes(times: int) -> str:
    async def echo(socket: ServerConnection) -> None:
        async for message in socket:
            await socket.send(message)

    async with serve(echo, "127.0.0.1", 0) as server:
        origin = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        direct = await _round_trips(origin, times)
        async with proxied(origin) as (front, _):
            through = await _round_trips(front, times)
    return (
        f"WebSocket echo of 100 bytes, us p50/p99: direct {_both(direct)}, through the proxy {_both(through)}"
    )


def _both(taken: list[float]) -> str:
    ranks = quantiles(taken, n=100, method="inclusive")
    return f"{ranks[49] * 1e6:,.0f}/{ranks[98] * 1e6:,.0f}"


async def _round_trips(origin: str, times: int) -> list[float]:
    taken = []
    async with aiohttp.ClientSession() as session, session.ws_connect(origin) as socket:
        for _ in range(times):
            begun = time.perf_counter()
            await socket.send_str("x" * 100)
            await socket.receive_str()
            taken.append(time.perf_counter() - begun)
    return taken


async def upload(size: int) -> str:
    received = 0

    async def sink(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal received
        await reader.readuntil(b"\r\n\r\n")
        received = 0
        while received < size and (piece := await reader.read(1_000_000)):
            received += len(piece)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    async def body() -> AsyncIterator[bytes]:
        for _ in range(size // len(PIECE)):
            yield PIECE
        yield b"x" * (size % len(PIECE))

    server = await asyncio.start_server(sink, "127.0.0.1", 0)
    origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with (
        proxied(origin) as (front, pid),
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=600)) as session,
    ):
        await (await session.get(front + "/_gate/health")).read()
        before, begun = resident(pid), time.perf_counter()
        async with session.post(front, data=body(), headers={"Content-Length": str(size)}) as answer:
            assert (answer.status, await answer.text(), received) == (200, "ok", size)
        took, after = time.perf_counter() - begun, peak(pid)
    server.close()
    return (
        f"Upload of {size / 1e6:,.0f} MB: {size / 1e6 / took:,.0f} MB/s; resident set of the worker {before:.1f} MB before, "
        f"{after:.1f} MB at its peak"
    )


def resident(pid: int) -> float:
    return _status(pid, "VmRSS")


def peak(pid: int) -> float:
    return _status(pid, "VmHWM")


def _status(pid: int, field: str) -> float:
    """Megabytes (proc(5))."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition(field + ":")[2].split()[0]) / 1024
