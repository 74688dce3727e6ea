"""Stretches that are remembered go out as if they had been read: with any page before, in any cut, of any page."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cookiegate.core.html import HtmlRewriter, Inserts, SiteMemory, recall
from cookiegate.core.html.site_memory import REMEMBERED, Bounded
from cookiegate.core.verdicts import Verdict

from .conftest import on_real_pages, shared_pages
from .table import Table, placeholder, rewriter
from .test_law import FRAGMENTS, MARKED
from .test_tree import arm, inputs

long_pages = st.lists(st.sampled_from(FRAGMENTS), min_size=4, max_size=40).map(b"".join)
TAG = b'<img class="tracked" src="https://a.example/p.gif" alt="">'
STORY = b"".join(b'<p id="n%d">A story of some length, and a picture.</p>%b' % (n, TAG) for n in range(600))
PAGE = (
    b"<!doctype html><html><head><link rel=stylesheet href=https://a.example/></head><body>"
    + STORY
    + b"</body></html>"
)


USUAL = Inserts(banner=MARKED.banner, link=MARKED.link, sure=True)
"""Of a page that nothing is granted on."""


class Counting(Table):
    asked = 0

    def url(self, url: str, base: str = "") -> Verdict | None:
        self.asked += 1
        return super().url(url, base)


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "LEAST", 1)
    monkeypatch.setattr(recall, "MOST", 96)


def remembering(memo: SiteMemory, inserts: Inserts | None) -> HtmlRewriter:
    return HtmlRewriter(Table(), inserts, placeholder=placeholder, memo=memo)


def assert_alike(memo: SiteMemory, page: bytes, inserts: Inserts | None = USUAL) -> None:
    one, again = remembering(memo, inserts), rewriter(inserts)
    assert one.whole(page) == again.whole(page)
    assert one.held == again.held


@pytest.mark.usefixtures("short_stretches")
@settings(max_examples=500, deadline=None)
@given(st.lists(long_pages, min_size=1, max_size=3), st.sampled_from([MARKED, USUAL, None]))
def test_pages_of_all_states(some: list[bytes], inserts: Inserts | None) -> None:
    memo = SiteMemory()
    for page in [*some, *some, *some, some[0] + some[-1]]:
        assert_alike(memo, page, inserts)


@pytest.mark.usefixtures("short_stretches")
@settings(max_examples=300, deadline=None)
@given(long_pages, st.randoms(use_true_random=False))
def test_cuts(page: bytes, chance: random.Random) -> None:
    memo = SiteMemory()
    whole = rewriter(USUAL).whole(page)
    for _ in range(4):
        cuts = sorted(chance.sample(range(len(page) + 1), min(3, len(page))))
        one = remembering(memo, USUAL)
        pieces = [page[a:b] for a, b in zip([0, *cuts], [*cuts, len(page)], strict=True)]
        assert b"".join(map(one.feed, pieces)) + one.close() == whole


@pytest.mark.usefixtures("short_stretches")
def test_the_pages_of_the_standards_tests(corpus: Path) -> None:
    memo = SiteMemory()
    found = [arm(page) for page in inputs(corpus)]
    for page in [*found, *found, *found]:
        assert_alike(memo, page)


@pytest.mark.parametrize("opener", [b"<select>", b"<frameset>", b"<svg>", b"<template>"])
def test_what_was_remembered_elsewhere(opener: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    memo = SiteMemory()
    stretch = (
        b"<style>p{}</style><!-- <img src=https://a.example/x> --><![CDATA[<img src=https://a.example/x>]]>"
    )
    stretch += b"<img src=x></template><p>text</p>"
    monkeypatch.setattr(recall, "LEAST", len(stretch))
    end = b"<p>end</p></body>"
    for _ in range(3):
        assert_alike(memo, b"<body>" + stretch * 3 + end)
    assert any(memo.stretches._decided.values())
    for _ in range(3):
        assert_alike(memo, b"<body>" + opener.ljust(len(stretch)) + stretch * 3 + end)


@on_real_pages
@pytest.mark.parametrize("path", shared_pages(), ids=lambda path: path.stem)
def test_real_pages_and_their_changes(path: Path) -> None:
    page, memo, chance = path.read_bytes(), SiteMemory(), random.Random(path.stem)
    for _ in range(3):
        assert_alike(memo, page)
    for _ in range(3):
        at = chance.randrange(len(page))
        assert_alike(memo, page[:at] + b"<!-- another -->" + page[at + chance.randrange(40) :])


def test_at_the_third_sight_nothing_is_judged() -> None:
    memo = SiteMemory()
    asked = []
    for _ in range(3):
        table = Counting()
        HtmlRewriter(table, USUAL, memo=memo).whole(PAGE)
        asked.append(table.asked)
    assert asked == [601, asked[1], 0]


def test_a_page_with_another_token_is_mostly_remembered() -> None:
    memo = SiteMemory()
    for _ in range(3):
        assert_alike(memo, PAGE)
    at = PAGE.index(b'id="n300"')
    changed = PAGE[:at] + b'data-token="0123456789abcdef" ' + PAGE[at:]
    table = Counting()
    HtmlRewriter(table, USUAL, memo=memo).whole(changed)
    assert table.asked < 400
    assert_alike(memo, changed)


def test_the_first_insertion_stands_before_a_remembered_script() -> None:
    memo = SiteMemory()
    for _ in range(2):
        assert_alike(memo, b"<html><head><script src='https://a.example/t.js' defer></script></head>", MARKED)


def test_what_repeats_the_pages_words_is_not_kept() -> None:
    memo = SiteMemory()
    page = b"<body>" + b"<p>words</p>" * 900
    page += b'<iframe srcdoc="Private words &lt;img src=https://a.example/&gt;"></iframe>' + page + page
    for _ in range(3):
        assert_alike(memo, page)
    kept = [known for known in memo.stretches._decided.values() if known]
    assert kept
    assert b"Private" not in repr(kept).encode()


def test_a_full_memory_starts_anew() -> None:
    memo: Bounded[int] = Bounded()
    for number in range(REMEMBERED + 1):
        memo.keep((number, 0, b"", False), number)
    assert memo.find((0, 0, b"", False)) is None
    assert memo.find((REMEMBERED, 0, b"", False)) == REMEMBERED
