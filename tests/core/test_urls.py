"""`split_url` names the host that a browser would ask."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cookiegate.core.urls import split_url


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://t.example/a?b=c#d", ("t.example", "/a?b=c")),
        ("HTTPS://T.Example", ("t.example", "/")),
        ("//t.example/x", ("t.example", "/x")),
        ("\\\\t.example\\x", ("t.example", "/x")),
        ("/\\t.example/x", ("t.example", "/x")),
        ("/\t/t.example/x", ("t.example", "/x")),
        ("\x00 \n//t.example/x\x1f", ("t.example", "/x")),
        ("ht\ntps://t.exa\tmple/x", ("t.example", "/x")),
        ("https:t.example/x", ("t.example", "/x")),
        ("https:/t.example/x", ("t.example", "/x")),
        ("https://///t.example/x", ("t.example", "/x")),
        ("https://own.example@t.example/x", ("t.example", "/x")),
        ("https://own.example:pass@t.example:8443/x", ("t.example", "/x")),
        ("https://own.example\\@t.example/x", ("own.example", "/@t.example/x")),
        ("https://t%2Eexample/x", ("t.example", "/x")),
        ("https://t.example./x", ("t.example", "/x")),
        ("https://ｔ。ｅxample/x", ("t.example", "/x")),
        ("https://t.ex\u00adample/x", ("t.example", "/x")),
        ("https://bücher.example/", ("xn--bcher-kva.example", "/")),
        ("https://2130706433/x", ("127.0.0.1", "/x")),
        ("https://0x7f.1/x", ("127.0.0.1", "/x")),
        ("https://0177.0.0.01/x", ("127.0.0.1", "/x")),
        ("https://[2001:DB8::1]:443/x", ("2001:db8::1", "/x")),
        ("wss://t.example/socket", ("t.example", "/socket")),
        ("view-source:https://t.example/", ("t.example", "/")),
        ("https://t.example?x=//own.example", ("t.example", "/?x=//own.example")),
        ("https://t.example/%74r/../%74r?id=%74", ("t.example", "/tr?id=%74")),
        ("https://t.example/a/./b/..", ("t.example", "/a/")),
    ],
)
def test_hostile_spelling_names_its_host(url: str, target: tuple[str, str]) -> None:
    assert split_url(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "",
        "#top",
        "?q=1",
        "/",
        "/a//b",
        "a/b:c",
        "../x",
        "img/x.png",
        "data:,x",
        "blob:https://t.example/1",
        "about:blank",
        "java\nscript:alert(1)",
        "mailto:a@t.example",
        "tel:123",
        " /x",
        "x:y",
    ],
)
def test_what_reaches_no_other_host_is_none(url: str) -> None:
    assert split_url(url) is None


@pytest.mark.parametrize(
    ("url", "base", "target"),
    [
        ("x.js", "https://t.example/a/b.html", ("t.example", "/a/x.js")),
        ("../x.js", "//t.example/a/b/", ("t.example", "/a/x.js")),
        ("/x.js", "https://t.example/a/", ("t.example", "/x.js")),
        ("?q", "https://t.example/a?b", ("t.example", "/a?q")),
        ("#z", "https://t.example/a?b", ("t.example", "/a?b")),
        ("//o.example/x", "https://t.example/", ("o.example", "/x")),
    ],
)
def test_relative_url_reaches_the_host_of_the_base(url: str, base: str, target: tuple[str, str]) -> None:
    assert split_url(url, base) == target


@pytest.mark.parametrize(
    "url", ["https://a b.example/", "https://own%3f.t.example/", "https://<x>/", "https://"]
)
def test_host_that_no_browser_takes_is_empty(url: str) -> None:
    target = split_url(url)
    assert target is not None
    assert target[0] == ""


@given(st.text(), st.sampled_from(["", "https://t.example/a/b?c", "//", "data:,x", "\\\\"]))
def test_any_text_is_answered(url: str, base: str) -> None:
    split_url(url, base)


@given(st.text(alphabet="ht tps:/\\@#?.%2f\t\n[]:0xA1。", max_size=30))
def test_anything_after_two_slashes_is_a_network_url(rest: str) -> None:
    target = split_url("//" + rest)
    assert target is not None
    assert target[1].startswith("/")


@settings(deadline=None)
@given(st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){1,3}", fullmatch=True), st.integers(0, 20))
def test_tabs_and_case_change_no_host(host: str, place: int) -> None:
    url = f"https://{host}/x"
    spelt = (url[:place] + "\t" + url[place:]).upper()
    found = split_url(spelt)
    assert found is not None
    assert found[0] == host


@pytest.mark.parametrize(
    "host",
    [
        "a." * 130 + "t.example",
        "\u00e9" * 400 + ".t.example",
        "\u00e9" * 64 + ".t.example",
        "own.example" + "\u00ad" * 300 + ".t.example",
        "%61" * 300 + ".t.example",
    ],
)
def test_host_longer_than_any_name_is_empty(host: str) -> None:
    assert split_url(f"https://{host}/x") == ("", "/x")


def test_longest_host_is_itself() -> None:
    host = ("a" * 49 + ".") * 5 + "ab"
    assert len(host) == 252
    assert split_url(f"//{host}/x") == (host, "/x")
