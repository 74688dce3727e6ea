from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookiegate.core.set_cookie import as_session, expire, expire_all, parse_set_cookie


@pytest.mark.parametrize(
    ("value", "name", "content"),
    [
        ("a=1; Path=/", "a", "1"),
        (" a = x=y ;HttpOnly", "a", "x=y"),
        ('a="q;r"', "a", '"q'),
        ("lonely; Path=/", "", "lonely"),
        ("=x", "", "x"),
        ("", "", ""),
    ],
)
def test_name_and_value_are_those_of_a_browser(value: str, name: str, content: str) -> None:
    cookie = parse_set_cookie(value)
    assert (cookie.name, cookie.value) == (name, content)


def test_last_of_equal_attributes_counts() -> None:
    cookie = parse_set_cookie("a=1; PATH=/x; path = /y; HTTPONLY")
    assert cookie.attributes["path"] == "/y"
    assert cookie.httponly
    assert cookie.is_session


@pytest.mark.parametrize(
    ("value", "deletes"),
    [
        ("a=; Max-Age=0", True),
        ("a=; max-age=-5", True),
        ("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", True),
        ("a=; expires=Thu, 01-Jan-70 00:00:01 GMT", True),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", False),
        ("a=1; Expires=Wed, 01 Jan 2070 00:00:00 GMT", False),
        ("a=1; Max-Age=soon", False),
        ("a=1; Max-Age=000000000000600", False),
        ("a=1; Max-Age=000000000000000", True),
        ("a=1; Max-Age=-0", True),
        ("a=1; Max-Age=60; Max-Age=soon; Expires=Thu, 01 Jan 1970 00:00:00 GMT", False),
        ("a=1; Expires=Fri, 01 Jan 2099 00:00:00 GMT, 1970", False),
        ("a=1; Expires=1970 Fri, 01 Jan 2099 00:00:00 GMT", False),
        ("a=1; Expires=Fri, 01-Jan-79-2099 00:00:00 GMT", False),
        ("a=1; Expires=Wed, 31 Feb 1990 00:00:00 GMT", False),
        ("a=1; Expires=Thu, 01 Jan 1970 24:00:00 GMT", False),
        ("a=1; Expires=1970", False),
        ("a=; Expires=Thu Jan  1 00:00:00 1970", True),
        ("a=; Expires=Thursday, 01-Jan-1970 00:00:10 GMT", True),
        ("a=1", False),
    ],
)
def test_deletion_is_told_from_setting(value: str, deletes: bool) -> None:
    assert parse_set_cookie(value).deletes is deletes


def test_session_form_loses_its_lifetime_alone() -> None:
    value = "a=1; Max-Age=60;Path=/ ; expires=Wed, 01 Jan 2070 00:00:00 GMT; SameSite=Lax"
    assert as_session(value) == "a=1;Path=/ ; SameSite=Lax"


def test_expiry_covers_the_host_and_each_parent_domain() -> None:
    assert expire("_ga", domains=["www.site.test", "site.test"]) == [
        "_ga=; Max-Age=0; Path=/",
        "_ga=; Max-Age=0; Path=/; Domain=www.site.test",
        "_ga=; Max-Age=0; Path=/; Domain=site.test",
    ]


@pytest.mark.parametrize("name", ["__Host-x", "__host-x"])
def test_host_prefix_has_no_domain_and_the_root_path(name: str) -> None:
    assert expire(name, domains=["site.test"], paths=["/a"]) == [f"{name}=; Max-Age=0; Path=/; Secure"]


def test_secure_prefix_is_secure() -> None:
    lines = expire("__Secure-x", domains=["site.test"])
    assert lines == [
        "__Secure-x=; Max-Age=0; Path=/; Secure",
        "__Secure-x=; Max-Age=0; Path=/; Domain=site.test; Secure",
    ]


def test_partitioned_jar_is_another_jar() -> None:
    assert expire("a", partitioned=True)[1] == "a=; Max-Age=0; Path=/; Secure; Partitioned"


@pytest.mark.parametrize("name", ["", "a\r\nSet-Cookie: b", "a;b", "a=b", " a", "a\x00", "a\x7f"])
def test_name_that_is_none_yields_nothing(name: str) -> None:
    assert expire(name) == []


def test_domain_or_path_that_is_none_is_left_out() -> None:
    lines = expire("a", domains=["x; Secure", "a\r\nb", "", "ok.test"], paths=["/", "/;x", "rel", "/é\u0100"])
    assert lines == ["a=; Max-Age=0; Path=/", "a=; Max-Age=0; Path=/; Domain=ok.test"]


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_no_header_can_be_injected(name: str, domain: str, path: str) -> None:
    for line in expire(name, domains=[domain], paths=[path]):
        assert not set(line) & set("\r\n\0")
        cookie = parse_set_cookie(line)
        assert cookie.name == name
        assert cookie.deletes
        assert set(cookie.attributes) <= {"max-age", "path", "domain", "secure", "httponly"}


def test_expiries_stop_at_their_budget_with_whole_cookies() -> None:
    lines = expire_all([f"tracker_{i}" for i in range(100)], domains=["site.test"], budget=600)
    assert sum(len(line) + 14 for line in lines) <= 600
    assert len(lines) % 2 == 0
    assert expire_all(["a"], budget=100) == ["a=; Max-Age=0; Path=/"]
    assert lines[-1].startswith(f"tracker_{len(lines) // 2 - 1}=")
