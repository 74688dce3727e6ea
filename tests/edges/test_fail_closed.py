"""Whatever breaks: nothing is released, and the page arrives."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from cookiegate.config import Config
from cookiegate.core.consent import Choice
from cookiegate.core.consent_cookie import ConsentCodec
from cookiegate.core.html import HtmlRewriter
from cookiegate.gate import Gate
from cookiegate.opening import open_gate

from .conftest import HELD, PAGE, TRACKER, call, page_app, request

Behind = Callable[[Any], Any]
OTHER_KEY = "another-key-that-is-long-enough-to-be-one"


def broken_cookies(gate: Gate, accepted: str) -> dict[str, str]:
    name, _, value = accepted.partition("=")
    everything = frozenset(gate.question.categories)

    def signed(codec: ConsentCodec, **changes: Any) -> str:
        fields = {
            "question": gate.question.hash,
            "day": gate.today,
            "granted": everything,
            "record": "ab" * 8,
        }
        return f"{name}={codec.encode(Choice(**(fields | changes)))}"

    return {
        "tampered": f"{name}={value.replace('~g', '~G', 1)}",
        "truncated": accepted[:-3],
        "one byte more": accepted + "A",
        "empty": f"{name}=",
        "wrong key": signed(ConsentCodec([OTHER_KEY])),
        "expired": signed(gate.codec, day=gate.today - gate.config.cookie_days - 1),
        "future": signed(gate.codec, day=gate.today + 3),
        "older question": signed(gate.codec, question="000000000000"),
        "oversized": f"{name}={value}{'A' * 65_536}",
        "twice": f"{accepted}; {accepted}",
        "another name": f"gate={value}",
        "quoted": f'{name}="{value}"',
        "control characters": f"{name}=\x00\x7f{value}",
    }


@pytest.mark.parametrize(
    "kind",
    [
        "tampered", "truncated", "one byte more", "empty", "wrong key", "expired", "future", "older question",
        "oversized", "twice", "another name", "quoted", "control characters",
    ],
)  # fmt: skip
def test_bad_cookie_is_no_choice(behind: Behind, gate: Gate, accepted: str, kind: str) -> None:
    cookie = broken_cookies(gate, accepted)[kind]
    answer = call(behind(page_app()), request(HTTP_COOKIE=cookie))
    assert HELD in answer.body
    assert b"We use cookies" in answer.body
    assert "default-src" in (answer.get("Content-Security-Policy") or "")


def test_good_cookie_is_one(behind: Behind, accepted: str) -> None:
    assert TRACKER in call(behind(page_app()), request(HTTP_COOKIE=accepted)).body


def test_fault_in_the_rewriter_lets_the_page_arrive_under_the_policy(
    behind: Behind, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: HtmlRewriter, name: bytes, *_: Any) -> int:
        raise RuntimeError("secret of the visitor")

    monkeypatch.setattr(HtmlRewriter, "_start_tag", broken)
    answer = call(behind(page_app([PAGE[:30], PAGE[30:90], PAGE[90:]])), request())
    assert b"".join(answer.pieces) == PAGE
    assert "default-src" in (answer.get("Content-Security-Policy") or "")
    assert "rewriter" in caplog.text
    assert "secret" not in caplog.text


def test_fault_in_the_headers_lets_the_page_arrive_under_the_strictest_policy(
    behind: Behind, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("cookiegate.gate.exchange.gate_headers", broken)
    app = page_app(
        PAGE,
        ("Content-Type", "text/html"),
        ("Link", "<https://tracker.example/t.js>; rel=preload"),
        ("Set-Cookie", "_ga=1"),
        ("Set-Cookie", "session=1; HttpOnly"),
    )
    answer = call(behind(app), request())
    assert answer.body == PAGE
    assert "tracker.example" not in str(answer.headers)
    assert answer.all("Set-Cookie") == ["session=1; HttpOnly"]
    assert "default-src 'self'" in (answer.get("Content-Security-Policy") or "")


@pytest.mark.parametrize("part", ["cookies", "address", "agent", "clicks"])
def test_fault_while_editing_a_request_takes_out_what_was_at_stake(
    behind: Behind, gate: Gate, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(gate.edits, part, broken)
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("200 OK", [("Content-Type", "text/html")])
        return [PAGE]

    facts = {
        "HTTP_COOKIE": "_ga=9",
        "HTTP_USER_AGENT": "Unusual/1",
        "HTTP_REFERER": "https://www.site.test/?gclid=Q",
    }
    facts["HTTP_X_REAL_IP"] = "198.51.100.99"
    answer = call(behind(app), request("/?gclid=Q", **facts))
    assert HELD in answer.body
    lost = {
        "cookies": "_ga",
        "address": ".99",
        "agent": "Unusual",
        "clicks": "gclid",
    }[part]
    assert lost not in str({key: value for key, value in seen.items() if key != "cookiegate.consent"})


def test_rotated_key_still_reads_older_cookies(config: Config, edge: Any) -> None:
    old, new = "old-key-0123456789-abcdefghij-klmnop", "new-key-9876543210-zyxwvutsrq-ponmlk"
    before, _ = open_gate(Config(state_dir=config.state_dir, secret_keys=(old,)))
    choice = Choice(
        question=before.question.hash, day=before.today, granted=frozenset(before.question.categories)
    )
    cookie = f"{before.cookie_names.consent}={before.codec.encode(choice)}"
    after, pages = open_gate(Config(state_dir=config.state_dir, secret_keys=(new, old)))
    assert TRACKER in call(edge(page_app(), gate=after, pages=pages), request(HTTP_COOKIE=cookie)).body
    without, pages = open_gate(Config(state_dir=config.state_dir, secret_keys=(new,)))
    assert HELD in call(edge(page_app(), gate=without, pages=pages), request(HTTP_COOKIE=cookie)).body


def test_cookie_of_endless_spaces_costs_no_time(gate: Gate) -> None:
    """A quadratic reading of this one took minutes; the bound is of another order."""
    begun = time.process_time()
    gate.cookie_names.find("__Host-gate=a" + " " * 1_000_000 + "b")
    assert time.process_time() - begun < 2


def test_forged_long_cookies_are_not_remembered(behind: Behind, gate: Gate) -> None:
    for number in range(50):
        call(behind(page_app()), request(HTTP_COOKIE=f"{gate.cookie_names.consent}={number}{'x' * 8000}"))
    assert not any(len(key) > 1000 for key in gate._decoded._values)
