import contextlib
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookiegate.core.consent import OPTIONAL, Choice
from cookiegate.core.consent_cookie import (
    CHANNEL_CODES,
    MAX_VALUE,
    SERVICES_ROOM,
    SOURCE_ROOM,
    ConsentCodec,
    fits,
)
from cookiegate.core.seal import Seal
from cookiegate.errors import BadConsentCookie

NEW, OLD, FOREIGN = "new-" * 10, "old-" * 10, "foreign-" * 5
CODEC = ConsentCodec([NEW])
DAY = 20780
DECLINED = Choice(question="6f2c1a9b3e4d", day=DAY)
LONGEST = Choice(
    question="f" * 12,
    day=99999,
    answered=False,
    granted=frozenset(OPTIONAL),
    services=frozenset({"a" * 40, "b" * (SERVICES_ROOM - SOURCE_ROOM - 41)}),
    over_signal=True,
    statistics_off=True,
    counted_day=99999,
    channel="search",
    campaign="c" * 16,
    record="R" * 22,
)

names = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True)
choices = st.builds(
    Choice,
    question=st.text("0123456789abcdef", min_size=12, max_size=12),
    day=st.integers(0, 99999),
    answered=st.booleans(),
    granted=st.frozensets(st.sampled_from(OPTIONAL)),
    services=st.frozensets(names, max_size=4),
    over_signal=st.booleans(),
    statistics_off=st.booleans(),
    counted_day=st.none() | st.integers(0, 99999),
    channel=st.none() | st.sampled_from(sorted(CHANNEL_CODES)),
    campaign=st.none() | st.from_regex(r"[a-z0-9][a-z0-9_-]{0,15}", fullmatch=True),
    record=st.none() | st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=22),
)


def signed(payload, key=NEW):
    return Seal([key], "cookiegate.consent").close(payload)


def reason(value, codec=CODEC):
    with pytest.raises(BadConsentCookie) as caught:
        codec.decode(value)
    return caught.value.reason


@given(choices)
def test_what_was_encoded_reads_back(choice):
    something = choice.granted or choice.services
    sourced = "analytics" in choice.granted and len("+".join(choice.services)) <= SERVICES_ROOM - SOURCE_ROOM
    kept = replace(
        choice,
        record=choice.record if something else None,
        counted_day=choice.counted_day if "analytics" in choice.granted else None,
        channel=choice.channel if sourced else None,
        campaign=choice.campaign if sourced and choice.channel else None,
    )
    value = CODEC.encode(choice)
    assert CODEC.decode(value) == kept
    assert len(value) <= MAX_VALUE


def test_the_longest_choice_is_exactly_as_long_as_a_cookie_may_be():
    value = CODEC.encode(LONGEST)
    assert len(value) == MAX_VALUE
    assert CODEC.decode(value) == LONGEST


def test_services_that_need_the_room_leave_none_for_a_source():
    services = frozenset({"a" * 40, "b" * (SERVICES_ROOM - 41)})
    value = CODEC.encode(replace(LONGEST, services=services))
    assert len(value) == MAX_VALUE
    assert CODEC.decode(value) == replace(LONGEST, services=services, channel=None, campaign=None)


def test_services_beyond_the_room_are_held_again():
    many = frozenset(f"service-{number:02}" for number in range(20))
    value = CODEC.encode(replace(LONGEST, services=many))
    assert len(value) <= MAX_VALUE
    assert CODEC.decode(value).services < many
    assert not fits(many)
    assert fits(LONGEST.services)
    assert not fits({"UPPER"})


def test_everyone_who_declined_holds_the_same_bytes():
    one = CODEC.encode(replace(DECLINED, record="mine", counted_day=DAY, channel="ai", campaign="x"))
    other = ConsentCodec([NEW, OLD]).encode(replace(DECLINED, record="other"))
    assert one == other == CODEC.encode(DECLINED)


def test_the_value_is_readable_and_needs_no_quotes():
    value = CODEC.encode(
        replace(DECLINED, granted=frozenset({"analytics"}), services=frozenset({"b.example", "a"}))
    )
    assert value.startswith("1~q6f2c1a9b3e4d~d20780~ga~sa+b.example.")
    assert not set(value) & set('",;\\ ')


def test_an_old_key_still_reads_and_the_newest_signs():
    value = ConsentCodec([OLD]).encode(DECLINED)
    both = ConsentCodec([NEW, OLD])
    assert both.decode(value) == DECLINED
    assert both.encode(DECLINED) == CODEC.encode(DECLINED) != value


def test_a_foreign_key_is_refused():
    assert reason(ConsentCodec([FOREIGN]).encode(DECLINED)) == "signature"


