"""docs/deploy/nginx-cache.conf before the gate: ten thousand interleaved requests of visitors in every state."""

from __future__ import annotations

import asyncio
import random
import re
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cookiegate.config import load_toml
from cookiegate.core.consent import Choice
from cookiegate.core.once_cookie import Once
from cookiegate.gate import Gate
from cookiegate.opening import open_gate
from tests.proxy.conftest import Answer, Asked, RawSite, parsed
from tests.proxy.test_command import Command, ended

from .conftest import ROOT, free_port, nginx

REQUESTS = 10_000
VISITORS = 16
SEED = 20_261_124
TRACKER = b'<script src="https://tracker.example/t.js"></script>'
SETTINGS = """secret_keys = ["a-secret-of-the-tests-alone-0123456789"]
privacy_url = "/privacy"
services = ["google-analytics", "meta-pixel"]
trusted_proxies = ["127.0.0.1"]
[site]
public_url = "https://www.example.com"
[controller]
name = "Example Ltd"
contact = "privacy@example.com"
"""
OUTLIVES = 2.1
"""Seconds: more than nginx, which counts whole ones, takes a page of one second for fresh."""
HITS = {"HIT", "STALE", "UPDATING", "REVALIDATED"}


async def answer(asked: Asked) -> None:
    """Pages that live one second in a cache, each with a tracker and a tracker's cookie of its own visitor."""
    path = asked.line.split()[1]
    tag = f'"{path}"'
    head = [
        f"ETag: {tag}",
        "Cache-Control: public, max-age=1, stale-while-revalidate=1",
        "Last-Modified: Mon, 23 Nov 2026 10:00:00 GMT",
    ]
    if path.endswith(".js"):
        body, kind = b"self.ran = 1", "text/javascript"
    elif path.endswith(".mp4"):
        body, kind = b"\x00" * 5000, "video/mp4"
    else:
        body, kind = (
            b"<!doctype html><html><head>"
            + TRACKER
            + b"</head><body><p>"
            + path.encode()
            + b"</body></html>",
            "text/html",
        )
        seen = "_ga=" in (asked.get("Cookie") or "")
        head += ["Set-Cookie: _ga=GA1.released; Path=/"] if seen else []
        if path == "/basket":
            own = next(iter(re.findall(r"basket=(\w+)", asked.get("Cookie") or "")), "new")
            head += [f"Set-Cookie: basket={own}; HttpOnly; Path=/"]
    if asked.get("If-None-Match") == tag:
        await asked.send("\r\n".join(["HTTP/1.1 304 Not Modified", *head, "", ""]).encode())
        return
    status = "200 OK"
    if path.endswith(".mp4"):
        head.append("Accept-Ranges: bytes")
        if asked.get("Range") and asked.get("If-Range") in (None, tag):
            status, body = "206 Partial Content", body[:100]
            head.append("Content-Range: bytes 0-99/5000")
    head += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines = "\r\n".join([f"HTTP/1.1 {status}", *head, "", ""]).encode()
    await asked.send(lines + (b"" if asked.line.startswith("HEAD") else body))


@dataclass
class State:
    """One kind of visitor. `tags` are the entity tags that such visitors have been given, by path."""

    headers: dict[str, str] = field(default_factory=dict)
    released: bool = False
    cached: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    """By status code, and HEAD."""


def states(gate: Gate) -> dict[str, State]:
    def cookie(*granted: str) -> str:
        record = "0123456789abcdef" if granted else None
        choice = Choice(
            question=gate.question.hash, day=gate.today, granted=frozenset(granted), record=record
        )
        return f"{gate.cookie_names.consent}={gate.codec.encode(choice)}"

    once = gate.once_codec.encode(Once(services=frozenset({"youtube"})), int(gate.clock()))
    everything = cookie(*gate.question.categories)
    return {
        "undecided": State(cached=True),
        "session": State({"Cookie": "session=1; cart=2"}, cached=True),
        "forged": State({"Cookie": everything[:-2] + "xx"}),
        "denied": State({"Cookie": cookie()}),
        "partial": State({"Cookie": cookie("analytics") + "; _ga=1"}),
        "granted": State({"Cookie": everything + "; _ga=1"}, released=True),
        "signal": State({"Sec-GPC": "1"}),
        "do not track": State({"DNT": "1"}),
        "once": State({"Cookie": f"{gate.cookie_names.once}={once}"}),
        "signal over grant": State({"Sec-GPC": "1", "Cookie": everything + "; _ga=1"}),
    }


async def ask(port: int, path: str, method: str, headers: dict[str, str]) -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    facts = {"Host": "www.example.com", "Sec-Fetch-Dest": "document", "Connection": "close"} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in facts.items())
    writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode())
    try:
        return parsed(await reader.read(), method)
    finally:
        writer.close()


