"""Insertions go into top-level documents answered to GET, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import HELD, PAGE, TRACKER, call, page_app, request

Behind = Callable[[Any], Any]
BANNER = b"We use cookies"
LINK = b"href=/_gate/settings"


def test_banner_stands_first_in_the_body(behind: Behind) -> None:
    body = call(behind(page_app()), request()).body
    assert body.count(BANNER) == 1
    assert body.partition(b"<body>")[2].startswith(b"<section")
    assert LINK in body


@pytest.mark.parametrize(
    "changes",
    [
        {"REQUEST_METHOD": "POST"},
        {"HTTP_SEC_FETCH_DEST": "iframe"},
        {"HTTP_SEC_FETCH_DEST": "empty"},
        {"HTTP_SEC_FETCH_DEST": None, "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
        {"HTTP_SEC_FETCH_DEST": None, "HTTP_HX_REQUEST": "true"},
        {"HTTP_SEC_FETCH_DEST": "document", "HTTP_TURBO_FRAME": "list"},
    ],
)
def test_fragments_frames_and_posts_are_held_with_nothing_inserted(
    behind: Behind, changes: dict[str, Any]
) -> None:
    body = call(behind(page_app()), request(**changes)).body
    assert HELD in body
    assert BANNER not in body
    assert LINK not in body


def test_page_of_an_old_browser_gets_the_banner_by_its_doctype(behind: Behind) -> None:
    assert BANNER in call(behind(page_app()), request(HTTP_SEC_FETCH_DEST=None)).body


def test_fragment_for_an_old_browser_gets_nothing(behind: Behind) -> None:
    body = call(behind(page_app(b"<p>part</p>" + TRACKER)), request(HTTP_SEC_FETCH_DEST=None)).body
    assert BANNER not in body
    assert HELD in body


def test_json_labelled_as_a_page_passes_as_it_is(behind: Behind) -> None:
    data = b'{"html": "<img src=\\"https://tracker.example/p.gif\\">"}'
    assert call(behind(page_app(data)), request()).body == data


@pytest.mark.parametrize("charset", ["utf-16", "unicode", "ISO-2022-JP", '"csISO2022JP"'])
def test_encodings_that_hide_ascii_pass_under_the_policy(behind: Behind, charset: str) -> None:
    answer = call(behind(page_app(PAGE, ("Content-Type", f"text/html; charset={charset}"))), request())
    assert answer.body == PAGE
    assert answer.get("Content-Security-Policy")


def test_byte_order_mark_of_utf16_passes_under_the_policy(behind: Behind) -> None:
    page = PAGE.decode().encode("utf-16")
    assert call(behind(page_app(page)), request()).body == page


def test_visitor_who_declined_gets_no_banner(behind: Behind, cookie: Callable[..., str]) -> None:
    body = call(behind(page_app()), request(HTTP_COOKIE=cookie())).body
    assert BANNER not in body
    assert HELD in body
    assert LINK in body


@pytest.mark.parametrize("header", ["HTTP_SEC_GPC", "HTTP_DNT"])
def test_signal_is_a_refusal_without_a_banner(behind: Behind, accepted: str, header: str) -> None:
    answer = call(behind(page_app()), request(**{header: "1", "HTTP_COOKIE": accepted}))
    assert HELD in answer.body
    assert BANNER not in answer.body
    assert b"signal honoured" in answer.body


def test_shareable_page_holds_nothing_of_its_visitor(behind: Behind) -> None:
    facts = {"HTTP_REFERER": "https://news.example/story?reader=77"}
    answer = call(behind(page_app()), request("/land?gclid=Click123&utm_source=mail", **facts))
    assert b"Click123" not in answer.body
    assert b"news.example" not in answer.body
    assert call(behind(page_app()), request("/other")).body == answer.body


def test_private_page_carries_address_and_referrer_in_the_form(behind: Behind) -> None:
    app = page_app(PAGE, ("Content-Type", "text/html"), ("Cache-Control", "private"))
    facts = {"HTTP_REFERER": "https://news.example/story"}
    body = call(behind(app), request("/land?gclid=Click123&utm_source=mail", **facts)).body
    assert b"/land?gclid=Click123&amp;utm_source=mail" in body
    assert b"https://news.example/story" in body


def test_held_frame_shows_a_placeholder(behind: Behind) -> None:
    page = PAGE.replace(b"<p>Hello</p>", b'<iframe src="https://www.youtube.com/embed/x?who=1"></iframe>')
    body = call(behind(page_app(page)), request()).body
    assert b'src="/_gate/held?' in body
    assert b"who=1" not in body.partition(b"/_gate/held?")[2].partition(b'"')[0]


GTAG = b'<script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>'


def test_signals_stand_before_the_first_tag_for_every_vendor_in_the_question(
    behind: Behind, accepted: str
) -> None:
    page = PAGE.replace(TRACKER, GTAG)
    before, _, after = call(behind(page_app(page)), request(HTTP_COOKIE=accepted)).body.partition(GTAG)
    assert b"ad_storage" in before
    assert b"fbq" in before  # the Meta Pixel is asked about, and a tag manager may bring it in
    assert b"uetq" not in before + after


def test_page_without_such_tags_gets_no_signals(behind: Behind, accepted: str) -> None:
    assert b"ad_storage" not in call(behind(page_app()), request(HTTP_COOKIE=accepted)).body


def test_partial_grant_denies_what_was_not_granted(behind: Behind, cookie: Callable[..., str]) -> None:
    page = PAGE.replace(TRACKER, GTAG)
    body = call(behind(page_app(page)), request(HTTP_COOKIE=cookie("analytics"))).body
    update = body.partition(b"'update'")[2] or body.partition(b'"update"')[2]
    assert b"analytics_storage" in update.partition(b"}")[0]
    assert b"ad_" not in update.partition(b"}")[0]


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({}, False),
        ({"wsgi.url_scheme": "http"}, True),
        ({"wsgi.url_scheme": "http", "HTTP_X_FORWARDED_PROTO": "https"}, False),
        ({"wsgi.url_scheme": "http", "HTTP_HOST": "localhost:8000"}, False),
    ],
)
def test_banner_says_where_a_choice_cannot_be_stored(
    behind: Behind, changes: dict[str, Any], warned: bool
) -> None:
    assert (b"not encrypted" in call(behind(page_app()), request(**changes)).body) is warned


def test_word_of_a_visitor_switches_nothing_off(behind: Behind) -> None:
    page = PAGE.replace(b"<head>", b"<head><title>Results for iso-2022-jp</title>")
    assert HELD in call(behind(page_app(page)), request()).body


@pytest.mark.parametrize("meta", [b'<meta charset="ISO-2022-JP">', b"<meta/charset=csiso2022jp>"])
def test_page_that_says_it_is_stateful_passes_under_the_policy(behind: Behind, meta: bytes) -> None:
    page = PAGE.replace(b"<head>", b"<head>" + meta)
    answer = call(behind(page_app(page)), request())
    assert answer.body == page
    assert answer.get("Content-Security-Policy")


def test_page_that_says_so_late_is_held(behind: Behind) -> None:
    page = PAGE.replace(b"</head>", b"<!--" + b"x" * 1024 + b'--><meta charset="ISO-2022-JP"></head>')
    body = call(behind(page_app(page)), request()).body
    assert HELD in body
    assert b' data-gate-charset="ISO-2022-JP"' in body


@pytest.mark.parametrize("start", [b"[1] ", b"{x} ", b'["'])
def test_page_that_begins_like_json_is_held_all_the_same(behind: Behind, start: bytes) -> None:
    body = call(behind(page_app(start + TRACKER)), request()).body
    assert HELD in body


@pytest.mark.parametrize("head", [[], [("Content-Type", "unknown/unknown")]])
def test_body_without_a_type_is_held_where_browsers_would_take_it_for_a_page(
    behind: Behind, head: list[tuple[str, str]]
) -> None:
    site = behind(page_app(PAGE, *(head or [("X-Nothing", "1")])))
    assert HELD in call(site, request()).body
    binary = b"\x7fELF" + TRACKER
    assert call(behind(page_app(binary, ("X-Nothing", "1"))), request()).body == binary


def test_fragment_told_by_a_header_is_kept_from_shared_caches(behind: Behind) -> None:
    site = behind(page_app(PAGE, ("Content-Type", "text/html"), ("Cache-Control", "public, max-age=600")))
    part = call(site, request(HTTP_SEC_FETCH_DEST=None, HTTP_X_REQUESTED_WITH="XMLHttpRequest"))
    assert "private" in (part.get("Cache-Control") or "")
    assert "s-maxage=600" in (call(site, request(HTTP_SEC_FETCH_DEST=None)).get("Cache-Control") or "")
