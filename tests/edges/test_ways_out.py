"""`exclude`, `unknown = "allow"` and `"hold-active"`: what the operator lets past the gate, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cookiegate.config import Config
from cookiegate.opening import open_gate

from .conftest import HELD, PAGE, TRACKER, call, page_app, request

GOOGLE = b'<script src="https://www.google-analytics.com/analytics.js"></script>'


@pytest.fixture
def with_settings(tmp_path: Path, edge: Any) -> Iterator[Callable[..., Any]]:
    """`with_settings(app, **settings)`: the application behind a gate of these settings."""
    opened = []

    def behind(app: Any, **settings: Any) -> Any:
        gate, pages = open_gate(Config(state_dir=tmp_path / "state", **settings))
        opened.append(gate)
        return edge(app, gate=gate, pages=pages)

    yield behind
    for gate in opened:
        gate.ledger.close()


def test_excluded_page_is_as_it_came(with_settings: Any) -> None:
    headers = (
        ("Content-Type", "text/html"),
        ("Set-Cookie", "_ga=1"),
        ("Cache-Control", "public, max-age=60"),
    )
    site = with_settings(page_app(PAGE, *headers), exclude=("wordpress", "/intranet/*"))
    for path in ("/wp-admin/", "/wp-admin/post.php", "/wp-login.php", "/intranet/a/b"):
        answer = call(site, request(path))
        assert answer.body == PAGE
        assert answer.get("Content-Security-Policy") is None
        assert answer.all("Set-Cookie") == ["_ga=1"]
        assert "private" in (answer.get("Cache-Control") or "")


@pytest.mark.parametrize(
    "path",
    [
        "/", "/wp-admin-tour", "/blog/wp-admin/", "/wp-admin/../", "/wp-admin/..", "/wp-admin/./x", "/wp-admin//x",
        "/wp-admin/..\\", "/wp-admin/;/../", "/wp-admin/%2e%2e/", "/wp-login.php/x", "/WP-ADMIN/",
    ],
)  # fmt: skip
def test_no_spelling_leads_past_the_gate(with_settings: Any, path: str) -> None:
    assert HELD in call(with_settings(page_app(), exclude=("wordpress",)), request(path)).body


def test_request_for_an_excluded_page_is_clean(with_settings: Any) -> None:
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("200 OK", [("Content-Type", "text/html")])
        return [PAGE]

    call(with_settings(app, exclude=("/wp-admin/*",)), request("/wp-admin/", HTTP_COOKIE="a=1; _ga=2"))
    assert (seen["REMOTE_ADDR"], seen["HTTP_COOKIE"]) == ("203.0.113.0", "a=1")


def test_unknown_party_passes_where_the_operator_says_so_and_known_trackers_do_not(
    with_settings: Any,
) -> None:
    body = call(with_settings(page_app(PAGE + GOOGLE), unknown="allow"), request()).body
    assert TRACKER in body
    assert GOOGLE not in body
    assert b"We use cookies" in body


def test_only_what_is_shown_passes_under_hold_active(with_settings: Any) -> None:
    unknown = b'<img src="https://pictures.example/a.png"><img src="https://d1.cloudfront.net/a.png">'
    pixel = b'<img src="https://www.facebook.com/tr?id=1">'
    frame = b'<iframe src="https://frames.example/"></iframe>'
    site = with_settings(page_app(PAGE + unknown + pixel + frame), unknown="hold-active")
    answer = call(site, request())
    assert unknown in answer.body
    assert TRACKER not in answer.body
    assert pixel not in answer.body
    assert frame not in answer.body
    directives = dict(
        part.strip().split(" ", 1) for part in (answer.get("Content-Security-Policy") or "").split(";")
    )
    for kind in ("img-src", "style-src", "font-src", "media-src"):
        assert "*" in directives[kind].split()
    assert "*" not in directives["default-src"].split()
    assert not {"script-src", "frame-src", "connect-src"} & directives.keys()
