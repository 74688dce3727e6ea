from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cookiegate.core.address import LONGEST, canonical, packed_address, truncate, truncate_in_text

V4 = st.ip_addresses(v=4).map(str)
V6 = st.ip_addresses(v=6).map(str)
PRECISIONS = st.sampled_from(["standard", "strict"])


@pytest.mark.parametrize(
    ("full", "standard", "strict"),
    [
        ("203.0.113.77", "203.0.113.0", "203.0.0.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::", "2001:db8::"),
        ("2001:DB8:0:ffff::1", "2001:db8::", "2001:db8::"),
        ("0:1:2:3::4", "0:1:2::", "0:1::"),
        ("::ffff:203.0.113.77", "203.0.113.0", "203.0.0.0"),
        ("::ffff:cb00:714d", "203.0.113.0", "203.0.0.0"),
        ("64:ff9b::203.0.113.77", "203.0.113.0", "203.0.0.0"),
        ("64:ff9b:1:2::cb00:714d", "64:ff9b:1::", "64:ff9b::"),
        ("2002:cb00:714d::1", "2002:cb00:7100::", "2002:cb00::"),
        ("2001:0:cb00:714d:8000:63bf:34ff:8eb2", "2001::", "2001::"),
        ("fe80::203.0.113.77", "fe80::", "fe80::"),
        ("::1", "::", "::"),
    ],
)
def test_each_kind_of_address_keeps_its_network(full: str, standard: str, strict: str) -> None:
    assert truncate(full) == standard
    assert truncate(full, "strict") == strict
    assert truncate(full, "drop") == ""


@pytest.mark.parametrize(
    "written",
    [
        "203.0.113.77:49152",
        '"203.0.113.77:49152"',
        " 203.0.113.77\t",
        "[::ffff:203.0.113.77]:443",
        '"[::ffff:203.0.113.77%eth0]"',
        "'203.0.113.77'",
    ],
)
def test_ports_brackets_zones_and_quotes_are_not_kept(written: str) -> None:
    assert truncate(written) == "203.0.113.0"


def test_port_behind_an_unbracketed_ipv6_address_is_not_part_of_it() -> None:
    assert truncate("2001:db8:1:2:3:4:5:6:443") == "2001:db8:1::"


@pytest.mark.parametrize(
    "garbage",
    [
        *("", "unknown", "203.0.113", "203.0.113.256", "0313.0.0113.0115", "0xcb.0.113.77", "3405803853"),
        *("203.0.113.77.5", "203.0.113.77 203.0.113.78", "example.com", "٢٠٣.0.113.77", "1:2:3", ":::", "\0"),
        *("203.0.113.77" * 6000, " " * LONGEST + "203.0.113.77", "2001:db8::1::2", "%", "[", "[]"),
    ],
)
def test_what_is_not_one_address_leaves_nothing(garbage: str) -> None:
    assert truncate(garbage) == ""


@given(V4, PRECISIONS)
def test_ipv4_result_is_the_network_address(full: str, precision: str) -> None:
    length = 24 if precision == "standard" else 16
    assert truncate(full, precision) == str(ip_network(f"{full}/{length}", strict=False).network_address)


@given(V6, PRECISIONS)
def test_ipv6_result_shows_at_most_the_network(full: str, precision: str) -> None:
    length = 48 if precision == "standard" else 32
    network = ip_network(f"{full}/{length}", strict=False)
    short = truncate(full, precision)
    assert ":" not in short or int(IPv6Address(short)) & int(network.network_address) == int(
        IPv6Address(short)
    )


@given(st.one_of(V4, V6, st.text(max_size=80)), PRECISIONS)
@example("64:ff9b:1::7", "strict")
def test_truncation_is_idempotent_and_never_raises(text: str, precision: str) -> None:
    short = truncate(text, precision)
    assert truncate(short, precision) == short


@given(
    V4, st.sampled_from(["{}", "::ffff:{}", "64:ff9b::{}", "[{}]", "{}:80", '"{}"', "{},", "x{}", "{}\r\n"])
)
def test_full_ipv4_never_survives_in_any_notation(full: str, notation: str) -> None:
    if full.endswith(".0"):
        return
    short = truncate(notation.format(full))
    assert full not in short
    number = int(IPv4Address(full))
    assert packed_address(short) != number.to_bytes(4, "big")


@given(V4)
def test_6to4_never_carries_its_ipv4_whole(full: str) -> None:
    number = int(IPv4Address(full))
    short = truncate(str(IPv6Address((0x2002 << 112) | (number << 80) | 1)))
    assert (int(IPv6Address(short)) >> 80) & 0xFF == 0


def test_canonical_spelling_is_one_for_all_spellings() -> None:
    assert canonical("2001:0DB8:0:0::1") == canonical("[2001:db8::1]:80") == "2001:db8::1"
    assert canonical("::ffff:1.2.3.4") == "1.2.3.4"
    assert canonical("none") == ""


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("Invalid request from ip=203.0.113.77: x", "Invalid request from ip=203.0.113.0: x"),
        ("ip=::ffff:203.0.113.77", "ip=203.0.113.0"),
        ("('2001:db8:1:2::77', 443)", "('2001:db8:1::', 443)"),
        ("[2001:db8:1:2::77]:443", "[2001:db8:1::]:443"),
        ("at 12:30:45, version 1.2.3", "at 12:30:45, version 1.2.3"),
        ("x.203.0.113.77.y", "x.203.0.113.0.y"),
    ],
)
def test_addresses_inside_a_log_line_are_truncated(line: str, cut: str) -> None:
    assert truncate_in_text(line) == cut


@given(st.text(max_size=30), st.one_of(V4, V6), st.text(max_size=30))
def test_log_line_never_shows_a_full_address_that_stands_alone(before: str, full: str, after: str) -> None:
    if truncate(full) == full:
        return
    line = truncate_in_text(f"{before} {full} {after}")
    assert f" {full} " not in line


def test_dropped_address_leaves_a_dash_in_a_log_line() -> None:
    assert truncate_in_text("ip=203.0.113.77", "drop") == "ip=-"
