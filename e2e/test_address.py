"""A thousand requests with known addresses in every header: none is found again, wherever one looks."""

from __future__ import annotations

import contextlib
import functools
import http.client
import itertools
import json
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .lab.configuration import SECRET
from .lab.lab import EDGES, OPEN, Lab
from .lab.servers import free_port, gunicorn

HEADERS = [
    "X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP",
    "CF-Connecting-IP", "CF-Connecting-IPv6", "CF-Pseudo-IPv4", "Fastly-Client-IP", "Fly-Client-IP",
    "X-Azure-ClientIP", "X-Azure-SocketIP", "X-Appengine-User-IP", "X-Vercel-Forwarded-For",
    "X-Nf-Client-Connection-IP", "DO-Connecting-IP", "CloudFront-Viewer-Address", "X-Original-Forwarded-For",
    "X-Envoy-External-Address", "X-ProxyUser-Ip", "WL-Proxy-Client-IP", "Proxy-Client-IP", "Client-IP",
    "Forwarded-For", "X-Forwarded", "X-Remote-IP", "X-Remote-Addr", "X-Originating-IP", "Akamai-Client-IP",
    "Cdn-Src-Ip", "Ali-CDN-Real-IP",
]  # fmt: skip
REQUESTS = 1000
LONG = 64 * 1024
PROXY_HEADERS = ("X-Forwarded-For", "Forwarded")


@dataclass(frozen=True)
class Form:
    """One way to write an address: `written` goes into the header, `secret` must never be found again."""

    written: str
    secret: str


def forms(number: int) -> Iterator[Form]:
    """Every family, each with its own last part, so that any survivor can be told."""
    low, high = number % 200 + 20, number // 200 + 31
    v4 = f"198.51.{high}.{low}"
    hexadecimal = f"c633:{high:02x}{low:02x}"
    yield Form(v4, v4)
    yield Form(f"2001:db8:77:{number:x}::{low:x}", f"2001:db8:77:{number:x}::{low:x}")
    yield Form(f"::ffff:{v4}", v4)
    yield Form(f"2002:{hexadecimal}::{low:x}", f"2002:{hexadecimal}")
    yield Form(f"2001:0:4136:e378:8000:63bf:{0xFFFF ^ 0xC633:x}:{0xFFFF ^ (high << 8 | low):x}",
               f"{0xFFFF ^ 0xC633:x}:{0xFFFF ^ (high << 8 | low):x}")  # fmt: skip
    yield Form(f"64:ff9b::{hexadecimal}", hexadecimal)
    yield Form(f"[2001:db8:88:{number:x}::{low:x}]:4711", f"2001:db8:88:{number:x}::{low:x}")
    yield Form(f"{v4}:50123", v4)
    yield Form(f'for="{v4}:50123";proto=https;by=203.0.113.43', v4)
    yield Form(f"unknown, {v4}, 10.0.0.1", v4)
    yield Form(f"999.{v4}.xx", f".{v4}.")
    yield Form(f"{v4}%0d%0a", v4)


@dataclass(frozen=True)
class Evidence:
    secrets: list[str]
    texts: dict[str, str]


