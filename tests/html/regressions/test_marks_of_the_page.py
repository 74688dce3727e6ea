"""A page that already spells our marks is neither confused with a gated one nor loses them."""

from __future__ import annotations

import pytest

from cookiegate.core.html.restore import restore

from ..table import gate


@pytest.mark.parametrize(
    "page",
    [
        b'<script<script type="text/plain" data-gate="a" data-gate-src=x>',
        b'<p data-gate="x" data-gate-style="a">',
        b'<meta name="gate" data-gate="x">',
        b'<img src="data:," data-gate="x" data-gate-src="https://t.test/x">',
        b'<div data-gate="x" style="a:url(data:,gate#//ok.test)" ping=//t.test>',
        b'<style data-gate="x">a{b:url(data:,gate#//t.test/x)}</style>',
        b'<svg><path data-gate="x"/><g Data-Gate="x"></g></svg>',
        b'<svg><script type=importmap>{"imports":{"a":"//t.test/m"}}<script type=importmap>{"a":"//t.test"}',
    ],
)
def test_restoring_gives_the_page(page: bytes) -> None:
    assert restore(gate(page)) == page
