from __future__ import annotations

import pytest

from cookiegate.core.networks import Networks


def test_addresses_are_found_in_their_networks() -> None:
    trusted = Networks(["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"])
    assert "10.200.3.4" in trusted
    assert "::ffff:10.1.1.1" in trusted
    assert "192.0.2.7" in trusted
    assert "2001:db8:ffff::1" in trusted
    assert "192.0.2.8" not in trusted
    assert "2001:db9::1" not in trusted
    assert "unknown" not in trusted
    assert 7 not in trusted


def test_no_networks_are_false() -> None:
    assert not Networks()
    assert Networks(["::1"])


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match="proxy"):
        Networks(["proxy"])
