import pytest

from cookiegate.core.signals import signal_of


@pytest.mark.parametrize("value", ["1", " 1 ", "0, 1", "1,1", "x,\t1", "1,"])
def test_a_one_among_joined_headers_is_a_signal(value):
    assert signal_of(value, None) == "gpc"
    assert signal_of(None, value) == "dnt"


@pytest.mark.parametrize("value", [None, "", "0", "true", "01", "1.0", "11", '"1"', "1;q=1", "?1", "１"])
def test_anything_else_is_none(value):
    assert signal_of(value, value) is None


def test_gpc_is_named_where_both_are_sent():
    assert signal_of("1", "1") == "gpc"
