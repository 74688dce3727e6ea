"""Whatever goes wrong, nothing is released and the page arrives."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .lab.configuration import SECRET
from .lab.lab import GATED, OPEN, Lab
from .lab.recorder import Recorder
from .lab.visitor import accept, accept_button, reject, reject_button
from .test_leaks import JAVASCRIPT, UNREWRITTEN_FRAME, nobody

DAY = 86400
NAME = "__Host-gate"
CONSENT = "/_gate/consent"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def granted(lab: Lab, browser: object) -> str:
    """A true cookie that grants everything, as the gate sets it."""
    context = browser.new_context(ignore_https_errors=True)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"https://{GATED}/plain")
    accept(page)
    values = [cookie["value"] for cookie in context.cookies() if cookie["name"] == NAME]
    context.close()
    return str(values[0])


def page_with(lab: Lab, cookie: str) -> str:
    reply = lab.fetch("/vectors", headers={"Cookie": cookie, "Sec-Fetch-Dest": "document"})
    assert reply.status == 200
    return reply.text


def is_held(html: str) -> bool:
    """The page is there, asks, and none of its tags is live."""
    live = html.replace("data-gate-src=", "").replace("data-gate-href=", "")
    return (
        "Seventeen ways" in html
        and "Accept all cookies" in html
        and 'src="https://script.stranger' not in live
    )


def test_true_cookie_releases(lab: Lab, granted: str) -> None:
    html = page_with(lab, f"{NAME}={granted}")
    assert '<script src="https://script.stranger.example/script.js">' in html
    assert "Accept all cookies" not in html


DAMAGES: dict[str, Callable[[str], str]] = {
    "truncated": lambda value: value[:-1],
    "half": lambda value: value[: len(value) // 2],
    "first byte changed": lambda value: ("x" if value[0] != "x" else "y") + value[1:],
    "last byte changed": lambda value: value[:-1] + ("x" if value[-1] != "x" else "y"),
    "payload without signature": lambda value: value.rpartition(".")[0],
    "signature alone": lambda value: "." + value.rpartition(".")[2],
    "appended": lambda value: value + "A",
    "quoted": lambda value: f'"{value}x"',
    "oversized": lambda value: value + "A" * 4000,
    "empty": lambda value: "",
    "not ours": lambda value: "all=granted",
    "percent": lambda value: value.replace(".", "%2e"),
    "bytes": lambda value: "\xff\xfe" + value,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damaged_cookie_releases_nothing(lab: Lab, granted: str, damage: Callable[[str], str]) -> None:
    assert is_held(page_with(lab, f"{NAME}={damage(granted)}"))


def test_two_cookies_of_the_name_release_nothing(lab: Lab, granted: str) -> None:
    assert is_held(page_with(lab, f"{NAME}={granted}; {NAME}=other"))
    assert is_held(page_with(lab, f"{NAME}=other; {NAME}={granted}"))


@pytest.mark.parametrize("days", [-400, -185, 3, 40000])
def test_expired_or_future_cookie_releases_nothing(lab: Lab, granted: str, days: int) -> None:
    from cookiegate.core.consent_cookie import ConsentCodec

    codec = ConsentCodec([SECRET])
    choice = dataclasses.replace(codec.decode(granted), day=int(time.time() // DAY) + days)
    assert is_held(page_with(lab, f"{NAME}={codec.encode(choice)}"))


def test_cookie_of_another_key_releases_nothing(lab: Lab, granted: str) -> None:
    from cookiegate.core.consent_cookie import ConsentCodec

    choice = ConsentCodec([SECRET]).decode(granted)
    assert is_held(
        page_with(lab, f"{NAME}={ConsentCodec(['another key, 32 characters long..']).encode(choice)}")
    )


def test_cookie_of_another_question_releases_nothing(lab: Lab, granted: str) -> None:
    from cookiegate.core.consent_cookie import ConsentCodec

    codec = ConsentCodec([SECRET])
    choice = dataclasses.replace(codec.decode(granted), question="000000000000")
    assert is_held(page_with(lab, f"{NAME}={codec.encode(choice)}"))


def test_tampered_cookie_releases_nothing_in_the_browser(
    visit: Visit, recorder: Recorder, granted: str
) -> None:
    page = visit("/plain")
    page.context.add_cookies([{"name": NAME, "value": granted[:-2] + "AA", "url": f"https://{GATED}"}])
    page.goto(f"https://{GATED}/vectors")
    expect(accept_button(page)).to_be_visible()
    nobody(recorder)


@JAVASCRIPT
def test_grant_that_cannot_be_recorded_is_not_given(visit: Visit, recorder: Recorder, js: bool) -> None:
    page = visit("/vectors", host="down.test", js=js)
    accept_button(page).click()
    page.wait_for_timeout(700)
    told = page.locator("body").inner_text().lower()
    assert "could not" in told or "cannot" in told or "not be" in told
    page.goto("https://down.test/vectors")
    expect(page.locator("h1")).to_have_text("Seventeen ways to reach a tracker")
    nobody(recorder)


@JAVASCRIPT
def test_refusal_takes_effect_with_the_store_down(visit: Visit, recorder: Recorder, js: bool) -> None:
    page = visit("/vectors", host="down.test", js=js)
    reject(page)
    page.goto("https://down.test/vectors")
    expect(reject_button(page)).to_have_count(0)
    nobody(recorder)


@JAVASCRIPT
def test_exception_inside_the_rewriter_releases_nothing(visit: Visit, recorder: Recorder, js: bool) -> None:
    page = visit("/vectors", host="broken.test", js=js)
    expect(page.locator("h1")).to_have_text("Seventeen ways to reach a tracker")
    nobody(recorder, bare=UNREWRITTEN_FRAME)


@pytest.mark.parametrize("path", ["/lying-gzip", "/unknown-coding"])
def test_body_that_lies_about_its_encoding_releases_nothing(lab: Lab, path: str) -> None:
    reply = lab.fetch(path, headers={"Sec-Fetch-Dest": "document"})
    assert reply.status == 200
    assert "default-src 'self'" in reply.header("Content-Security-Policy")


def post(lab: Lab, body: bytes, **headers: str) -> int:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return lab.fetch(CONSENT, method="POST", headers={"Content-Type": FORM, **fields}, body=body).status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_Fetch_Site": "cross-site", "Origin": f"https://{GATED}"}, 403),
        ({"Sec_Fetch_Site": "same-site", "Origin": f"https://www.{GATED}"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({}, 403),
    ],
)
def test_post_from_elsewhere_is_refused(lab: Lab, headers: dict[str, str], status: int) -> None:
    assert post(lab, b"choice=accept", **headers) == status


OWN = {"Sec_Fetch_Site": "same-origin", "Origin": f"https://{GATED}"}


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"\xff\xfe\x00", 400), (b"choice=everything", 400), (b"choice=" + b"a" * 100_000, 413)],
    ids=["empty", "garbled", "wrong", "oversized"],
)
def test_bad_post_changes_nothing(lab: Lab, body: bytes, status: int) -> None:
    reply = lab.fetch(
        CONSENT,
        method="POST",
        headers={"Content-Type": FORM, **{key.replace("_", "-"): value for key, value in OWN.items()}},
        body=body,
    )
    assert reply.status == status
    assert reply.all("Set-Cookie") == []
    assert "Traceback" not in reply.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_only_a_post_changes_a_choice(lab: Lab, method: str) -> None:
    reply = lab.fetch(f"{CONSENT}?choice=accept", method=method)
    assert reply.all("Set-Cookie") == []
    assert reply.status in {303, 302, 404, 405}


def test_policy_stands_on_every_kind_of_response(lab: Lab) -> None:
    for path in (
        "/vectors",
        "/workers/worker.js",
        "/framed.svg",
        "/page.xhtml",
        "/api/items",
        "/empty",
        "/nowhere",
    ):
        assert "default-src 'self'" in lab.fetch(path).header("Content-Security-Policy"), path
        assert lab.fetch(path, host=OPEN).header("Content-Security-Policy") == ""


def test_our_headers_stay_small(lab: Lab) -> None:
    ours = sum(len(name) + len(value) + 4 for name, value in lab.fetch("/vectors").headers)
    theirs = sum(len(name) + len(value) + 4 for name, value in lab.fetch("/vectors", host=OPEN).headers)
    assert ours - theirs <= 2500
