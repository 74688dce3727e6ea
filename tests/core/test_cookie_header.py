from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookiegate.core.cookie_header import cookie_names, filter_cookie_header


def keep(name: str) -> bool:
    return not name.startswith("_ga")


@pytest.mark.parametrize(
    ("header", "clean", "removed"),
    [
        ("a=1; b=2", "a=1; b=2", ()),
        ("_ga=1", "", ("_ga",)),
        ("_ga=1; a=1; _ga_X=2; b=2", "a=1; b=2", ("_ga", "_ga_X")),
        ("a=1;b=2;_ga=1", "a=1;b=2", ("_ga",)),
        ("_ga=1; _ga=2; a=x=y", "a=x=y", ("_ga",)),
        ('a="x; _ga=1"', 'a="x', ("_ga",)),
        ("_ga", "", ("_ga",)),
        (" _ga =1; a=é", "a=é", ("_ga",)),
        ("", "", ()),
        ("; ;a=1", "; ;a=1", ()),
    ],
)
def test_only_refused_cookies_go(header: str, clean: str, removed: tuple[str, ...]) -> None:
    assert filter_cookie_header(header, keep) == (clean, removed)


@given(st.text(alphabet='_ga=; "a\t1', max_size=60))
def test_no_refused_name_survives(header: str) -> None:
    clean, _ = filter_cookie_header(header, keep)
    assert all(keep(name) for name in cookie_names(clean))
    assert filter_cookie_header(clean, keep)[1] == ()


def test_names_are_listed_in_order() -> None:
    assert cookie_names("a=1; b; ;c=2; a=3") == ("a", "b", "c", "a")
