from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookiegate.core.click_ids import ClickIds, restore_click_ids
from cookiegate.request_data import load_click_ids

IDS = ClickIds(["gclid", "fbclid", "_hsenc", "ScCid"], url_headers=["Referer", "HX-Current-URL"])


@pytest.mark.parametrize(
    ("query", "clean", "removed"),
    [
        ("", "", ()),
        ("a=1&b=%20+", "a=1&b=%20+", ()),
        ("gclid=abc", "", ("gclid=abc",)),
        ("a=1&gclid=abc&b=2", "a=1&b=2", ("gclid=abc",)),
        ("GCLID=x&a=%C3%A9&sccid=1", "a=%C3%A9", ("GCLID=x", "sccid=1")),
        ("%67clid=1&x", "x", ("%67clid=1",)),
        ("a=&&gclid&=b", "a=&&=b", ("gclid",)),
        ("gclid=1&gclid=2", "", ("gclid=1", "gclid=2")),
        ("mygclid=1&gclidx=2&a=gclid=3", "mygclid=1&gclidx=2&a=gclid=3", ()),
        ("utm_source=ads&utm_campaign=x", "utm_source=ads&utm_campaign=x", ()),
    ],
)
def test_only_click_ids_go_and_the_rest_stays_byte_for_byte(
    query: str, clean: str, removed: tuple[str, ...]
) -> None:
    assert IDS.strip(query) == (clean, removed)


def test_request_without_click_ids_is_untouched() -> None:
    for environ in ({}, {"QUERY_STRING": "a=1", "RAW_URI": "/?a=1"}, {"HTTP_REFERER": "https://a.test/"}):
        edited: dict[str, Any] = dict(environ)
        assert IDS.strip_environ(edited) == ()
        assert edited == environ
    lone = {"QUERY_STRING": "gclid=1"}
    assert IDS.strip_environ(lone) == ("gclid=1",)
    assert lone == {"QUERY_STRING": ""}
    assert IDS.strip_text("no query at all") == "no query at all"


def test_query_without_click_ids_is_the_very_same_text() -> None:
    query = "a=1&b=%20"
    assert IDS.strip(query)[0] is query


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://a.test/p?gclid=1#top", "https://a.test/p#top"),
        ("https://a.test/p?x=1&gclid=1", "https://a.test/p?x=1"),
        ("/p#?gclid=1", "/p#?gclid=1"),
        ("/gclid=1", "/gclid=1"),
        ("/p?", "/p?"),
    ],
)
def test_url_loses_them_from_its_query_alone(url: str, clean: str) -> None:
    assert IDS.strip_url(url)[0] == clean


def test_request_loses_them_wherever_its_address_is_repeated() -> None:
    environ: dict[str, Any] = {
        "QUERY_STRING": "a=1&gclid=x",
        "RAW_URI": "/p?a=1&gclid=x",
        "REQUEST_URI": "/p?a=1&gclid=x",
        "HTTP_REFERER": "https://ads.test/?fbclid=y&q=1",
        "HTTP_HX_CURRENT_URL": "https://site.test/?_hsenc=z",
        "HTTP_X_OTHER": "?gclid=x",
    }
    assert IDS.strip_environ(environ) == ("gclid=x",)
    assert environ == {
        "QUERY_STRING": "a=1",
        "RAW_URI": "/p?a=1",
        "REQUEST_URI": "/p?a=1",
        "HTTP_REFERER": "https://ads.test/?q=1",
        "HTTP_HX_CURRENT_URL": "https://site.test/",
        "HTTP_X_OTHER": "?gclid=x",
    }


@pytest.mark.parametrize(
    ("location", "restored"),
    [
        ("/p/", "/p/?gclid=1&fbclid=2"),
        ("/p/?a=1", "/p/?a=1&gclid=1&fbclid=2"),
        ("/p/?", "/p/?gclid=1&fbclid=2"),
        ("https://site.test/p/#top", "https://site.test/p/?gclid=1&fbclid=2#top"),
        ("/p/?GCLID=9", "/p/?GCLID=9&fbclid=2"),
        ("/p/?gclid=1&fbclid=2", "/p/?gclid=1&fbclid=2"),
    ],
)
def test_redirect_gets_back_what_it_does_not_have(location: str, restored: str) -> None:
    assert restore_click_ids(location, ("gclid=1", "fbclid=2")) == restored


def test_redirect_stays_where_nothing_was_removed() -> None:
    assert restore_click_ids("/p/#", ()) == "/p/#"


@given(st.text(alphabet="gclid=&%67?#+ab", max_size=60))
def test_application_sees_no_click_id_and_every_other_parameter(query: str) -> None:
    clean, removed = IDS.strip(query)
    names = [name.lower() for name, _ in parse_qsl(clean, keep_blank_values=True)]
    assert "gclid" not in names
    others = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0].lower() != "gclid"]
    assert parse_qsl(clean, keep_blank_values=True) == others
    assert sorted([*clean.split("&"), *removed] if clean or not removed else removed) == sorted(
        query.split("&")
    )


def test_log_line_loses_them() -> None:
    assert IDS.strip_text("GET /p?gclid=abc&a=1 HTTP/1.1") == "GET /p?a=1 HTTP/1.1"


def test_shipped_list_has_what_advertisers_use() -> None:
    names = """gclid gbraid wbraid dclid fbclid msclkid ttclid twclid li_fat_id epik ScCid yclid _hsenc _hsmi
    mc_eid mkt_tok igshid srsltid gad_source""".split()  # noqa: SIM905
    for name in names:
        assert load_click_ids().strip(f"a=1&{name}=x") == ("a=1", (f"{name}=x",))
