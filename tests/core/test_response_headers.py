from __future__ import annotations

import timeit
from time import process_time
from typing import NamedTuple

import pytest

from cookiegate.core.response_headers import HeaderRules, gate_headers
from cookiegate.core.verdicts import Verdict

Headers = list[tuple[str, str]]
POLICY = "default-src 'self'"
PAGE = ("Content-Type", "text/html; charset=utf-8")
JSON = ("Content-Type", "application/json")


class Answer(NamedTuple):
    keep: bool
    session_only: bool


def url(url: str, base: str) -> Verdict | None:
    return Verdict(True, "marketing", "ads", "ads.test") if "ads.test" in url else None


def cookie(name: str, *, httponly: bool, from_server: bool) -> Answer:
    assert from_server
    return Answer(name != "_ga", name == "undeclared" and httponly)


GATED = HeaderRules(url=url, cookie=cookie, policy=POLICY, tag="u", shareable=True)
PARTIAL = HeaderRules(url=url, cookie=cookie, policy=POLICY, tag="a", shareable=False)
GRANTED = HeaderRules(url=None, cookie=None, policy="", tag="all", shareable=False)


def gated(
    *headers: tuple[str, str], rules: HeaderRules = GATED, rewritten: bool = False, page: bool = True
) -> Headers:
    return gate_headers(list(headers), rules, rewritten=rewritten, page=page).headers


def values(headers: Headers, name: str) -> list[str]:
    return [value for key, value in headers if key.lower() == name]


@pytest.mark.parametrize(
    "name",
    [
        *("NEL", "report-to", "Reporting-Endpoints", "Accept-CH", "Critical-CH", "Observe-Browsing-Topics"),
        *("Attribution-Reporting-Register-Source", "ATTRIBUTION-REPORTING-Whatever", "Speculation-Rules"),
    ],
)
def test_header_that_tracks_goes_until_everything_is_granted(name: str) -> None:
    assert values(gated(JSON, (name, "x")), name.lower()) == []
    assert values(gated(JSON, (name, "x"), rules=PARTIAL), name.lower()) == []
    assert values(gated(JSON, (name, "x"), rules=GRANTED), name.lower()) == ["x"]


@pytest.mark.parametrize(
    "content_type", ["text/html", "application/json", "text/javascript", "image/svg+xml", ""]
)
def test_policy_is_on_every_response_beside_the_sites_own(content_type: str) -> None:
    own = "script-src 'nonce-a', img-src *"
    headers = gated(("Content-Type", content_type), ("Content-Security-Policy", own))
    assert values(headers, "content-security-policy") == [own, POLICY]
    assert values(headers, "permissions-policy") == ["browsing-topics=()"]


def test_granted_api_response_is_untouched() -> None:
    headers = [JSON, ("NEL", "x"), ("Cache-Control", "max-age=5"), ("ETag", '"a"'), ("Set-Cookie", "_ga=1")]
    assert gated(*headers, rules=GRANTED) == headers


def test_refused_cookies_go_and_undeclared_ones_last_the_session() -> None:
    result = gate_headers(
        [
            ("Set-Cookie", "_ga=1; Max-Age=9"),
            ("Set-Cookie", "undeclared=1; Max-Age=9; HttpOnly"),
            ("set-cookie", "session=1; Max-Age=9"),
            ("Set-Cookie", "_ga=; Max-Age=0"),
            JSON,
        ],
        GATED,
    )
    assert values(result.headers, "set-cookie") == [
        "undeclared=1; HttpOnly",
        "session=1; Max-Age=9",
        "_ga=; Max-Age=0",
    ]
    assert result.cookies == ("_ga",)


def test_links_refreshes_and_reports_to_held_hosts_go() -> None:
    result = gate_headers(
        [
            JSON,
            ("Link", "<https://ads.test/a>; rel=preload, </b>; rel=preload"),
            ("Refresh", "5; url=https://ads.test/"),
            ("Content-Security-Policy", "img-src *; report-uri https://ads.test/r /own; frame-src *"),
            (
                "Content-Security-Policy-Report-Only",
                "img-src *; Report-URI https://ads.test/r, img-src 'self'",
            ),
            ("X-DNS-Prefetch-Control", "on"),
        ],
        GATED,
    )
    assert result.headers[:4] == [
        JSON,
        ("Link", "</b>; rel=preload"),
        ("Content-Security-Policy", "img-src *; report-uri /own; frame-src *"),
        ("Content-Security-Policy-Report-Only", "img-src *;, img-src 'self'"),
    ]
    assert [verdict.service for verdict in result.held] == ["ads"] * 4


