"""`cache = "shared"`: one page for every visitor, the request and its cookies by the visitor's own choice."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cookiegate.config import Config
from cookiegate.errors import ConfigError
from cookiegate.opening import open_gate

from .conftest import HELD, PAGE, TRACKER, call, page_app, request

PUBLIC = (("Content-Type", "text/html"), ("Cache-Control", "public, max-age=600"), ("ETag", '"1"'))
SCRIPT = b'<script src="/_gate/embed/www.site.test.js"></script>'


@pytest.fixture
def config(tmp_path: Path) -> Config:
    site = {"public_url": "https://www.site.test"}
    return Config(state_dir=tmp_path / "state", cache="shared", services=("google-analytics",), site=site)


def visitors(cookie: Callable[..., str]) -> dict[str, dict[str, str]]:
    everything = ("preferences", "analytics", "marketing")
    return {
        "undecided": {},
        "denied": {"HTTP_COOKIE": cookie()},
        "partial": {"HTTP_COOKIE": cookie("analytics")},
        "granted": {"HTTP_COOKIE": cookie(*everything)},
        "forged": {"HTTP_COOKIE": "__Host-gate=forged"},
        "once": {"HTTP_COOKIE": "__Host-gate-once=forged"},
        "signal": {"HTTP_SEC_GPC": "1"},
        "framed": {"HTTP_SEC_FETCH_DEST": "iframe", "HTTP_COOKIE": cookie(*everything)},
        "fetched": {"HTTP_SEC_FETCH_DEST": "empty", "HTTP_COOKIE": cookie(*everything)},
        "fetched by a library": {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
        "robot": {"HTTP_SEC_FETCH_DEST": None, "HTTP_ACCEPT": "*/*"},  # type: ignore[dict-item]
    }


def test_page_and_head_are_the_same_for_everyone(behind: Any, cookie: Callable[..., str]) -> None:
    site = behind(page_app(PAGE, *PUBLIC))
    answers = {name: call(site, request(**facts)) for name, facts in visitors(cookie).items()}
    first = answers["undecided"]
    assert SCRIPT in first.body
    assert HELD in first.body
    assert first.get("Cache-Control") == "public, max-age=600"
    assert first.get("Content-Security-Policy") is None
    for name, answer in answers.items():
        assert answer.body == first.body, name
        assert sorted(answer.headers) == sorted(first.headers), name


def test_script_stands_before_everything_else(behind: Any) -> None:
    body = call(behind(page_app(PAGE, *PUBLIC)), request()).body
    assert body.startswith(
        b'<!doctype html><html><head><noscript><meta http-equiv="Content-Security-Policy" content="d'
    )
    assert body.index(SCRIPT) < body.index(HELD)


@pytest.mark.parametrize(
    "page",
    [
        b"<!doctype html><title>x</title>" + TRACKER,
        b"<html><body><p>x</p>" + TRACKER,
        b"\xef\xbb\xbf<!-- c --><!DOCTYPE html><body>" + TRACKER,
        b"<!-- c -->\n<HEAD>" + TRACKER,
        b"<!doctype html>text" + TRACKER,
        b"<!doctype html></head>" + TRACKER,
        b"<html><frameset><frame src=//tracker.example/x></frameset>",
        b"<meta charset=utf-8>" + TRACKER,
    ],
)
def test_every_page_begins_with_it(behind: Any, page: bytes) -> None:
    body = call(behind(page_app(page, *PUBLIC)), request()).body
    assert body.count(SCRIPT) == 1
    assert body.index(SCRIPT) < body.index(b"data-gate=") if b"data-gate=" in body else True


@pytest.mark.parametrize(
    ("page", "more"),
    [
        (b"<p>part</p>" + TRACKER, ()),
        (b'{"html": "x"}', ()),
        (PAGE.decode().encode("utf-16"), ()),
        (b"\x00\x01" + PAGE, (("Content-Encoding", "unheard-of"),)),
        (b"", ()),
    ],
    ids=["fragment", "json", "utf-16", "unknown coding", "empty"],
)
def test_what_cannot_carry_the_script_carries_the_policy(
    behind: Any, cookie: Callable[..., str], page: bytes, more: Any
) -> None:
    site = behind(page_app(page, *PUBLIC, *more))
    for facts in visitors(cookie).values():
        answer = call(site, request(**facts))
        assert SCRIPT not in answer.body
        assert "default-src" in (answer.get("Content-Security-Policy") or "")
        assert answer.get("ETag") is None


def test_page_that_comes_byte_by_byte_is_the_same(behind: Any) -> None:
    whole = call(behind(page_app(PAGE, *PUBLIC)), request())

    def trickle(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", list(PUBLIC))
        return (PAGE[at : at + 1] for at in range(len(PAGE)))

    slow = call(behind(trickle), request())
    assert slow.body == whole.body
    assert slow.get("Content-Security-Policy") is None


def test_compressed_page_is_the_same(behind: Any) -> None:
    whole = call(behind(page_app(PAGE, *PUBLIC)), request())
    packed = page_app(gzip.compress(PAGE), *PUBLIC, ("Content-Encoding", "gzip"))
    answer = call(behind(packed), request(HTTP_ACCEPT_ENCODING="gzip"))
    assert gzip.decompress(answer.body) == whole.body


def test_rewriter_that_fails_leaves_the_script_in_front(behind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_facts: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("cookiegate.core.html.placing.PlacingScanner._place_early", fails)
    answer = call(behind(page_app(PAGE, *PUBLIC)), request())
    assert answer.body.index(SCRIPT) < answer.body.index(TRACKER)


def test_one_tag_answers_for_everyone(behind: Any, cookie: Callable[..., str]) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        if environ.get("HTTP_IF_NONE_MATCH") == '"1"':
            start_response(
                "304 Not Modified", [("ETag", '"1"'), ("Content-Security-Policy", "object-src 'none'")]
            )
            return []
        start_response("200 OK", [*PUBLIC, ("Last-Modified", "Mon, 23 Nov 2026 10:00:00 GMT")])
        return [PAGE]

    site = behind(app)
    tag = call(site, request()).get("ETag")
    for name, facts in visitors(cookie).items():
        answer = call(site, request(HTTP_IF_NONE_MATCH=tag, **facts))
        assert answer.status.startswith("304"), name
        assert answer.get("ETag") == tag
        assert answer.all("Content-Security-Policy") == ["object-src 'none'"]
    other = call(site, request(HTTP_IF_NONE_MATCH='W/"1~gate.u.000000.top"'))
    assert other.status.startswith("200")
    assert other.get("Last-Modified") is None


def test_head_says_what_get_says(behind: Any) -> None:
    site = behind(page_app(PAGE, *PUBLIC))
    got, head = call(site, request()), call(site, request(REQUEST_METHOD="HEAD"))
    assert head.get("ETag") == got.get("ETag")
    assert head.get("Cache-Control") == got.get("Cache-Control")
    assert head.get("Content-Security-Policy") is None


def test_part_of_a_page_is_nobody_elses(behind: Any) -> None:
    """The site's own bytes: a script may ask for a part of what it takes for a file."""
    facts = (("Content-Range", f"bytes 0-9/{len(PAGE)}"), *PUBLIC)
    site = behind(page_app(PAGE[:10], *facts, status="206 Partial Content"))
    answer = call(site, request(HTTP_SEC_FETCH_DEST="empty", HTTP_RANGE="bytes=0-9"))
    assert "private" in (answer.get("Cache-Control") or "")
    assert "default-src" in (answer.get("Content-Security-Policy") or "")


