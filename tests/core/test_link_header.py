from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookiegate.core.link_header import filter_link, refresh_targets
from cookiegate.core.verdicts import Verdict


def verdict(url: str, base: str) -> Verdict | None:
    return Verdict(True, "marketing", "ads", "ads.test") if "ads.test" in url else None


def filtered(value: str) -> str:
    return filter_link(value, verdict, "https://site.test/", [])


@pytest.mark.parametrize(
    "relation",
    [
        "preload",
        "preconnect",
        "dns-prefetch",
        "modulepreload",
        "prefetch",
        "stylesheet",
        "PRELOAD",
        "next preload",
    ],
)
def test_link_that_loads_from_a_held_host_goes(relation: str) -> None:
    held: list[Verdict] = []
    assert filter_link(f'<https://ads.test/a>; rel="{relation}"', verdict, "", held) == ""
    assert held[0].service == "ads"
    assert filtered(f"</a>; rel={relation.split()[-1]}") == f"</a>; rel={relation.split()[-1]}"


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ("</a.css>; rel=preload; as=style", "</a.css>; rel=preload; as=style"),
        (
            '</a,b>;title="x, y" ; rel=next,  </c>; rel=prev',
            '</a,b>;title="x, y" ; rel=next,  </c>; rel=prev',
        ),
        ("<//ads.test>; rel=preconnect,  </a>; rel=next , </b>", "</a>; rel=next , </b>"),
        ("</a>; rel=next, < https://ads.test/x >; as=script; REL = preload, </b>", "</a>; rel=next, </b>"),
        ("<https://ads.test/>; rel=canonical", "<https://ads.test/>; rel=canonical"),
        ("<https://ads.test/>", "<https://ads.test/>"),
        ("nonsense, </a>; rel=next", "nonsense, </a>; rel=next"),
        ("https://ads.test/; rel=preload", ""),
        ('<https://ads.test/>; rel="preload', ""),
        ('<https://ads.test/>; rel="pre\\connect"', ""),
        ('<https://ads.test/>; rel="\\preload\\ x"', ""),
        ("<https://ads.test/>; rel='preconnect'", ""),
        ('<https://ads.test/>; x="; rel="; rel=preconnect', ""),
        ('</a>; rel=preload; as=image; imagesrcset="/b 1x, https://ads.test/c 2x"', ""),
        ("</a>; imagesrcset='//ads.test/c'; rel=preload; as=image", ""),
        ('</a>; rel=preload; as=image; imagesrcset="/b 1x,/c 2x"',) * 2,
        ('<https://ads.test/>; rel="\\"preconnect"', '<https://ads.test/>; rel="\\"preconnect"'),
    ],
)
def test_other_links_of_the_header_stay_byte_for_byte(value: str, clean: str) -> None:
    assert filtered(value) == clean


@given(st.text(alphabet='<>",;= rel/a\\', max_size=60))
def test_header_without_held_hosts_is_untouched(value: str) -> None:
    assert filtered(value) == value or "//" in value


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("5", [""]),
        ("0; url=https://a.test/", ["https://a.test/"]),
        ("0;URL='https://a.test/'x", ["https://a.test/"]),
        ('1.5, "//a.test"', ["//a.test"]),
        ("3 https://a.test/", ["https://a.test/"]),
        ("0;url='//a.test'@b.test/'", ["//a.test", "//a.test'@b.test/"]),
        ("0;url='//a.test", ["//a.test"]),
        ("", [""]),
    ],
)
def test_refresh_leads_where_a_browser_goes(value: str, target: list[str]) -> None:
    assert refresh_targets(value) == target