@pytest.mark.parametrize("url", ["data:text/html,<img>", "' data:image/svg%2Bxml,x'", "da\tta:text/xml;a,x"])
def test_refreshes_to_documents_that_nobody_looked_into_go(url: str) -> None:
    result = gate_headers([JSON, ("Refresh", f"0;url={url}")], GATED)
    assert values(result.headers, "refresh") == []
    assert [verdict.category for verdict in result.held] == ["unclassified"]


def test_own_refresh_and_reports_stay() -> None:
    headers = [
        ("Refresh", "5"),
        ("Content-Security-Policy", "report-uri /own; default-src *"),
        ("X-DNS-Prefetch-Control", "off"),
        ("SourceMap", "https://ads.test/map"),
    ]
    assert gated(JSON, *headers)[1:5] == headers


def test_rewritten_page_has_no_header_of_the_sites_bytes() -> None:
    headers = gated(
        PAGE,
        ("Content-Length", "5"),
        ("Content-MD5", "x"),
        ("Digest", "x"),
        ("Repr-Digest", "x"),
        ("Accept-Ranges", "bytes"),
        ("ETag", '"a"'),
        ("Last-Modified", "x"),
        rewritten=True,
    )
    names = {name.lower() for name, _ in headers}
    assert names == {"content-type", "etag", "content-security-policy", "permissions-policy", "vary"}
    assert values(headers, "etag") == ['W/"a~gate.u"']


def test_variants_have_tags_of_their_own() -> None:
    tags = {
        values(gated(PAGE, ("ETag", '"a"'), rules=rules, rewritten=True), "etag")[0]
        for rules in (GATED, PARTIAL, GRANTED)
    }
    assert len(tags) == 3


def test_worker_script_is_tagged_strongly_and_private_once_something_is_granted() -> None:
    script = [("Content-Type", "text/javascript"), ("ETag", '"a"'), ("Cache-Control", "max-age=60")]
    assert values(gated(*script), "etag") == ['"a~gate.u"']
    assert values(gated(*script), "cache-control") == ["max-age=60"]
    for rules in (PARTIAL, GRANTED):
        assert values(gated(*script, rules=rules), "cache-control") == ["private, max-age=60"]


def test_page_is_private_unless_it_is_everyones() -> None:
    page = [PAGE, ("Cache-Control", "max-age=60")]
    assert values(gated(*page), "cache-control") == ["max-age=0, s-maxage=60"]
    for rules in (PARTIAL, GRANTED):
        assert values(gated(*page, rules=rules), "cache-control") == ["private, max-age=0"]


def test_304_carries_the_policy_and_the_rules_of_what_was_asked_for() -> None:
    for page, lifetime in ((True, "max-age=0, s-maxage=60"), (False, "max-age=60")):
        headers = gated(("ETag", '"a"'), ("Cache-Control", "max-age=60"), page=page)
        assert values(headers, "content-security-policy") == [POLICY]
        assert values(headers, "cache-control") == [lifetime]


def test_form_of_a_page_may_have_a_tag_of_its_own() -> None:
    headers = gate_headers([PAGE, ("ETag", '"a"')], GATED, rewritten=True, tag="u-top").headers
    assert values(headers, "etag") == ['W/"a~gate.u-top"']


def test_tag_that_is_none_does_not_pass_for_one() -> None:
    assert values(gated(PAGE, ("ETag", "abc")), "etag") == []


def test_given_list_is_not_changed() -> None:
    headers = [JSON, ("NEL", "x")]
    gate_headers(headers, GATED)
    gate_headers(headers, GRANTED).headers.append(("X", "y"))
    assert headers == [JSON, ("NEL", "x")]


def test_response_that_is_no_page_costs_microseconds() -> None:
    headers = [JSON, *((f"X-Header-{number}", "value") for number in range(10))]
    best = (
        min(timeit.repeat(lambda: gate_headers(headers, GATED), timer=process_time, number=500, repeat=10))
        / 500
    )
    assert best < 60e-6 / 3
