"""`cookiegate demo`: no tracker hears anything before a choice; all of them do after "Accept"."""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .lab.certificate import client_context
from .lab.lab import Lab
from .lab.recorder import Recorder
from .lab.servers import free_port, process
from .lab.visitor import accept, accept_button, reject
from .lab.waiting import wait_until
from .test_leaks import JAVASCRIPT, nobody

DEMO = [sys.executable, "-m", "cookiegate.cli", "demo", "--days", "0"]
PAGES = ["/", "/walks", "/how-it-works", "/film", "/journal", "/enquire", "/sign-in", "/privacy"]


def get(port: int, path: str, context: ssl.SSLContext | None = None) -> bytes:
    connection: http.client.HTTPConnection
    if context is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    else:
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().read()


@pytest.fixture(scope="module")
def plain_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a demo as `make demo` starts it: plain http on localhost, stand-in names of trackers."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    command = [*DEMO, "--port", str(port), "--state", str(folder / "state")]
    with process(command, ready=lambda: b"<html" in get(port, "/"), log=folder / "demo.log"):
        yield port


@pytest.fixture(scope="module")
def real_demo(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The host of a demo whose pages name the vendors' real hosts, which the recorder stands for."""
    folder: Path = tmp_path_factory.mktemp("real-demo")
    certificate = lab.certificate
    command = [
        *DEMO, "--port", str(lab.demo_port), "--state", str(folder / "state"), "--real-hosts",
        "--site-host", "demo.test", "--tls", str(certificate.cert), str(certificate.key),
    ]  # fmt: skip
    context = client_context()
    with process(
        command, ready=lambda: b"<html" in get(lab.demo_port, "/", context), log=folder / "demo.log"
    ):
        yield "demo.test"


def counts(port: int) -> dict[str, Any]:
    return dict(json.loads(get(port, "/demo/network.json")))


def heard(port: int) -> set[str]:
    return {service["name"] for service in counts(port)["services"] if service["requests"]}


def see_everything(page: Page, origin: str) -> None:
    for path in PAGES:
        page.goto(origin + path)
        page.mouse.wheel(0, 2000)


@JAVASCRIPT
def test_demo_reaches_nobody_before_a_choice(
    visit: Visit, recorder: Recorder, real_demo: str, js: bool
) -> None:
    page = visit("/", host=real_demo, js=js)
    see_everything(page, f"https://{real_demo}")
    nobody(recorder)
    assert {cookie.get("name") for cookie in page.context.cookies()} <= {"session"}


@JAVASCRIPT
def test_demo_reaches_nobody_after_reject(visit: Visit, recorder: Recorder, real_demo: str, js: bool) -> None:
    page = visit("/", host=real_demo, js=js)
    reject(page)
    see_everything(page, f"https://{real_demo}")
    nobody(recorder)


def test_demo_reaches_its_trackers_after_accept(visit: Visit, recorder: Recorder, real_demo: str) -> None:
    page = visit("/", host=real_demo)
    accept(page)
    see_everything(page, f"https://{real_demo}")
    wanted = {
        "www.googletagmanager.com", "connect.facebook.net", "static.hotjar.com", "snap.licdn.com",
    }  # fmt: skip
    recorder.settle(least=1)
    assert wanted - recorder.hosts == set()


def test_demo_counts_live(visit: Visit, recorder: Recorder, plain_demo: int) -> None:
    page = visit("/plain")
    origin = f"http://localhost:{plain_demo}"
    see_everything(page, origin)
    wait_until(page, lambda: counts(plain_demo)["held"], "held calls")
    before = counts(plain_demo)
    assert (before["reachable"], before["total"]) == (True, 0)
    page.goto(origin + "/")
    accept(page)
    wait_until(page, lambda: len(heard(plain_demo)) >= 4, "four services")
    page.goto(origin + "/demo/network")
    expect(page.locator("body")).to_contain_text(f"{counts(plain_demo)['total']} requests")
    assert recorder.hosts == set()


def test_demo_keeps_asking_on_every_page(visit: Visit, real_demo: str) -> None:
    page = visit("/", host=real_demo)
    for path in PAGES:
        page.goto(f"https://{real_demo}{path}")
        expect(accept_button(page)).to_be_visible()