def test_page_with_a_cookie_is_its_visitors(behind: Any, cookie: Callable[..., str]) -> None:
    site = behind(page_app(PAGE, *PUBLIC, ("Set-Cookie", "session=1; HttpOnly")))
    for facts in visitors(cookie).values():
        answer = call(site, request(**facts))
        assert "private" in (answer.get("Cache-Control") or "")
        assert answer.get("CDN-Cache-Control") == "no-store"
        assert answer.get("Set-Cookie") == "session=1; HttpOnly"


def test_cookies_follow_the_visitors_own_choice(behind: Any, cookie: Callable[..., str]) -> None:
    site = behind(page_app(PAGE, *PUBLIC, ("Set-Cookie", "_ga=1; Path=/")))
    held = call(site, request())
    assert held.get("Set-Cookie") is None
    assert held.get("Cache-Control") == "public, max-age=600"
    granted = call(site, request(HTTP_COOKIE=cookie("preferences", "analytics", "marketing")))
    assert granted.get("Set-Cookie") == "_ga=1; Path=/"
    assert "private" in (granted.get("Cache-Control") or "")
    gone = call(site, request(HTTP_COOKIE="_ga=1"))
    assert "_ga=;" in (gone.get("Set-Cookie") or "")
    assert "private" in (gone.get("Cache-Control") or "")