class Crowd:
    def __init__(self, port: int, cache: Path, kinds: dict[str, State]) -> None:
        self._port = port
        self._cache = cache
        self._kinds = kinds
        self._random = random.Random(SEED)
        self._left = REQUESTS
        self._resting = asyncio.Lock()

    async def run(self) -> None:
        await asyncio.gather(*(self._visitor() for _ in range(VISITORS)))

    async def _visitor(self) -> None:
        while self._left > 0:
            self._left -= 1
            if self._left % 2500 == 1250:
                for folder in self._cache.iterdir():
                    shutil.rmtree(folder, ignore_errors=True)
            async with self._resting:
                if self._left % 2500 == 0:
                    await asyncio.sleep(OUTLIVES)  # however fast the machine, pages grow stale
            await self._one()

    async def _one(self) -> None:
        chance = self._random
        name = chance.choice([*self._kinds, "undecided", "undecided"])
        state = self._kinds[name]
        path = chance.choice([*(f"/page/{n}" for n in range(12)), "/basket", "/app.js", "/film.mp4"])
        method = "HEAD" if chance.random() < 0.05 else "GET"
        headers = dict(state.headers)
        if path == "/basket":
            mine = f"basket={self._left}"
            headers["Cookie"] = f"{headers['Cookie']}; {mine}" if "Cookie" in headers else mine
        if chance.random() < 0.3:
            tags = chance.choice([state, *self._kinds.values()]).tags
            headers |= {"If-None-Match": tags[path]} if path in tags else {}
        if chance.random() < 0.1:
            headers["Range"] = "bytes=0-99"
            if chance.random() < 0.5 and (tag := chance.choice([*self._kinds.values()]).tags.get(path)):
                headers["If-Range"] = tag
        if chance.random() < 0.1:
            headers["If-Modified-Since"] = "Mon, 23 Nov 2026 10:00:00 GMT"
        got = await ask(self._port, path, method, headers)
        state.answers[str(got.status)] += 1
        state.answers[method] += 1
        if path == "/basket":
            given = [
                value for key, value in got.headers if key == "set-cookie" and value.startswith("basket=")
            ]
            assert all(mine in value for value in given), f"somebody else's basket: {given}"
        self._look(name, state, path, method, got)

    def _look(self, name: str, state: State, path: str, method: str, got: Answer) -> None:
        what = f"{name} {method} {path} -> {got.status} {got.headers}"
        assert got.status in (200, 206, 304), what
        policy = got.get("content-security-policy") or ""
        assert ("default-src" in policy) is not state.released, what
        if name != "partial" and not state.released:
            assert not any(key == "set-cookie" and "released" in value for key, value in got.headers), what
        if path.startswith("/page/"):
            if got.status == 200 and method == "GET":
                assert (TRACKER in got.body) is state.released, what
                assert got.body.rstrip().endswith(b"</html>"), what
            assert state.cached or got.get("x-cache-status") == "BYPASS", what
            kept_out = {"private", "no-store"} & set(re.split(r"[, ]+", got.get("cache-control") or ""))
            assert state.cached or kept_out, what
            state.statuses[got.get("x-cache-status") or ""] += 1
        if tag := got.get("etag"):
            state.tags[path] = tag


def test_nothing_released_is_stored_or_served_to_another(tmp_path: Path) -> None:
    (tmp_path / "cookiegate.toml").write_text(SETTINGS)
    gate, _ = open_gate(load_toml(tmp_path / "cookiegate.toml"))
    kinds, cache, port = states(gate), tmp_path / "cache", free_port()
    gate.ledger.close()

    async def scenario() -> None:
        raw = RawSite(answer)
        server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
        command = Command(tmp_path, "--upstream", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with ended(command):
            await command.wait()
            with nginx(tmp_path / "nginx", caching(cache, port, command.port), port):
                await Crowd(port, cache, kinds).run()
        server.close()
        await raw.end()

    asyncio.run(scenario())
    for kind in ("undecided", "session"):
        counts = kinds[kind].statuses
        assert sum(counts[status] for status in HITS) > 0.7 * sum(counts.values()), counts
        assert counts["STALE"] + counts["UPDATING"] + counts["REVALIDATED"], counts
    answers = sum((state.answers for state in kinds.values()), Counter())
    for kind, least in {"304": 200, "206": 30, "HEAD": 200}.items():
        assert answers[kind] > least, answers
    assert kinds["granted"].statuses.keys() == {"BYPASS"}
    stored = [file.read_bytes() for file in cache.rglob("*") if file.is_file()]
    assert any(b"data-gate-src" in content for content in stored)
    for content in stored:
        assert TRACKER not in content
        assert b"released" not in content
        assert b"Set-Cookie" not in content
        assert b"basket=" not in content


def caching(cache: Path, port: int, gate_port: int) -> str:
    text = (ROOT / "docs" / "deploy" / "nginx-cache.conf").read_text()
    for documented, here in {
        "listen 8081": f"listen 127.0.0.1:{port}",
        "127.0.0.1:8000": f"127.0.0.1:{gate_port}",
    }.items():
        assert documented in text
        text = text.replace(documented, here)
    cache.mkdir(exist_ok=True)
    return (
        f"proxy_cache_path {cache} levels=1:2 keys_zone=pages:10m use_temp_path=off; access_log off;\n{text}"
    )


@pytest.mark.parametrize("name", ["undecided", "session"])
def test_crowd_would_notice_a_leak(name: str) -> None:
    """The test that cannot fail would be worth nothing: a released page shown to these is an error."""
    crowd = Crowd(0, Path(), {})
    leak = Answer(200, [("content-security-policy", "default-src 'self'")], TRACKER + b"</html>")
    with pytest.raises(AssertionError):
        crowd._look(name, State(cached=True), "/page/1", "GET", leak)
