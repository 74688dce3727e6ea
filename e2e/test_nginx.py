"""docs/deploy/nginx.conf in a browser: the gate goes down, the site goes on, and no third party is reached."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.nginx.conftest import ROOT, Handler, free_port, gate, nginx, site

from .browser import launch_arguments
from .lab.certificate import make_certificate
from .lab.recorder import Recorder
from .lab.visitor import accept_button
from .site.app import make_app
from .sites.stage import rules
from .test_leaks import UNREWRITTEN_FRAME, nobody

pytestmark = pytest.mark.sites
URL = "https://www.example.com/"
SETTINGS = """privacy_url = "/privacy"
trusted_proxies = ["127.0.0.1"]
[site]
public_url = "https://www.example.com"
[controller]
name = "Example Ltd"
contact = "privacy@example.com"
"""
GATE_PORT = "127.0.0.1:8000;"


@dataclass
class Front:
    gate: Any
    recorder: Recorder
    browser: Browser


@pytest.fixture(scope="module")
def front(
    tmp_path_factory: pytest.TempPathFactory, playwright: Playwright, browser_path: Path
) -> Iterator[Front]:
    folder, port = tmp_path_factory.mktemp("front"), free_port()
    certificate = make_certificate(folder)
    page = make_app().test_client().get("/vectors", base_url="https://site.test").data
    hints = ("Link", "<https://preconnect.stranger.example>; rel=preconnect")

    def answer(handler: Handler) -> None:
        handler.reply(200, page if handler.path == "/" else b"", ("Content-Type", "text/html"), hints)

    with (
        site(answer) as behind,
        gate(folder, f"http://127.0.0.1:{behind.port}", SETTINGS) as command,
        nginx(folder / "nginx", documented(folder, certificate, port, command.port, behind.port), port),
        Recorder(certificate).running() as recorder,
        playwright.chromium.launch(
            **launch_arguments(browser_path, rules({"www.example.com": port}, recorder))
        ) as browser,
    ):
        yield Front(command, recorder, browser)


def documented(folder: Path, certificate: Any, port: int, gate_port: int, site_port: int) -> str:
    """The documented file, with this machine's ports and folders."""
    policy = subprocess.run(
        [sys.executable, "-m", "cookiegate", "csp", "--nginx"], cwd=folder, capture_output=True, check=True
    )
    (folder / "csp.conf").write_bytes(policy.stdout)
    text = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
    for said, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        GATE_PORT: f"127.0.0.1:{gate_port};",
        "127.0.0.1:8080;": f"127.0.0.1:{site_port};",
        "/etc/ssl/www.example.com.pem": str(certificate.cert),
        "/etc/ssl/www.example.com.key": str(certificate.key),
        "/etc/nginx/cookiegate-csp.conf": str(folder / "csp.conf"),
        "/var/log/nginx/": f"{folder}/",
        "/srv/www": str(folder / "srv"),
    }.items():
        assert said in text
        text = text.replace(said, here)
    return text


def test_page_through_nginx_reaches_nobody(front: Front) -> None:
    page = front.browser.new_context(ignore_https_errors=True).new_page()
    page.goto(URL)
    expect(accept_button(page)).to_be_visible()
    nobody(front.recorder)


def test_page_without_the_gate_requests_nothing_of_anybody(front: Front) -> None:
    """The last test here: it ends the gate. Markup is not held now, so a frame's bare connection is left."""
    front.gate.process.terminate()
    front.gate.process.wait(15)
    front.recorder.clear()
    page = front.browser.new_context(ignore_https_errors=True).new_page()
    answer = page.goto(URL)
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("h1")).to_have_text("Seventeen ways to reach a tracker")
    expect(accept_button(page)).to_have_count(0)
    nobody(front.recorder, least=1.5, bare=UNREWRITTEN_FRAME)