def send(port: int, header: str, value: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", "/plain", headers={"Host": "site.test", header: value})
        response = connection.getresponse()
        response.read()
        return response.status


def send_raw(port: int, header: str, value: str) -> None:
    """Over any client's own limits; the server may answer 400 or close."""
    with socket.create_connection(("127.0.0.1", port), 20) as raw, contextlib.suppress(OSError):
        raw.sendall(f"GET /plain HTTP/1.1\r\nHost: site.test\r\n{header}: {value}\r\n\r\n".encode())
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(65536):
            pass


def run_requests(port: int) -> list[str]:
    secrets = []
    headers = itertools.cycle(HEADERS)
    made = itertools.chain.from_iterable(forms(number) for number in itertools.count())
    for number, form in enumerate(itertools.islice(made, REQUESTS)):
        header = next(headers)
        secrets.append(form.secret)
        assert send(port, header, form.written) == 200, (header, form)
        if number % 100 == 0:
            send_raw(port, header, form.written + " " + "9" * LONG)
            send_raw(port, "X Bad Header", form.written)
    return secrets


ACCESS_FORMAT = (
    '%(h)s %(l)s %(u)s "%(r)s" %(s)s "%(f)s" "%(a)s" %({x-forwarded-for}i)s %({forwarded}i)s %({x-real-ip}i)s'
)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """The requests are sent through a real gunicorn with a talkative access log; then everything is read."""
    folder = tmp_path_factory.mktemp("address")
    (folder / "site.test").mkdir()
    (folder / "site.test" / "cookiegate.toml").write_text(
        f'secret_keys = ["{SECRET}"]\ntrusted_proxies = ["127.0.0.0/8"]\n'
        '[site]\nname = "Shop"\npublic_url = "https://site.test"\n'
        '[controller]\nname = "Shop Ltd"\ncontact = "a@b.example"\n'
    )
    edge = os.environ.get("LAB_EDGE", "wsgi")
    with contextlib.ExitStack() as stack:
        if edge == "proxy":
            upstream = stack.enter_context(_served("e2e.site.address_upstream:application", folder, []))
            with (folder / "site.test" / "cookiegate.toml").open("a") as settings:
                settings.write(f'[proxy]\nupstream = "http://127.0.0.1:{upstream}"\n')
        options = [
            "--logger-class", "cookiegate.gunicorn_logger.GateLogger",
            "--access-logfile", str(folder / "access.log"),
            "--access-logformat", ACCESS_FORMAT, "--error-logfile", str(folder / "error.log"),
            "--log-level", "debug", "--forwarded-allow-ips", "*",
        ]  # fmt: skip
        worker = EDGES[edge][1]
        port = stack.enter_context(_served("e2e.site.address_site:application", folder, options, worker))
        secrets = run_requests(port)
    return Evidence(secrets, {str(path): read(path) for path in folder.rglob("*") if path.is_file()})


@contextlib.contextmanager
def _served(app: str, folder: Path, options: list[str], worker: str = "gthread") -> Iterator[int]:
    port = free_port()
    ready = functools.partial(_is_ready, port)
    env = {"LAB_DIR": str(folder)}
    with gunicorn(app, worker, port=port, ready=ready, log=folder / "server.log", env=env, options=options):
        yield port


def _is_ready(port: int) -> bool:
    return send(port, "Accept", "*/*") == 200


def read(path: Path) -> str:
    return path.read_bytes().decode("latin-1")


def test_site_still_sees_the_truncated_address(evidence: Evidence) -> None:
    (seen,) = (text for name, text in evidence.texts.items() if name.endswith("seen-site.test.jsonl"))
    forwarded = {json.loads(line).get("HTTP_X_FORWARDED_FOR", "").split(",")[0] for line in seen.splitlines()}
    assert "198.51.31.0" in forwarded
    assert len(seen.splitlines()) >= REQUESTS


def test_access_log_was_written(evidence: Evidence) -> None:
    (log,) = (text for name, text in evidence.texts.items() if name.endswith("access.log"))
    assert len(log.splitlines()) >= REQUESTS


def found(secrets: list[str], texts: dict[str, str]) -> list[tuple[str, str]]:
    """Every (place, secret) where one of `secrets` stands in one of `texts`."""
    longest_first = sorted(set(secrets), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    return [(name, match.group()) for name, text in texts.items() for match in pattern.finditer(text)]


@pytest.mark.parametrize("place", ["seen-", "access.log", "error.log", "server.log", ".cookiegate"])
def test_no_address_is_found_again(evidence: Evidence, place: str) -> None:
    texts = {name: text for name, text in evidence.texts.items() if place in name}
    assert texts
    assert found(evidence.secrets, texts)[:10] == []


def test_search_finds_every_address_in_a_site_without_a_gate(lab: Lab) -> None:
    before = len(lab.seen(OPEN))
    sent = list(forms(0))
    for form in sent:
        lab.fetch("/plain", host=OPEN, headers={"X-Forwarded-For": form.written})
    texts = {str(place): json.dumps(seen) for place, seen in enumerate(lab.seen(OPEN)[before:])}
    assert {name for name, _ in found([form.secret for form in sent], texts)} == set(texts)
    assert len(texts) == len(sent)
