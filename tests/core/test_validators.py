from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookiegate.core.validators import edit_conditions, mark, may_be_page, unmark

ETAGC = st.text(
    alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='"~'), max_size=20
)


@pytest.mark.parametrize(
    ("etag", "marked"),
    [
        ('"abc"', 'W/"abc~gate.u"'),
        ('W/"abc"', 'W/"abc~gatew.u"'),
        (' "" ', 'W/"~gate.u"'),
        ("abc", ""),
        ('"a"b"', ""),
        ("", ""),
    ],
)
def test_mark_names_the_variant_and_is_weak(etag: str, marked: str) -> None:
    assert mark(etag, "u") == marked


def test_unrewritten_body_keeps_its_strength() -> None:
    assert mark('"abc"', "u", weak=False) == '"abc~gate.u"'
    assert mark('W/"abc"', "u", weak=False) == 'W/"abc~gatew.u"'


@given(ETAGC, st.booleans(), st.text(max_size=12), st.text(max_size=12))
def test_mark_comes_off_for_its_own_variant_alone(opaque: str, weak: bool, mine: str, other: str) -> None:
    etag = f'{"W/" if weak else ""}"{opaque}"'
    marked = mark(etag, mine)
    assert unmark(marked, mine) == etag
    if marked != mark(etag, other):
        assert unmark(marked, other) is None


def test_list_keeps_the_tags_of_this_variant() -> None:
    tags = f'"plain", {mark(chr(34) + "a" + chr(34), "u")}, {mark(chr(34) + "b" + chr(34), "all")}'
    assert unmark(tags, "u") == '"a"'
    assert unmark(tags, "u", foreign=True) == '"plain", "a"'
    assert unmark(tags, "d") is None


def test_star_and_endless_lists_do_not_reach_a_page() -> None:
    assert unmark("*", "u") is None
    assert unmark("*", "u", foreign=True) == "*"
    assert unmark('"a",' * 5000, "u", foreign=True) is None


@pytest.mark.parametrize(
    ("headers", "page"),
    [
        ({"HTTP_SEC_FETCH_DEST": "document"}, True),
        ({"HTTP_SEC_FETCH_DEST": "iframe"}, True),
        ({"HTTP_SEC_FETCH_DEST": "empty"}, False),
        ({"HTTP_SEC_FETCH_DEST": "empty", "HTTP_SEC_FETCH_MODE": "navigate"}, True),
        ({"HTTP_SEC_FETCH_DEST": "image", "HTTP_ACCEPT": "text/html"}, False),
        ({"HTTP_ACCEPT": "text/html,*/*"}, True),
        ({"HTTP_ACCEPT": "image/webp,*/*;q=0.8"}, False),
        ({}, True),
    ],
)
def test_request_for_a_page_is_known_by_its_destination(headers: dict[str, Any], page: bool) -> None:
    assert may_be_page(headers) is page


def conditions(page: bool, **headers: str) -> dict[str, Any]:
    environ: dict[str, Any] = {f"HTTP_{name}": value for name, value in headers.items()}
    edit_conditions(environ, "u", page=page)
    return {name.removeprefix("HTTP_"): value for name, value in environ.items()}


def test_page_kept_from_another_variant_or_from_before_the_gate_is_asked_for_again() -> None:
    for tag in ('"a"', '"a~gate.all"', "*"):
        assert (
            conditions(True, IF_NONE_MATCH=tag, IF_MODIFIED_SINCE="x", RANGE="bytes=1-", IF_RANGE=tag) == {}
        )


def test_page_of_this_variant_is_checked_with_the_sites_tag() -> None:
    assert conditions(True, IF_NONE_MATCH='W/"a~gate.u"', IF_MODIFIED_SINCE="x") == {"IF_NONE_MATCH": '"a"'}


def test_image_keeps_its_conditions() -> None:
    headers = {"IF_NONE_MATCH": '"a"', "IF_MODIFIED_SINCE": "x", "RANGE": "bytes=1-", "IF_RANGE": '"a"'}
    assert conditions(False, **headers) == headers
    assert conditions(False, RANGE="bytes=1-", IF_RANGE="Wed") == {"RANGE": "bytes=1-", "IF_RANGE": "Wed"}


def test_rest_of_another_variants_file_is_not_asked_for() -> None:
    assert conditions(False, RANGE="bytes=1-", IF_RANGE='"a~gate.all"') == {}
    assert conditions(False, RANGE="bytes=1-", IF_RANGE='"a~gate.u"') == {
        "RANGE": "bytes=1-",
        "IF_RANGE": '"a"',
    }
    assert conditions(False, IF_NONE_MATCH='"a~gate.all"', IF_MODIFIED_SINCE="x") == {}
