"""docs/deploy/nginx-shared.conf before a gate with `cache = "shared"`: one copy of each page for visitors in every state."""

from __future__ import annotations

import asyncio
import http.client
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cookiegate.config import load_toml
from cookiegate.opening import open_gate
from tests.proxy.conftest import Answer, RawSite
from tests.proxy.test_command import Command, ended

from .conftest import ROOT, free_port, nginx
from .test_cache import HITS, SETTINGS, TRACKER, Crowd, State, answer, states

SCRIPT = b'<script src="/_gate/embed/www.example.com.js"></script>'
SHARED = 'cache = "shared"\n' + SETTINGS


class SameCrowd(Crowd):
    """Asks as `Crowd` does; what it looks for is that nobody's answer differs from anybody's."""

    bodies: dict[str, set[bytes]]
    marks: dict[str, set[str]]

    def __init__(self, *facts: Any) -> None:
        super().__init__(*facts)
        self.bodies, self.marks = defaultdict(set), defaultdict(set)

    def _look(self, name: str, state: State, path: str, method: str, got: Answer) -> None:
        what = f"{name} {method} {path} -> {got.status} {got.headers}"
        assert got.status in (200, 206, 304), what
        if name not in ("partial", "granted"):
            assert not any(key == "set-cookie" and "released" in value for key, value in got.headers), what
        if tag := got.get("etag"):
            state.tags[path] = tag
        if not path.startswith("/page/"):
            return
        assert "default-src" not in (got.get("content-security-policy") or ""), what
        assert TRACKER not in got.body, what
        if got.status == 200 and method == "GET":
            assert got.body.count(SCRIPT) == 1, what
            self.bodies[path].add(got.body)
        self.marks[path].add(tag or "")
        state.statuses[got.get("x-cache-status") or ""] += 1
        if got.get("x-cache-status") in HITS:
            assert not got.get("set-cookie"), what
        kept_out = {"private", "no-store"} & set((got.get("cache-control") or "").replace(",", " ").split())
        assert kept_out or not got.get("set-cookie"), what


def shared_cache(cache: Path, port: int, gate_port: int) -> str:
    text = (ROOT / "docs" / "deploy" / "nginx-shared.conf").read_text()
    text = text.replace("listen 8081", f"listen 127.0.0.1:{port}").replace(
        "127.0.0.1:8000", f"127.0.0.1:{gate_port}"
    )
    cache.mkdir(exist_ok=True)
    zone = "proxy_cache_path {} levels=1:2 keys_zone=pages:10m use_temp_path=off; access_log off;\n"
    return zone.format(cache) + text


def test_everyone_gets_the_same_page_and_no_other_is_stored(tmp_path: Path) -> None:
    (tmp_path / "cookiegate.toml").write_text(SHARED)
    gate, _ = open_gate(load_toml(tmp_path / "cookiegate.toml"))
    kinds, cache, port = states(gate), tmp_path / "cache", free_port()
    gate.ledger.close()
    crowds: list[SameCrowd] = []

    async def scenario() -> None:
        raw = RawSite(answer)
        server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
        command = Command(tmp_path, "--upstream", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with ended(command):
            await command.wait()
            with nginx(tmp_path / "nginx", shared_cache(cache, port, command.port), port):
                crowds.append(SameCrowd(port, cache, kinds))
                await crowds[0].run()
        server.close()
        await raw.end()

    asyncio.run(scenario())
    assert len(crowds[0].bodies) == 12
    assert all(len(bodies) == 1 for bodies in crowds[0].bodies.values())
    assert all(len(marks) == 1 for marks in crowds[0].marks.values()), crowds[0].marks
    for kind in ("undecided", "denied", "granted", "signal"):
        counts = kinds[kind].statuses
        assert sum(counts[status] for status in HITS) > 0.7 * sum(counts.values()), (kind, counts)
    answers = sum((state.answers for state in kinds.values()), Counter())
    for kind, least in {"304": 200, "206": 30, "HEAD": 200}.items():
        assert answers[kind] > least, answers
    stored = [file.read_bytes() for file in cache.rglob("*") if file.is_file()]
    assert any(SCRIPT in content for content in stored)
    for content in stored:
        for others in (TRACKER, b"released", b"Set-Cookie", b"basket="):
            assert others not in content


@contextmanager
def cached(folder: Path) -> Iterator[int]:
    """nginx, gate and site; the site's one page is asked for by others than visitors with a page before them."""
    from .conftest import Handler, gate, site

    def page(handler: Handler) -> None:
        body = b"<!doctype html><html><head>" + TRACKER + b"</head><body><p>Hello</p></body></html>"
        if handler.path == "/part":
            body = b"<p>" + TRACKER + b"</p>"
        tag = ("ETag", '"1"')
        if handler.headers.get("If-None-Match") == '"1"':
            handler.reply(304, b"", tag)
            return
        if handler.headers.get("Range"):
            handler.reply(
                206, body[:60], ("Content-Type", "text/html"), ("Content-Range", f"bytes 0-59/{len(body)}")
            )
            return
        handler.reply(200, body, ("Content-Type", "text/html"), ("Cache-Control", "max-age=60"), tag)

    port = free_port()
    with (
        site(page) as behind,
        gate(folder, f"http://127.0.0.1:{behind.port}", SHARED) as command,
        nginx(folder / "nginx", shared_cache(folder / "cache", port, command.port), port),
    ):
        yield port


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers={"Host": "www.example.com"} | named)
    got = connection.getresponse()
    body = got.read()
    connection.close()
    return got.status, {name.lower(): value for name, value in got.getheaders()}, body


@pytest.mark.parametrize("first", ["document", "iframe", "empty", "script", ""])
def test_whoever_comes_first_stores_the_page_for_all(tmp_path: Path, first: str) -> None:
    """A frame, a script's fetch, a prefetch or a robot may fill the cache."""
    with cached(tmp_path) as port:
        sent = {"Sec_Fetch_Dest": first} if first else {"Accept": "*/*"}
        ask(port, "/", **sent)
        status, headers, body = ask(port, "/", Sec_Fetch_Dest="document", Cookie="__Host-gate=1~x")
        assert (status, headers["x-cache-status"]) == (200, "HIT")
        assert SCRIPT in body
        assert TRACKER not in body
        assert "default-src" not in headers.get("content-security-policy", "")
        assert ask(port, "/", Sec_Fetch_Dest="document", If_None_Match=headers["etag"])[0] == 304


def test_fragment_that_is_cached_stays_held_as_a_page(tmp_path: Path) -> None:
    with cached(tmp_path) as port:
        for _ in range(2):
            _, headers, body = ask(port, "/part", Sec_Fetch_Dest="empty")
            assert TRACKER not in body
            assert SCRIPT not in body
            assert "default-src" in headers["content-security-policy"]
            assert "etag" not in headers


def test_part_of_a_page_comes_from_the_gated_one(tmp_path: Path) -> None:
    with cached(tmp_path) as port:
        _, _, whole = ask(port, "/", Sec_Fetch_Dest="document")
        status, _, part = ask(port, "/", Sec_Fetch_Dest="empty", Range="bytes=0-59")
        assert status in (200, 206)
        assert whole.startswith(part[:60])
        assert ask(port, "/", "HEAD", Sec_Fetch_Dest="document")[2] == b""
