from __future__ import annotations

import pytest

from cookiegate.core.cache_headers import kind_of, private_headers, shared_page_headers, vary_on

Headers = list[tuple[str, str]]


def value_of(headers: Headers, name: str) -> str | None:
    found = [value for key, value in headers if key.lower() == name]
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("text/html; charset=utf-8", "page"),
        ("TEXT/HTML", "page"),
        ("application/xhtml+xml", "page"),
        ("", "page"),
        ("text/javascript", "active"),
        ("application/x-javascript", "active"),
        ("image/svg+xml", "active"),
        ("application/pdf", "active"),
        ("application/json", "inert"),
        ("image/png", "inert"),
        ("text/css", "inert"),
    ],
)
def test_kind_says_whether_a_response_can_run_script(content_type: str, kind: str) -> None:
    assert kind_of(content_type) == kind


@pytest.mark.parametrize(
    ("site", "ours"),
    [
        (None, "private, max-age=0"),
        ("public, max-age=600, s-maxage=60", "private, max-age=0"),
        ("no-store", "private, no-store"),
        ("private, must-revalidate, max-age=9", "private, max-age=0, must-revalidate"),
        ("max-age=9, immutable, stale-while-revalidate=99", "private, max-age=0"),
    ],
)
def test_page_with_something_granted_is_this_visitors_alone(site: str | None, ours: str) -> None:
    headers = [("Cache-Control", site)] if site else []
    headers += [("Surrogate-Control", "max-age=99"), ("X-Accel-Expires", "99"), ("Expires", "x")]
    gated = private_headers([*headers, ("Last-Modified", "x")], "page")
    assert value_of(gated, "cache-control") == ours
    assert value_of(gated, "cdn-cache-control") == "no-store"
    assert value_of(gated, "vary") == "Cookie, Sec-GPC, DNT, Sec-Fetch-Dest"
    assert not {"surrogate-control", "x-accel-expires", "expires", "last-modified"} & {
        n.lower() for n, _ in gated
    }


def test_granted_script_keeps_its_lifetime_in_this_browser() -> None:
    gated = private_headers(
        [("Cache-Control", "public, max-age=600, immutable"), ("Last-Modified", "x")], "active"
    )
    assert value_of(gated, "cache-control") == "private, max-age=600, immutable"
    assert value_of(gated, "last-modified") == "x"


@pytest.mark.parametrize(
    ("site", "ours"),
    [
        ("public, max-age=600", "public, max-age=0, s-maxage=600"),
        ("max-age=600, s-maxage=60", "s-maxage=60, max-age=0"),
        ("private, max-age=600", "private, max-age=0"),
        ("no-cache", "no-cache"),
        ("no-store, max-age=600", "no-store"),
        ("max-age=600, stale-while-revalidate=60", "max-age=0, s-maxage=600"),
        ("max-age=0", "max-age=0"),
        ("max-age=never", "max-age=0"),
        ("must-revalidate", "must-revalidate"),
        ("public,, max-age=5", "public, max-age=0, s-maxage=5"),
    ],
)
def test_gated_page_keeps_the_sites_lifetime_for_shared_caches_alone(site: str, ours: str) -> None:
    assert value_of(shared_page_headers([("Cache-Control", site)]), "cache-control") == ours


def test_several_cache_control_headers_are_one() -> None:
    gated = shared_page_headers([("Cache-Control", "public"), ("cache-control", "max-age=5")])
    assert value_of(gated, "cache-control") == "public, max-age=0, s-maxage=5"


def test_expiry_date_becomes_a_shared_lifetime() -> None:
    dates = [("Date", "Mon, 23 Nov 2026 10:00:00 GMT"), ("Expires", "Mon, 23 Nov 2026 10:10:00 GMT")]
    gated = shared_page_headers(dates)
    assert value_of(gated, "cache-control") == "max-age=0, s-maxage=600"
    assert value_of(gated, "expires") is None
    assert value_of(shared_page_headers(dates[1:]), "cache-control") == "max-age=0"
    assert value_of(shared_page_headers([("Expires", "0")]), "cache-control") == "max-age=0"


def test_page_without_a_lifetime_gets_none_and_none_is_guessed() -> None:
    gated = shared_page_headers([("Last-Modified", "Mon, 23 Nov 2026 10:00:00 GMT"), ("X", "y")])
    assert gated == [("X", "y"), ("Vary", "Cookie, Sec-GPC, DNT, Sec-Fetch-Dest")]


@pytest.mark.parametrize(
    ("site", "ours"),
    [
        (["Accept-Encoding"], "Accept-Encoding, Cookie, DNT"),
        (["Accept, cookie", "X"], "Accept, cookie, X, DNT"),
        ([" , "], "Cookie, DNT"),
        (["*"], "*"),
    ],
)
def test_vary_is_merged(site: list[str], ours: str) -> None:
    assert vary_on([("Vary", value) for value in site], ("Cookie", "DNT")) == [("Vary", ours)]
