import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookiegate.core.consent_cookie import ConsentCodec
from cookiegate.core.once_cookie import Once, OnceCodec
from cookiegate.core.seal import Seal
from cookiegate.errors import BadConsentCookie

KEY = "key-" * 10
CODEC = OnceCodec([KEY])
NOW = 1_795_392_000

onces = st.builds(
    Once,
    services=st.frozensets(st.from_regex(r"[a-z0-9][a-z0-9._-]{0,40}", fullmatch=True), max_size=5),
    referrer=st.booleans(),
    notice=st.just("") | st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True),
)


@given(onces)
def test_what_was_encoded_reads_back(once):
    assert CODEC.decode(CODEC.encode(once, NOW), NOW + 60) == once


@pytest.mark.parametrize("age", [61, 3600, -6])
def test_it_lives_for_one_minute(age):
    with pytest.raises(BadConsentCookie, match="expired"):
        CODEC.decode(CODEC.encode(Once(), NOW), NOW + age)


@pytest.mark.parametrize("value", ["", "1~t1", "é", "x" * 5000, "1~t1." + "A" * 43])
def test_garbage_is_refused(value):
    with pytest.raises(BadConsentCookie):
        CODEC.decode(value, NOW)


@pytest.mark.parametrize("payload", ["2~t1", "1~tx", "1~t1~nX", "1~t1~q1"])
def test_a_signed_odd_payload_is_refused(payload):
    with pytest.raises(BadConsentCookie, match="malformed"):
        CODEC.decode(Seal([KEY], "cookiegate.once").close(payload), NOW)


def test_a_consent_cookie_is_no_one_shot():
    with pytest.raises(BadConsentCookie, match="signature"):
        OnceCodec(["other-" * 7]).decode(CODEC.encode(Once(), NOW), NOW)
    with pytest.raises(BadConsentCookie, match="signature"):
        ConsentCodec([KEY]).decode(CODEC.encode(Once(), NOW))


@pytest.mark.parametrize(
    "once", [Once(frozenset({"A b"})), Once(notice="No!"), Once(frozenset({"a" * 1100}))]
)
def test_what_no_cookie_can_carry_is_refused_at_once(once):
    with pytest.raises(ValueError, match="no cookie"):
        CODEC.encode(once, NOW)
