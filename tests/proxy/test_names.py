"""A site that is asked by its own name: what it says of itself is told to the visitor in the visitor's terms."""

from __future__ import annotations

import pytest

from cookiegate.config import Config, Proxy
from cookiegate.errors import ConfigError
from cookiegate.proxy.headers import own_origin, upstream_headers, visitor_headers
from cookiegate.proxy.site import with_own_domain
from cookiegate.proxy.upstream import Upstream, is_local

SITE = Upstream(origin="https://origin.example.net", keeps_host=False)
LOCAL = Upstream(origin="http://127.0.0.1:8080", keeps_host=True)
OWN = "https://www.site.test"


def sent(value: str, upstream: Upstream = SITE, name: bytes = b"location") -> list[str]:
    return [v.decode() for _, v in visitor_headers([(name, value.encode())], 302, upstream, OWN)]


@pytest.mark.parametrize(
    ("location", "mapped"),
    [
        ("https://origin.example.net/a?b#c", "/a?b#c"),
        ("http://origin.example.net", "/"),
        ("HTTPS://Origin.example.net/A", "/A"),
        ("https://origin.example.net?x", "/?x"),
        ("https://origin.example.net.evil.example/", "https://origin.example.net.evil.example/"),
        ("https://origin.example.net:8443/", "https://origin.example.net:8443/"),
        ("/already", "/already"),
        ("https://elsewhere.example/", "https://elsewhere.example/"),
    ],
)
def test_redirect_to_the_site_itself_is_a_path(location: str, mapped: str) -> None:
    assert sent(location) == [mapped]


def test_local_server_may_name_its_own_port() -> None:
    assert sent("http://127.0.0.1:8080/a", LOCAL) == ["/a"]


@pytest.mark.parametrize(
    ("cookie", "mapped"),
    [
        ("a=1; Domain=origin.example.net; Path=/", "a=1; Path=/"),
        ("a=1; domain=.example.net", "a=1"),
        ("a=1; Domain=site.test", "a=1; Domain=site.test"),
        ("a=1; Path=/", "a=1; Path=/"),
    ],
)
def test_cookie_of_another_domain_becomes_the_hosts(cookie: str, mapped: str) -> None:
    assert sent(cookie, SITE, b"set-cookie") == [mapped]
    assert sent(cookie, LOCAL, b"set-cookie") == [cookie]


def test_origin_and_referer_are_told_in_the_sites_terms() -> None:
    headers = [(b"host", b"www.site.test"), (b"origin", OWN.encode()), (b"referer", f"{OWN}/a?b".encode())]
    scope = {"type": "http", "scheme": "https", "headers": headers, "client": None}
    told = dict(upstream_headers(scope, SITE))
    assert told["Host"] == "origin.example.net"
    assert told["origin"] == "https://origin.example.net"
    assert told["referer"] == "https://origin.example.net/a?b"
    assert dict(upstream_headers(scope, LOCAL))["origin"] == own_origin(scope) == OWN
    foreign = {**scope, "headers": [*headers[:1], (b"origin", b"https://www.site.test.evil.example")]}
    assert dict(upstream_headers(foreign, SITE))["origin"] == "https://www.site.test.evil.example"


def test_allowed_origin_is_told_in_the_visitors_terms() -> None:
    assert sent("https://origin.example.net", name=b"access-control-allow-origin") == [OWN]
    assert sent("*", name=b"access-control-allow-origin") == ["*"]


@pytest.mark.parametrize(
    ("origin", "local"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://10.1.2.3", True),
        ("http://wordpress", True),
        ("http://web.internal:80", True),
        ("https://www.example.com", False),
    ],
)
def test_local_servers_are_told_by_their_names(origin: str, local: bool) -> None:
    assert is_local(origin) is local
    assert Upstream.of(Config(proxy=Proxy(upstream=origin))).keeps_host is local
    assert Upstream.of(Config(proxy=Proxy(upstream=origin, host="visitor"))).keeps_host


def test_domain_of_the_site_counts_as_own() -> None:
    config = Config(proxy=Proxy(upstream="https://origin.example.net"))
    assert with_own_domain(config, Upstream.of(config)).site.own == ("example.net",)
    local = Config(proxy=Proxy(upstream="http://127.0.0.1:8080"))
    assert with_own_domain(local, Upstream.of(local)) is local


def test_proxy_without_a_site_behind_it_is_refused() -> None:
    with pytest.raises(ConfigError, match="upstream"):
        Upstream.of(Config())
