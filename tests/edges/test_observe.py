"""`mode = "observe"`: nothing changes for anyone but the holder of a preview."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cookiegate.config import Config
from cookiegate.core.preview import LIFETIME_DAYS, PreviewCodec
from cookiegate.gate import Gate
from cookiegate.opening import open_gate

from .conftest import HELD, PAGE, call, request

KEYS = ("a-secret-of-the-tests-alone-0123456789",)


@pytest.fixture
def opened_to_observe(tmp_path: Path) -> Iterator[tuple[Gate, Any]]:
    gate, pages = open_gate(Config(state_dir=tmp_path / "state", mode="observe", secret_keys=KEYS))
    yield gate, pages
    gate.ledger.close()


class Site:
    def __init__(self) -> None:
        self.seen: dict[str, Any] = {}

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.seen = dict(environ)
        head = [
            ("Content-Type", "text/html"),
            ("Set-Cookie", "_ga=1"),
            ("ETag", '"one"'),
            ("Content-Length", str(len(PAGE))),
        ]
        start_response("200 OK", head)
        return [PAGE]


def test_nothing_changes_and_the_response_says_so(opened_to_observe: Any, edge: Any) -> None:
    site = Site()
    answer = call(
        edge(site, gate=opened_to_observe[0], pages=opened_to_observe[1]),
        request("/?gclid=Q", HTTP_COOKIE="_ga=2"),
    )
    assert answer.body == PAGE
    assert (answer.all("Set-Cookie"), answer.get("ETag")) == (["_ga=1"], '"one"')
    assert answer.get("Content-Security-Policy") is None
    assert "report-uri /_gate/report" in (answer.get("Content-Security-Policy-Report-Only") or "")
    assert "NOT ENFORCING" in (answer.get("Gate") or "")
    assert (site.seen["REMOTE_ADDR"], site.seen["QUERY_STRING"], site.seen["HTTP_COOKIE"]) == (
        "203.0.113.77",
        "gclid=Q",
        "_ga=2",
    )


def test_collection_path_is_not_swallowed(opened_to_observe: Any, edge: Any) -> None:
    gated = edge(Site(), gate=opened_to_observe[0], pages=opened_to_observe[1])
    assert call(gated, request("/g/collect?v=2")).status.startswith("200")


def test_preview_link_enforces_in_one_browser(opened_to_observe: Any, edge: Any) -> None:
    gate, pages = opened_to_observe
    gated = edge(Site(), gate=gate, pages=pages)
    answer = call(gated, request(f"/_gate/preview?key={gate.preview.encode(gate.today)}"))
    assert answer.status.startswith("303")
    cookie = (answer.get("Set-Cookie") or "").partition(";")[0]
    seen = call(gated, request(HTTP_COOKIE=cookie))
    assert HELD in seen.body
    assert "default-src" in (seen.get("Content-Security-Policy") or "")
    ended = call(gated, request("/_gate/preview?end", HTTP_COOKIE=cookie))
    assert "Max-Age=0" in (ended.get("Set-Cookie") or "")


@pytest.mark.parametrize("key", ["", "1~d20781", "1~d20781.forged", "x" * 5000, "\x00"])
def test_forged_preview_is_none(opened_to_observe: Any, edge: Any, key: str) -> None:
    gate, pages = opened_to_observe
    gated = edge(Site(), gate=gate, pages=pages)
    assert call(gated, request(f"/_gate/preview?key={key}")).status.startswith("404")
    assert call(gated, request(HTTP_COOKIE=f"{gate.cookie_names.preview}={key}")).body == PAGE


def test_preview_lasts_a_week_under_any_of_the_keys() -> None:
    codec = PreviewCodec(KEYS)
    key = codec.encode(20_000)
    assert codec.valid(key, 20_000 + LIFETIME_DAYS)
    assert not codec.valid(key, 20_001 + LIFETIME_DAYS)
    assert not codec.valid(key, 19_999)
    assert PreviewCodec(("another-key-that-is-long-enough-to-be-one", *KEYS)).valid(key, 20_000)
    assert not PreviewCodec(("another-key-that-is-long-enough-to-be-one",)).valid(key, 20_000)


def test_start_says_loudly_that_nothing_is_enforced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        gate, _ = open_gate(Config(state_dir=tmp_path / "state", mode="observe"))
    gate.ledger.close()
    assert "NOT ENFORCING" in caplog.text
