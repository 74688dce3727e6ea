"""Chromium reads ahead of its parser and fetches by what it sees: of attributes that stand twice, others count."""

from __future__ import annotations

import pytest

from cookiegate.core.html.restore import restore

from ..table import gate, held_in

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
