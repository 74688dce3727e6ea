"""Both edges keep HTTP to the letter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cookiegate.gate import Gate

from .conftest import HELD, PAGE, TRACKER, call, page_app, request

Behind = Callable[[Any], Any]
HTML = ("Content-Type", "text/html; charset=utf-8")


def test_undecided_page_is_held_under_a_policy(behind: Behind) -> None:
    answer = call(behind(page_app()), request())
    assert HELD in answer.body
    assert TRACKER not in answer.body
    assert "default-src 'self'" in (answer.get("Content-Security-Policy") or "")


def test_length_is_that_of_the_rewritten_page(behind: Behind) -> None:
    answer = call(behind(page_app(PAGE, HTML, ("Content-Length", str(len(PAGE))))), request())
    assert answer.all("Content-Length") == [str(len(answer.body))]
    assert len(answer.body) > len(PAGE)


def test_streamed_page_has_no_length(behind: Behind) -> None:
    answer = call(behind(page_app([PAGE[:40], PAGE[40:]])), request())
    assert answer.get("Content-Length") is None
    assert HELD in answer.body


def test_streamed_page_is_the_same_as_a_whole_one(behind: Behind) -> None:
    whole = call(behind(page_app()), request()).body
    assert call(behind(page_app([bytes([byte]) for byte in PAGE])), request()).body == whole


def test_empty_page_is_empty_but_for_nothing_else(behind: Behind) -> None:
    answer = call(behind(page_app(b"")), request(HTTP_SEC_FETCH_DEST="iframe"))
    assert answer.body == b""
    assert answer.get("Content-Security-Policy")


def test_head_answers_without_body_and_length(behind: Behind) -> None:
    app = page_app(b"", HTML, ("Content-Length", "5000"), ("ETag", '"one"'))
    answer = call(behind(app), request(REQUEST_METHOD="HEAD"))
    assert answer.body == b""
    assert answer.get("Content-Length") is None
    assert answer.get("Content-Security-Policy")
    get = call(behind(page_app(PAGE, HTML, ("ETag", '"one"'))), request())
    assert answer.get("ETag") == get.get("ETag") != '"one"'


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_bodiless_answers_carry_the_policy(behind: Behind, status: str) -> None:
    answer = call(behind(page_app(b"", ("ETag", '"one"'), status=status)), request())
    assert answer.body == b""
    assert "default-src" in (answer.get("Content-Security-Policy") or "")


def test_part_of_a_page_passes_under_the_policy(behind: Behind) -> None:
    app = page_app(TRACKER, HTML, ("Content-Range", "bytes 0-51/900"), status="206 Partial Content")
    answer = call(behind(app), request())
    assert answer.body == TRACKER
    assert answer.get("Content-Security-Policy")


def test_ranges_of_pages_are_never_asked_for(behind: Behind) -> None:
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("200 OK", [HTML])
        return [PAGE]

    call(behind(app), request(HTTP_RANGE="bytes=0-10", HTTP_IF_RANGE='"one"'))
    assert "HTTP_RANGE" not in seen
    call(behind(app), request("/film.mp4", HTTP_RANGE="bytes=0-10", HTTP_SEC_FETCH_DEST="video"))
    assert seen["HTTP_RANGE"] == "bytes=0-10"


def test_validator_answers_for_its_own_variant_alone(behind: Behind, accepted: str) -> None:
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.clear()
        seen.update(environ)
        start_response(
            "200 OK", [HTML, ("ETag", '"one"'), ("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")]
        )
        return [PAGE]

    site = behind(app)
    gated = call(site, request())
    assert gated.get("Last-Modified") is None
    tag = gated.get("ETag")
    call(site, request(HTTP_IF_NONE_MATCH=tag))
    assert seen["HTTP_IF_NONE_MATCH"] == '"one"'
    call(site, request(HTTP_IF_NONE_MATCH=tag, HTTP_COOKIE=accepted))
    assert "HTTP_IF_NONE_MATCH" not in seen
    call(site, request(HTTP_IF_MODIFIED_SINCE="Mon, 01 Jan 2024 00:00:00 GMT"))
    assert "HTTP_IF_MODIFIED_SINCE" not in seen


def test_json_api_keeps_its_conditional_requests(behind: Behind) -> None:
    seen: dict[str, Any] = {}

    def app(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("304 Not Modified", [("ETag", '"data"')])
        return []

    answer = call(
        behind(app),
        request(
            "/api/items",
            HTTP_SEC_FETCH_DEST="empty",
            HTTP_ACCEPT="application/json",
            HTTP_IF_NONE_MATCH='"data"',
        ),
    )
    assert seen["HTTP_IF_NONE_MATCH"] == '"data"'
    assert answer.status == "304 Not Modified"


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "text/css",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/javascript",
        "text/plain",
    ],
)
def test_policy_goes_with_every_type_and_bytes_stay(behind: Behind, kind: str) -> None:
    answer = call(
        behind(page_app(TRACKER, ("Content-Type", kind), ("Content-Length", str(len(TRACKER))))), request()
    )
    assert answer.body == TRACKER
    assert "default-src" in (answer.get("Content-Security-Policy") or "")
    assert answer.get("Content-Length") == str(len(TRACKER))


def test_everything_granted_changes_nothing_but_the_link(behind: Behind, gate: Gate, accepted: str) -> None:
    answer = call(behind(page_app()), request(HTTP_COOKIE=accepted))
    link = gate.face.link()
    assert answer.body.count(link) == 1
    assert answer.body.replace(link, b"") == PAGE
    assert answer.get("Content-Security-Policy") is None
    assert "private" in (answer.get("Cache-Control") or "")


def test_own_settings_link_of_the_page_suffices(behind: Behind, accepted: str) -> None:
    page = PAGE.replace(b"<p>Hello</p>", b'<a href="/_gate/settings">Cookies</a>')
    assert call(behind(page_app(page)), request(HTTP_COOKIE=accepted)).body == page


def test_form_of_a_page_for_a_script_has_a_tag_of_its_own(behind: Behind) -> None:
    site = behind(page_app(PAGE, HTML, ("ETag", '"one"')))
    whole = call(site, request()).get("ETag")
    part = call(site, request(HTTP_SEC_FETCH_DEST="empty")).get("ETag")
    assert whole
    assert part
    assert whole != part
