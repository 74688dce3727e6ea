"""What a site does for its visitors goes on unharmed before a choice, and reaches nobody else meanwhile."""

from __future__ import annotations

import contextlib
import http.client
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .lab.certificate import client_context
from .lab.lab import GATED, OPEN, Lab
from .lab.recorder import Recorder
from .lab.visitor import accept_button
from .site.shop import STREAM_PAUSE, STREAM_PIECES
from .test_leaks import JAVASCRIPT


@pytest.fixture(autouse=True)
def _nobody_else_is_reached(recorder: Recorder) -> Iterator[None]:
    yield
    assert recorder.hosts == set()


@JAVASCRIPT
def test_form_with_csrf_token(visit: Visit, js: bool) -> None:
    page = visit("/contact", js=js)
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Message").fill("Hello")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#thanks")).to_have_text("Thank you, Ada")


@JAVASCRIPT
def test_flask_login_sign_in(visit: Visit, js: bool) -> None:
    page = visit("/account", js=js)
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#message")).to_have_text("Signed in as Ada")
    page.reload()
    expect(page.locator("#message")).to_have_text("Signed in as Ada")


@JAVASCRIPT
def test_django_sign_in(visit: Visit, js: bool) -> None:
    page = visit("/profile/", host="django.test", js=js)
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#who")).to_have_text("ada")
    expect(accept_button(page)).to_be_visible()


def test_cart_in_the_session_cookie(visit: Visit) -> None:
    page = visit("/cart")
    for item in ("tea", "milk"):
        page.get_by_label("Item").fill(item)
        page.get_by_role("button", name="Add").click()
        expect(page.locator("#cart")).to_contain_text(item)
    expect(page.locator("#cart li")).to_have_text(["tea", "milk"])


def test_file_upload(visit: Visit, tmp_path: Path) -> None:
    picture = tmp_path / "picture.bin"
    picture.write_bytes(bytes(range(256)) * 4096)
    page = visit("/upload")
    page.get_by_label("File").set_input_files(picture)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#message")).to_have_text("picture.bin: 1048576 bytes")


def test_download_comes_out_as_it_went_in(visit: Visit, lab: Lab) -> None:
    page = visit("/plain")
    with page.expect_download() as started:
        page.evaluate("location.href = '/download'")
    assert Path(started.value.path()).read_bytes() == lab.fetch("/download", host=OPEN).body


def test_streamed_response_is_not_held_back(lab: Lab) -> None:
    connection = http.client.HTTPSConnection("127.0.0.1", lab.site_port, context=client_context(), timeout=20)
    with contextlib.closing(connection):
        start = time.monotonic()
        connection.request("GET", "/stream", headers={"Host": GATED, "Sec-Fetch-Dest": "document"})
        response = connection.getresponse()
        response.read(16)
        first = time.monotonic() - start
        body = response.read()
        last = time.monotonic() - start
    assert last >= STREAM_PIECES * STREAM_PAUSE
    assert first < last / 2
    assert b"piece 4" in body
    assert b'src="https://www.google-analytics.com' not in body.replace(b"data-gate-src", b"")


def test_html_fragment(visit: Visit) -> None:
    page = visit("/fragments")
    page.locator("#load").click()
    expect(page.locator("#target #fragment")).to_have_text("A fragment")
    expect(accept_button(page)).to_have_count(1)


def test_json_api(visit: Visit, lab: Lab) -> None:
    page = visit("/plain")
    items = page.evaluate("fetch('/api/items').then(response => response.json())")
    assert items == {"items": ["tea", "<script src=https://www.google-analytics.com/ga.js></script>"]}
    labelled = lab.fetch("/api/labelled-as-html", headers={"Sec-Fetch-Dest": "empty"})
    assert labelled.body == lab.fetch("/api/labelled-as-html", host=OPEN).body


def test_json_labelled_as_html_gets_nothing_inserted(lab: Lab) -> None:
    gated = lab.fetch("/api/labelled-as-html")
    assert gated.body == lab.fetch("/api/labelled-as-html", host=OPEN).body


def test_frame_of_the_own_site(visit: Visit) -> None:
    page = visit("/framing")
    frame = page.frame_locator("iframe")
    expect(frame.locator("#framed")).to_have_text("Framed")
    expect(frame.get_by_role("button")).to_have_count(0)


def test_sockets_to_a_subdomain_and_another_port(visit: Visit) -> None:
    page = visit("/sockets")
    page.wait_for_function("self.heard.length === 2")
    assert set(page.evaluate("self.heard")) == {f"wss://live.{GATED}/", f"wss://{GATED}:8443/"}


def test_service_worker(visit: Visit) -> None:
    page = visit("/app")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.reload()
    page.wait_for_function("caches.open('pages').then(cache => cache.match('/app')).then(Boolean)")
    page.reload()
    expect(page.locator("h1")).to_have_text("App")


def test_wasm_and_eval(visit: Visit) -> None:
    page = visit("/wasm")
    page.wait_for_function("self.sum === 42")


@pytest.mark.parametrize("path", ["/empty", "/pixel.gif", "/api/items", "/nowhere"])
def test_other_responses_keep_status_and_body(lab: Lab, path: str) -> None:
    gated, plain = lab.fetch(path), lab.fetch(path, host=OPEN)
    assert gated.status == plain.status
    if "html" not in gated.header("Content-Type"):
        assert gated.body == plain.body


def test_head_has_no_body(lab: Lab) -> None:
    reply = lab.fetch("/vectors", method="HEAD")
    assert (reply.status, reply.body) == (200, b"")