def test_site_sees_the_visitors_request_and_nobodys_choice(behind: Any, cookie: Callable[..., str]) -> None:
    """What it would make of a choice would be kept for everyone."""
    seen: list[Any] = []

    def app(environ: Any, start_response: Any) -> Any:
        seen.append((environ["REMOTE_ADDR"], environ["cookiegate.consent"].state))
        start_response("200 OK", list(PUBLIC))
        return [PAGE]

    everything = {"HTTP_COOKIE": cookie("preferences", "analytics", "marketing")}
    for facts in ({}, everything, everything | {"REQUEST_METHOD": "POST"}):
        call(behind(app), request(**facts))
    assert [state for _, state in seen] == ["undecided", "undecided", "granted"]
    assert seen[0][0] == "203.0.113.0"
    assert seen[1][0] == "203.0.113.77"


def test_refusal_that_is_still_on_its_way_counts(behind: Any, cookie: Callable[..., str]) -> None:
    site = behind(page_app(PAGE, *PUBLIC, ("Set-Cookie", "_ga=1; Path=/")))
    both = cookie("preferences", "analytics", "marketing") + "; __Host-gate-no=0123456789ab~1"
    assert call(site, request(HTTP_COOKIE=both)).get("Set-Cookie") is None


def test_answer_to_a_form_is_its_visitors(behind: Any, cookie: Callable[..., str]) -> None:
    site = behind(page_app(PAGE, *PUBLIC))
    held = call(site, request(REQUEST_METHOD="POST"))
    assert HELD in held.body
    assert "default-src" in (held.get("Content-Security-Policy") or "")
    released = request(REQUEST_METHOD="POST", HTTP_COOKIE=cookie("preferences", "analytics", "marketing"))
    assert TRACKER in call(site, released).body


def test_script_is_the_same_for_everyone_and_a_worker_is_not(behind: Any, cookie: Callable[..., str]) -> None:
    kind = (("Content-Type", "text/javascript"), ("Cache-Control", "public, max-age=600"), ("ETag", '"1"'))
    site = behind(page_app(b"1", *kind))
    granted = {"HTTP_COOKIE": cookie("preferences", "analytics", "marketing")}
    first, second = (call(site, request(HTTP_SEC_FETCH_DEST="script", **facts)) for facts in ({}, granted))
    assert sorted(first.headers) == sorted(second.headers)
    assert first.get("Cache-Control") == "public, max-age=600"
    worker = call(site, request(HTTP_SEC_FETCH_DEST="worker", **granted))
    assert "private" in (worker.get("Cache-Control") or "")
    assert worker.get("Content-Security-Policy") is None


def test_page_that_lets_no_script_run_is_held_for_everyone(behind: Any) -> None:
    site = behind(page_app(PAGE, *PUBLIC, ("Content-Security-Policy", "script-src https://cdn.example")))
    body = call(site, request()).body
    assert SCRIPT not in body
    assert b'<head><meta http-equiv="Content-Security-Policy" content="default-src' in body


def test_nonce_of_the_site_is_given_to_the_script(behind: Any) -> None:
    policy = ("Content-Security-Policy", "script-src 'nonce-abcdefgh12345678'")
    body = call(behind(page_app(PAGE, *PUBLIC, policy)), request()).body
    assert b'<script src="/_gate/embed/www.site.test.js" nonce="abcdefgh12345678"></script>' in body


@pytest.mark.parametrize(
    ("more", "named"), [({"inline_scripts": "hold"}, "inline_scripts"), ({"site": {}}, "site.public_url")]
)
def test_settings_that_one_page_cannot_follow_are_refused(tmp_path: Path, more: Any, named: str) -> None:
    with pytest.raises(ConfigError) as refused:
        open_gate(
            Config(
                **{"state_dir": tmp_path, "cache": "shared", "site": {"public_url": "https://a.test"}} | more
            )
        )
    assert refused.value.key == named
    assert "shared" in refused.value.remedy
