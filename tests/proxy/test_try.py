"""`cookiegate try`: a site's own addresses under another name, and the list of what is held."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cookiegate.proxy.link_map import LinkMap

from .conftest import HELD, TRACKER, Asked, parsed
from .test_command import site

LINKS = LinkMap(None, "www.example.com", "localhost:8010")  # type: ignore[arg-type]


def cut(text: bytes, size: int) -> bytes:
    """`text` through the map in pieces of `size`."""
    out, rest = b"", b""
    for start in range(0, len(text), size):
        rest += text[start : start + size]
        piece, stop = LINKS.mapped(rest, max(0, len(rest) - LINKS.reach))
        out, rest = out + piece, rest[stop:]
    return out + LINKS.mapped(rest, len(rest))[0]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20, 64, 10_000])
@pytest.mark.parametrize(
    ("text", "mapped"),
    [
        (b'<a href="https://www.example.com/a">', b'<a href="http://localhost:8010/a">'),
        (b"url(//www.example.com/a.png)", b"url(//localhost:8010/a.png)"),
        (rb'{"u":"https:\/\/www.example.com\/a"}', rb'{"u":"http:\/\/localhost:8010\/a"}'),
        (b"HTTP://WWW.EXAMPLE.COM:80", b"http://localhost:8010"),
        (b"https://www.example.com.evil.example/", b"https://www.example.com.evil.example/"),
        (b"https://www.example.common/", b"https://www.example.common/"),
        (b"mail@www.example.com", b"mail@www.example.com"),
        (b"x" * 50 + b"https://www.example.com " * 3, b"x" * 50 + b"http://localhost:8010 " * 3),
    ],
)
def test_own_addresses_are_mapped_however_the_text_is_cut(text: bytes, mapped: bytes, size: int) -> None:
    assert cut(text, size) == mapped


def test_text_is_asked_for_plainly_and_other_bytes_pass() -> None:
    sent: list[Any] = []
    asked: dict[str, Any] = {}

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        asked.update(scope)
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"image/png"),
                    (b"content-length", b"3"),
                    (b"strict-transport-security", b"max-age=1"),
                ],
            }
        )
        await send({"type": "http.response.body", "body": b"\x89PN"})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip"), (b"range", b"bytes=0-")]}
    asyncio.run(LinkMap(app, "a.example", "localhost")(scope, None, send))  # type: ignore[arg-type]
    assert asked["headers"] == [(b"accept-encoding", b"identity")]
    assert sent[0]["headers"] == [(b"content-type", b"image/png"), (b"content-length", b"3")]
    assert sent[1]["body"] == b"\x89PN"


def test_site_is_served_gated_with_what_is_held_beside_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        async def answer(asked: Asked) -> None:
            body = TRACKER + f'<a href="http://{asked.get("Host")}/next">'.encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
            await asked.send(head.encode() + body)

        async with site(answer) as origin:
            from .test_command import Command

            port = Command.free_port()
            process = subprocess.Popen(
                [sys.executable, "-u", "-m", "cookiegate", "try", origin, "--port", str(port)],
                cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            assert process.stdout is not None
            try:
                assert await _page(port) is not None
                lines = [await asyncio.to_thread(process.stdout.readline) for _ in range(2)]
                assert f"http://localhost:{port}/".encode() in lines[0]
                assert lines[1] == b"held  tracker.example  unclassified  script\n"
            finally:
                process.terminate()
                await asyncio.to_thread(process.wait, 10)
                process.stdout.close()
        assert list(tmp_path.iterdir()) == []

    asyncio.run(scenario())


async def _page(port: int) -> bytes | None:
    for _ in range(100):
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("localhost", port)
            writer.write(
                f"GET / HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\nSec-Fetch-Dest: document\r\n\r\n".encode()
            )
            body = parsed(await reader.read()).body
            writer.close()
            assert HELD in body
            return body
        await asyncio.sleep(0.1)
    return None


@pytest.mark.parametrize("url", ["ftp://a.example", "http://127.0.0.1:9/", "nonsense"])
def test_site_that_cannot_be_asked_is_one_line(url: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "cookiegate", "try", url], cwd=tmp_path, capture_output=True, text=True
    )
    assert ran.returncode == 2
    assert ran.stderr.count("\n") == 1
