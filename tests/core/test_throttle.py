"""The token tells clients apart for a day, and no address from another."""

from __future__ import annotations

from cookiegate.core.throttle import Throttle

THROTTLE = Throttle("a secret that is long enough to be one")


def test_one_client_has_one_token_a_day() -> None:
    assert THROTTLE.token("203.0.113.77", 20_000) == THROTTLE.token("::ffff:203.0.113.77", 20_000)
    assert THROTTLE.token("203.0.113.77", 20_000) != THROTTLE.token("203.0.113.77", 20_001)


def test_neighbours_and_other_sites_have_other_tokens() -> None:
    token = THROTTLE.token("203.0.113.77", 20_000)
    assert token != THROTTLE.token("203.0.113.78", 20_000)
    assert token != Throttle("another secret that is long enough").token("203.0.113.77", 20_000)


def test_a_home_is_one_client_however_many_addresses_it_has() -> None:
    assert THROTTLE.token("2001:db8:1:2::1", 1) == THROTTLE.token("2001:db8:1:2:ffff::9", 1)
    assert THROTTLE.token("2001:db8:1:2::1", 1) != THROTTLE.token("2001:db8:1:3::1", 1)


def test_what_is_no_address_has_no_token() -> None:
    assert THROTTLE.token("", 1) == THROTTLE.token("unknown", 1) == ""
