"""Which hosts are the site's own."""

from __future__ import annotations

import pytest

from cookiegate.catalogue_files import registrable_domain
from cookiegate.core.site import Site


def site(host: str, *own: str) -> Site:
    return Site(host, own=own, registrable=registrable_domain())


@pytest.mark.parametrize("host", ["shop.co.uk", "www.shop.co.uk", "img.eu.shop.co.uk"])
def test_every_host_of_the_registrable_domain_is_own(host: str) -> None:
    assert site("www.shop.co.uk:8443").owns(host)


@pytest.mark.parametrize("host", ["other.co.uk", "co.uk", "shop.co.uk.evil.example", "notshop.co.uk", ""])
def test_neighbour_under_the_same_suffix_is_not_own(host: str) -> None:
    assert not site("www.shop.co.uk").owns(host)


def test_named_domain_is_own_with_its_subdomains() -> None:
    assert site("shop.example", "shop-images.example").owns("a.shop-images.example")


def test_pages_of_one_shared_host_are_not_each_others() -> None:
    assert not site("mine.github.io").owns("theirs.github.io")


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("127.0.0.1:5000", "127.0.0.1"),
        ("[::1]:5000", "::1"),
        ("localhost:5000", "localhost"),
        ("WWW.Shop.Example.", "shop.example"),
    ],
)
def test_addresses_and_single_names_are_their_own_domain(host: str, domain: str) -> None:
    assert site(host).domain == domain


def test_another_address_is_not_own() -> None:
    assert not site("127.0.0.1").owns("127.0.0.2")


def test_cookie_domains_end_at_the_registrable_one() -> None:
    assert site("a.b.shop.co.uk").parents("a.b.shop.co.uk") == [
        "a.b.shop.co.uk",
        "b.shop.co.uk",
        "shop.co.uk",
    ]
    assert site("127.0.0.1").parents("127.0.0.1") == ["127.0.0.1"]


def test_memory_of_hosts_is_bounded() -> None:
    own = site("shop.example")
    for number in range(9000):
        own.owns(f"h{number}.example")
    assert len(own._known) <= 4096
