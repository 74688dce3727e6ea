from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookiegate.core.forwarding import MOST_HOPS, client_address, scrub_address_header
from cookiegate.core.networks import Networks

TRUSTED = Networks(["10.0.0.0/8", "::1"])


@pytest.mark.parametrize(
    ("peer", "x_forwarded_for", "forwarded", "client"),
    [
        ("203.0.113.77", "", "", "203.0.113.77"),
        ("203.0.113.77", "198.51.100.9", "for=198.51.100.9", "203.0.113.77"),
        ("10.0.0.1", "198.51.100.9, 203.0.113.77, 10.0.0.2", "", "203.0.113.77"),
        ("10.0.0.1", "203.0.113.77:5000", "", "203.0.113.77"),
        ("10.0.0.1", "", 'for=198.51.100.9, for="[2001:db8::77]:80";proto=https', "2001:db8::77"),
        ("10.0.0.1", "203.0.113.77", "for=198.51.100.9", "203.0.113.77"),
        ("10.0.0.1", "198.51.100.9, unknown", "", ""),
        ("10.0.0.1", "", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "", "10.0.0.3"),
        ("::1", "203.0.113.77", "", "203.0.113.77"),
        ("", "203.0.113.77", "", "203.0.113.77"),
    ],
)
def test_client_is_the_right_most_untrusted_hop(
    peer: str, x_forwarded_for: str, forwarded: str, client: str
) -> None:
    assert client_address(peer, x_forwarded_for, forwarded, TRUSTED) == client


def test_without_trusted_proxies_headers_are_not_believed() -> None:
    assert client_address("203.0.113.77", "198.51.100.9", "", Networks()) == "203.0.113.77"
    assert client_address("", "198.51.100.9", "", Networks()) == ""


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("203.0.113.77:80,[2001:db8:1:2::7]:443", "203.0.113.0, 2001:db8:1::"),
        ("unknown, garbage 203.0.113.77, _proxy1", "unknown, unknown, _proxy1"),
        ("_203.0.113.77", "unknown"),
        (", 203.0.113.77", "unknown, 203.0.113.0"),
    ],
)
def test_list_keeps_the_place_of_every_hop(value: str, clean: str) -> None:
    assert scrub_address_header("list", value, "standard") == clean


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("for=203.0.113.77", "for=203.0.113.0"),
        (
            'For="[2001:db8:1:2::7]:4711";proto=https;by=203.0.113.60;host=site.test',
            'for="[2001:db8:1::]";proto=https;by=203.0.113.0;host=site.test',
        ),
        ("for=_hidden, for=unknown", "for=_hidden, for=unknown"),
        ('for="_203.0.113.77"', "for=unknown"),
        ("for=203.0.113.77;secret=203.0.113.77", "for=203.0.113.0"),
        ('for="203.0.113.77', "for=unknown"),
        ("secret=1", "for=unknown"),
        ('host="a\\"b 203.0.113.77"', "for=unknown"),
        ("for = 203.0.113.77 ; proto = http", "for=203.0.113.0;proto=http"),
        ("203.0.113.77", "203.0.113.0"),
    ],
)
def test_elements_are_cut_pair_by_pair(value: str, clean: str) -> None:
    assert scrub_address_header("elements", value, "standard") == clean


def test_dropped_addresses_drop_the_header() -> None:
    assert scrub_address_header("list", "203.0.113.77, _a", "drop") == ""
    assert scrub_address_header("elements", "for=203.0.113.77;proto=https", "drop") == ""


def test_endless_list_keeps_its_right_end() -> None:
    clean = scrub_address_header("list", "198.51.100.9," * 8000 + "203.0.113.77", "standard")
    assert clean.count(",") == MOST_HOPS - 1
    assert clean.endswith("203.0.113.0")


@given(
    st.text(max_size=200),
    st.sampled_from(["list", "elements"]),
    st.sampled_from(["standard", "strict", "drop"]),
)
def test_any_header_text_is_answered(value: str, form: str, precision: str) -> None:
    clean = scrub_address_header(form, value, precision)
    assert "\r" not in clean
    assert "\n" not in clean


@given(st.ip_addresses(v=4).map(str), st.text(alphabet='for=by;host",[]: \\_a1.', max_size=20))
def test_full_address_never_survives_in_elements(full: str, noise: str) -> None:
    if full.endswith(".0"):
        return
    for value in (
        f"{noise}{full}",
        f"for={noise}{full}",
        f'for="{full}{noise}"',
        f"by={full};{noise}={full}",
    ):
        assert full not in scrub_address_header("elements", value, "standard")
        assert full not in scrub_address_header("list", value, "standard")
