"""Nasty shapes cost at most a stated multiple of a plain page of the same size, and are not kept in memory.

`make test` takes half a megabyte of each. `make test-linear` takes ten, asks that a byte of them costs no more than
a byte of one megabyte, and cuts them into small pieces.
"""

from __future__ import annotations

from time import process_time

import pytest

from cookiegate.core.html import HtmlRewriter
from cookiegate.core.html.scanner import SLICE
from cookiegate.core.html.tape import LIMIT
from cookiegate.core.urls import split_url
from cookiegate.core.verdicts import Verdict

from .shapes import PLAIN, READ_AGAIN, SHAPES

KB, MB = 1_000, 1_000_000
SOME, FULL = 500 * KB, 10 * MB
GROWTH = 1.5
"""The most by which a byte of ten megabytes may cost more than one of a single megabyte: nothing, but for noise.
What is quadratic costs ten times more."""
PIECE = 1460
"""Bytes of a page that one packet carries."""
PIECES_COST = 3
TRIES = 3
FEEDING = 100e-6
"""Seconds that calling costs, for each piece and with a busy machine."""


class Quick:
    """Verdicts that cost what reading a URL costs."""

    held = Verdict(True, "analytics", None, "t.test")

    def url(self, url: str, base: str = "") -> Verdict | None:
        target = split_url(url, base)
        return self.held if target is not None and target[0] == "t.test" else None

    def inline(self, text: bytes) -> Verdict | None:
        return None


def seconds(page: bytes, piece: int = SLICE) -> float:
    """Processor time, so that other load does not count."""
    one = HtmlRewriter(Quick())
    start = process_time()
    for at in range(0, len(page), piece):
        one.feed(page[at : at + piece])
        assert len(one.pending) <= 3 * (LIMIT + SLICE)
    one.close()
    return process_time() - start


def cost(page: bytes) -> float:
    """Seconds a byte."""
    return seconds(page) / len(page)


def least(page: bytes, bound: float) -> float:
    """The least of a few measurements, of which other work on the machine can only add to each."""
    found = cost(page)
    for _ in range(TRIES - 1):
        if found < bound:
            break
        found = min(found, cost(page))
    return found


@pytest.fixture(scope="module")
def plain() -> float:
    """What a byte of a plain page costs."""
    page = PLAIN * (4 * MB // len(PLAIN))
    return max(cost(page) for _ in range(2))


@pytest.mark.parametrize("name", SHAPES)
def test_a_nasty_page_costs_no_more_than_a_multiple_of_a_plain_one(name: str, plain: float) -> None:
    most, make = SHAPES[name]
    assert least(make(SOME), most * plain) < most * plain


@pytest.mark.linear
@pytest.mark.parametrize("name", SHAPES)
def test_ten_megabytes_cost_ten_times_what_one_costs(name: str, plain: float) -> None:
    most, make = SHAPES[name]
    one = max(cost(make(MB)) for _ in range(2))
    bound = min(most * plain, GROWTH * one + 5 * plain)
    assert least(make(FULL), bound) < bound


@pytest.mark.linear
@pytest.mark.parametrize("name", SHAPES)
def test_small_pieces_cost_little_more_than_large_ones(name: str) -> None:
    page = SHAPES[name][1](SOME)
    feeding = FEEDING * len(page) / PIECE
    assert seconds(page, PIECE) < READ_AGAIN.get(name, PIECES_COST) * seconds(page) + feeding