def test_a_signature_made_for_another_purpose_is_refused():
    assert reason(Seal([NEW], "cookiegate.once").close("1~q6f2c1a9b3e4d~d20780")) == "signature"


def test_every_single_changed_or_missing_byte_is_refused():
    value = CODEC.encode(LONGEST)
    for place in range(len(value)):
        for byte in "AaZz09-_.~+!":
            if value[place] != byte:
                assert reason(value[:place] + byte + value[place + 1 :]) in {"signature", "unsigned"}
        assert reason(value[:place]) in {"signature", "unsigned"}
        assert reason(value[:place] + value[place + 1 :]) in {"signature", "unsigned"}


def test_a_second_spelling_of_a_signature_is_refused():
    value = CODEC.encode(DECLINED)
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    twin = alphabet[alphabet.index(value[-1]) ^ 1]
    assert reason(value[:-1] + twin) == "unsigned"
    assert reason(value[:-5] + "!" + value[-5:]) == "unsigned"
    assert reason(value + "=") == "unsigned"


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        ("2~q6f2c1a9b3e4d~d1", "malformed"),
        ("1~q6f2c1a9b3e4d", "malformed"),
        ("1~q6f2c1a9b3e4d~d1~d1", "malformed"),
        ("1~q6f2c1a9b3e4d~d1~ga~ga", "malformed"),
        ("1~q6f2c1a9b3e4d~d1~fo~ga", "malformed"),
        ("1~q6f2c1a9b3e4d~d-1", "malformed"),
        ("1~q6f2c1a9b3e4d~d1~gx", "category"),
        ("1~q6f2c1a9b3e4d~d1~gn", "category"),
        ("1~q6f2c1a9b3e4d~d1~gaa", "spelling"),
        ("1~q6f2c1a9b3e4d~d1~gpa", "spelling"),
        ("1~q6f2c1a9b3e4d~d01", "spelling"),
        ("1~q6f2c1a9b3e4d~d1~foo", "spelling"),
        ("1~q6f2c1a9b3e4d~d1~rabc", "spelling"),
        ("1~q6f2c1a9b3e4d~d1~gp~c1", "spelling"),
        ("1~q6f2c1a9b3e4d~d1~sb+a", "spelling"),
        ("1~q6f2c1a9b3e4d~d1~sa+a", "spelling"),
        ("1~q6f2c1a9b3e4d~d1~sa++b", "spelling"),
        ("1~q6f2c1a9b3e4d~d1~s.a", "spelling"),
    ],
)
def test_our_own_signature_does_not_excuse_another_spelling(payload, word):
    assert reason(signed(payload)) == word


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("", "unsigned"),
        (".", "unsigned"),
        ("x" * 4097, "oversized"),
        ("\u00e9.x", "non-ascii"),
        ("\udce9", "non-ascii"),
        ("1~q6f2c1a9b3e4d~d1\n." + "A" * 43, "unsigned"),
    ],
)
def test_garbage_is_refused_by_one_word(value, word):
    assert reason(value) == word


@given(st.text(max_size=300) | st.text(string.printable, max_size=300).map(lambda text: f"{text}.{'A' * 43}"))
def test_nothing_but_our_own_error_is_ever_raised(value):
    with pytest.raises(BadConsentCookie):
        CODEC.decode(value)


@given(st.text("1~qdgfcrsampno+.-_0123456789abcdef", max_size=80))
def test_signed_garbage_raises_nothing_else_either(payload):
    with contextlib.suppress(BadConsentCookie):
        assert CODEC.encode(CODEC.decode(signed("1" + payload))) == signed("1" + payload)


@pytest.mark.parametrize(
    ("day", "word"),
    [(DAY + 1, ""), (DAY + 2, "future"), (DAY, ""), (DAY - 184, ""), (DAY - 185, "expired"), (0, "expired")],
)
def test_a_choice_counts_from_its_day_to_the_end_of_its_life(day, word):
    value = CODEC.encode(replace(DECLINED, day=day))
    assert CODEC.fresh(CODEC.decode(value), today=DAY, lifetime_days=184) is not bool(word)
    if word:
        with pytest.raises(BadConsentCookie, match=word):
            CODEC.read(value, today=DAY, lifetime_days=184)
    else:
        assert CODEC.read(value, today=DAY, lifetime_days=184).day == day


@pytest.mark.parametrize(
    "wrong",
    [{"question": "x"}, {"day": -1}, {"day": 100_000}, {"granted": frozenset({"necessary"})}],
)
def test_what_no_cookie_can_carry_is_refused_at_once(wrong):
    with pytest.raises(ValueError, match="no cookie"):
        CODEC.encode(replace(DECLINED, **wrong))


def test_a_codec_without_a_key_is_no_codec():
    with pytest.raises(ValueError, match="at least one"):
        ConsentCodec([])
