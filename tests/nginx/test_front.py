"""docs/deploy/nginx.conf as it stands: pages through the gate, static files beside it, the gate down."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from e2e.lab.certificate import client_context, make_certificate

from .conftest import ROOT, Handler, Site, free_port, gate, nginx, site

TRACKER = b'<script src="https://tracker.example/t.js"></script>'
PAGE = b"<!doctype html><html><head>" + TRACKER + b"</head><body><p>Hello</p></body></html>"
SETTINGS = """privacy_url = "/privacy"
trusted_proxies = ["127.0.0.1"]
[site]
public_url = "https://www.example.com"
[controller]
name = "Example Ltd"
contact = "privacy@example.com"
"""


def answer(handler: Handler) -> None:
    headers = [
        ("Content-Type", "text/html"),
        ("Set-Cookie", "_ga=1"),
        ("Link", "<https://tracker.example>; rel=preconnect"),
    ]
    handler.reply(200, PAGE, *headers)


@dataclass
class Front:
    port: int
    site: Site
    gate: Any
    folder: Path

    def get(self, path: str = "/", method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=client_context(), timeout=20)
        facts = {"Host": "www.example.com", "Sec-Fetch-Dest": "document"} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        connection.request(method, path, headers=facts)
        got = connection.getresponse()
        body = got.read()
        connection.close()
        return got.status, {name.lower(): value for name, value in got.getheaders()}, body


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    certificate = make_certificate(folder)
    (folder / "srv" / "static").mkdir(parents=True)
    (folder / "srv" / "static" / "page.html").write_bytes(PAGE)
    port = free_port()
    with site(answer) as behind, gate(folder, f"http://127.0.0.1:{behind.port}", SETTINGS) as command:
        policy = subprocess.run(
            [sys.executable, "-m", "cookiegate", "csp", "--nginx"],
            cwd=folder,
            capture_output=True,
            check=True,
        )
        (folder / "csp.conf").write_bytes(policy.stdout)
        text = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
        for documented, here in {
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "127.0.0.1:8000;": f"127.0.0.1:{command.port};",
            "127.0.0.1:8080;": f"127.0.0.1:{behind.port};",
            "/etc/ssl/www.example.com.pem": str(certificate.cert),
            "/etc/ssl/www.example.com.key": str(certificate.key),
            "/etc/nginx/cookiegate-csp.conf": str(folder / "csp.conf"),
            "/var/log/nginx/": f"{folder}/",
            "/srv/www": str(folder / "srv"),
        }.items():
            assert documented in text
            text = text.replace(documented, here)
        with nginx(folder / "nginx", text, port):
            yield Front(port, behind, command, folder)


def test_page_comes_through_the_gate(front: Front) -> None:
    status, headers, body = front.get()
    assert status == 200
    assert TRACKER not in body
    assert b"We use cookies" in body
    assert "default-src" in headers["content-security-policy"]
    assert "set-cookie" not in headers
    assert front.site.asked[-1]["x-forwarded-for"].startswith("127.0.0.0")
    assert front.site.asked[-1]["x-forwarded-proto"] == "https"


def test_static_file_carries_the_same_policy(front: Front) -> None:
    before = len(front.site.asked)
    gated = front.get()[1]["content-security-policy"]
    status, headers, body = front.get("/static/page.html")
    assert (status, body) == (200, PAGE)
    assert headers["content-security-policy"] == gated
    assert len(front.site.asked) == before + 1


def test_own_pages_are_reached(front: Front) -> None:
    assert front.get("/_gate/ready")[0] == 200
    assert b"Cookie settings" in front.get("/_gate/settings")[2]


def test_log_names_no_visitor(front: Front) -> None:
    front.get("/page?gclid=secret", Referer="https://secret.example/", User_Agent="Secret/1")
    log = (front.folder / "access.log").read_text()
    assert "127.0.0.0" in log
    for secret in ("127.0.0.1", "secret", "Secret"):
        assert secret not in log
    assert (front.folder / "error.log").read_text() == ""


def test_site_goes_on_under_the_policy_while_the_gate_is_down(front: Front) -> None:
    """The last test of this module: it ends the gate."""
    policy = front.get()[1]["content-security-policy"]
    front.gate.process.terminate()
    front.gate.process.wait(15)
    status, headers, body = front.get("/?a=1", Referer="https://elsewhere.example/", User_Agent="Mozilla/5.0")
    assert (status, body) == (200, PAGE)
    assert headers["content-security-policy"] == policy
    assert headers["cache-control"] == "no-store"
    assert not {"set-cookie", "link"} & headers.keys()
    asked = front.site.asked[-1]
    assert asked["x-forwarded-for"] == "127.0.0.0"
    assert not {"user-agent", "referer"} & asked.keys()
    assert front.get("/_gate/settings")[0] == 502
    assert front.get("/form", method="POST")[0] == 200
    assert front.site.asked[-1]["method"] == "POST"
