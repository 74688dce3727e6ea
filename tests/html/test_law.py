"""The rewriter's law: cuts change nothing, taking our edits out gives the input, what is released is the input."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cookiegate.core.html import HtmlRewriter, Inserts, SiteMemory
from cookiegate.core.html.restore import restore
from cookiegate.core.verdicts import Verdict

from .conftest import on_real_pages, shared_pages
from .table import Table, gate, gate_in, placeholder, rewriter

FRAGMENTS = (Path(__file__).parent / "fragments.txt").read_bytes().split(b"\n")
"""Pieces of markup that together make tags begin, end, nest and break off in every state."""

MARKED = Inserts(
    banner=lambda facts: b"\x01B\x01",
    link=lambda facts: b"\x01L\x01",
    signal=lambda vendors, facts: b"\x01S\x01",
    first=lambda facts: b"\x01F\x01",
    sure=True,
)
pages = st.lists(st.sampled_from(FRAGMENTS), max_size=14).map(b"".join)


@settings(max_examples=400, deadline=None)
@given(pages)
def test_restoring_a_gated_page_gives_the_page(page: bytes) -> None:
    assert restore(gate(page)) == page


@settings(max_examples=400, deadline=None)
@given(pages, st.randoms(use_true_random=False))
def test_cuts_change_nothing(page: bytes, chance: random.Random) -> None:
    whole = gate(page, MARKED)
    assert gate_in([page[i : i + 1] for i in range(len(page))], MARKED) == whole
    cuts = sorted(chance.sample(range(len(page) + 1), min(3, len(page))))
    pieces = [page[a:b] for a, b in zip([0, *cuts], [*cuts, len(page)], strict=True)]
    assert gate_in(pieces, MARKED) == whole


@settings(max_examples=300, deadline=None)
@given(pages)
def test_insertions_change_nothing_else(page: bytes) -> None:
    assert re.sub(rb"\x01.\x01", b"", gate(page, MARKED)) == gate(page)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_pass(page: bytes) -> None:
    assert restore(gate(page)) == page


@settings(max_examples=200, deadline=None)
@given(pages)
def test_what_is_released_is_the_input(page: bytes) -> None:
    open_gate = HtmlRewriter(None, None)
    assert open_gate.feed(page) + open_gate.close() == page


@settings(max_examples=300, deadline=None)
@given(pages)
def test_what_is_granted_is_the_input_but_for_insertions(page: bytes) -> None:
    class Open(Table):
        def url(self, url: str, base: str = "") -> Verdict | None:
            verdict = super().url(url, base)
            return verdict and verdict._replace(hold=False)

        def inline(self, text: bytes) -> Verdict | None:
            verdict = super().inline(text)
            return verdict and verdict._replace(hold=False)

    open_gate = HtmlRewriter(Open(), MARKED, released=True)
    out = open_gate.whole(page)
    assert re.sub(rb"\x01.\x01", b"", out) == page
    looking = HtmlRewriter(Open(), MARKED).whole(page)
    if re.sub(rb"\x01.\x01", b"", looking) == page:  # else it set the page's own marks apart, or doubted it
        assert out == looking


@settings(max_examples=300, deadline=None)
@given(st.lists(pages, min_size=2, max_size=5))
def test_remembered_tags_are_gated_alike(some: list[bytes]) -> None:
    memo = SiteMemory()
    for page in [*some, *some]:
        one = HtmlRewriter(Table(), MARKED, placeholder=placeholder, memo=memo)
        again = rewriter(MARKED)
        assert one.whole(page) == again.whole(page)
        assert one.held == again.held


@on_real_pages
@pytest.mark.parametrize("path", shared_pages(), ids=lambda path: path.stem)
def test_real_pages_obey(path: Path) -> None:
    page = path.read_bytes()
    gated = gate(page)
    assert restore(gated) == page
    chance = random.Random(path.stem)
    cuts = sorted(chance.randrange(len(page)) for _ in range(200))
    pieces = [page[a:b] for a, b in zip([0, *cuts], [*cuts, len(page)], strict=True)]
    assert gate_in(pieces) == gated
