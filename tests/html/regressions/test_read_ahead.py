"""Chromium reads ahead of its parser and fetches by what it sees: of attributes that stand twice, others count."""

from __future__ import annotations

import pytest

from cookiegate.core.html.restore import restore

from ..table import gate, gate_in, held_in

TWICE = [
    b"<link rel=x rel=preconnect href=//t.test/>",
    b'<link rel="x" rel="preconnect" href="//t.test/">',
    b'<link rel="canonical" REL="preconnect" href="//t.test/">',
    b'<link rel="canonical"\nrel="preconnect" href="//t.test/">',
    b'<link rel="preconnect" rel="x" href="//t.test/">',
    b'<link rel="preconnect" href="" href="//t.test/">',
    b"<script type=text/plain type=module src=//t.test/></script>",
    b"<script type=importmap type=module src=//t.test/></script>",
    b"<script src='' src=//t.test/></script>",
    b'<script src="" src="//t.test/"></script>',
    b"<input type=text type=image src=//t.test/>",
    b'<video poster="" poster="//t.test/"></video>',
    b'<img src="" src="//t.test/">',
]


@pytest.mark.parametrize("page", TWICE)
def test_an_attribute_that_stands_twice_counts_each_time(page: bytes) -> None:
    for start in (b"", b"<!doctype html><p>"):
        assert sum(held_in(start + page).values()) == 1
        assert restore(gate(start + page)) == start + page


def test_an_attribute_that_is_held_twice_is_counted_once() -> None:
    page = b"<img src=//t.test/ src=//u.test/>"
    assert (
        gate(page)
        == b'<img src="data:," data-gate="analytics" data-gate-src=//t.test/ data-gate-src=//u.test/>'
    )


def test_own_attributes_that_stand_twice_are_untouched() -> None:
    page = b'<link rel="x" rel="preconnect" href="/a"><script type=x type=y src=//t.test/></script><input type=x type=y src=//t.test/>'
    assert gate(page) == page


DRAWN = [
    b"<svg><![CDATA[>%s]]></svg>",
    b"<svg><style><!-- </style>%s --></style></svg>",
    b"<svg><style><![CDATA[</style>%s]]></style></svg>",
    b"<svg><style/><a title='</style>%s'>x</a></svg>",
    b"<svg><title>a < b<!-- </title>%s --></title></svg>",
    b"<svg><title/></svg><p title='</title>%s'>",
    b"<svg><textarea><g id='</textarea>%s'/></textarea></svg>",
    b"<svg><desc></desc><script><![CDATA[</script>%s]]></script></svg>",
    b"<math><noscript><!--</noscript>%s--></math>",
]
"""Raw text to what reads ahead, which knows no foreign content, up to an end tag that a parser does not see."""


@pytest.mark.parametrize("case", DRAWN)
@pytest.mark.parametrize("tag", [b'<link rel="preconnect" href="//t.test/">', b'<img src="//t.test/">'])
def test_what_is_markup_to_who_reads_ahead_is_gated(case: bytes, tag: bytes) -> None:
    page = case % tag
    gated = gate(page)
    assert b"<gate-" in gated
    assert restore(gated) == page
    assert gate_in([page[at : at + 1] for at in range(len(page))]) == gated


@pytest.mark.parametrize(
    "page",
    [
        b"<svg><title>a < b</title><style>a{fill:red}</style><script>1<2</script><![CDATA[x]]></svg><!-- %s -->",
        b"<svg><title>a</title></svg><p title='</title>%s'>",
    ],
)
def test_both_readers_agree_on_text(page: bytes) -> None:
    page %= b'<link rel="preconnect" href="//t.test/">'
    assert gate(page) == page
