"""Nasty shapes cost at most a stated multiple of a plain page of the same size, and are not kept in memory."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from cookiegate.core.html import HtmlRewriter
from cookiegate.core.html.scanner import LIMIT, SLICE
from cookiegate.core.verdicts import Verdict

SIZE = 10_000_000
PLAIN = b'<p class="text">A plain page of text with <a href="/link">links</a> and <em>words</em>.</p>\n'
TIMES = 200
"""A plain page runs at 100 MB a second and more; what costs most after it is a tag of a few bytes that must be
looked at one by one (half a microsecond a byte). Anything quadratic is thousands of times slower at this size."""

SHAPES: dict[str, Callable[[int], bytes]] = {
    "open angles": lambda n: b"<" * n,
    "open tags": lambda n: b"<a " * (n // 3),
    "open quote": lambda n: b'<a b="' + b"x" * n,
    "open quote of angles": lambda n: b'<a b="' + b">" * n,
    "quotes without spaces": lambda n: b"<a " + b'b="c"' * (n // 5),
    "attributes without end": lambda n: b"<a " + b"b=c " * (n // 4),
    "equal signs": lambda n: b"<a " + b"= " * (n // 2),
    "slashes": lambda n: b"<a " + b"/" * n,
    "open comment": lambda n: b"<!--" + b"-" * n,
    "comment of dashes": lambda n: b"<!--" + b"--!" * (n // 3),
    "open comments": lambda n: b"<!-" * (n // 3),
    "bogus comments": lambda n: b"<?" * (n // 2),
    "end tags": lambda n: b"</" * (n // 2),
    "open script": lambda n: b"<script>" + b"<!--" * (n // 4),
    "escaped scripts": lambda n: b"<script><!--" + b"<script>" * (n // 8),
    "many scripts": lambda n: b"<script>a</script>" * (n // 18),
    "almost end tags": lambda n: b"<script>" + b"</scrip" * (n // 7),
    "open style": lambda n: b"<style>" + b"url(" * (n // 4),
    "style of brackets": lambda n: (b"<style>" + b"image-set(" * 6000 + b"//</style>") * (n // 60_020),
    "style of quotes": lambda n: (b"<style>" + b'url("//' * 6000 + b"</style>") * (n // 42_020),
    "style of escapes": lambda n: (b"<style>" + b"\\a" * 20_000 + b"(//</style>") * (n // 40_020),
    "open textarea": lambda n: b"<textarea>" + b"</textare" * (n // 9),
    "open noscript": lambda n: b"<noscript>" + b"<noscript>" * (n // 10),
    "drawings": lambda n: b"<svg>" * (n // 5),
    "drawings of parts": lambda n: b"<svg><g>" * (n // 8),
    "foreign points": lambda n: b"<svg><desc>" * (n // 11),
    "cdata": lambda n: b"<svg>" + b"<![CDATA[" * (n // 9),
    "cdata brackets": lambda n: b"<svg><![CDATA[" + b"]" * n,
    "templates": lambda n: b"<template>" * (n // 10),
    "held images": lambda n: b"<img src=//t.test>" * (n // 18),
    "long sources": lambda n: (b'<img srcset="' + b"//ok.test/a," * 1000 + b'">') * (n // 12_020),
    "srcset of brackets": lambda n: (b'<img srcset="//ok.test/a ' + b"(" * 20_000 + b'">') * (n // 20_030),
    "srcset of commas": lambda n: (b'<img srcset="//ok.test' + b"," * 20_000 + b'">') * (n // 20_030),
    "entities": lambda n: (b'<img src="' + b"&amp" * 5000 + b'">') * (n // 20_020),
    "nested documents": lambda n: (
        (b'<iframe srcdoc="' + b"&lt;iframe srcdoc=" * 1000 + b'">') * (n // 18_020)
    ),
    "no angle at all": lambda n: b"x" * n,
}


class Quick:
    """Verdicts that cost nothing themselves."""

    held = Verdict(True, "analytics", None, "t.test")

    def url(self, url: str, base: str = "") -> Verdict | None:
        return self.held if "t.test" in url else None

    def inline(self, text: bytes) -> Verdict | None:
        return None


def seconds(page: bytes) -> float:
    one = HtmlRewriter(Quick())
    start = process_time()
    for at in range(0, len(page), SLICE):
        one.feed(page[at : at + SLICE])
        assert len(one.pending) <= 3 * (LIMIT + SLICE)
    one.close()
    return process_time() - start


@pytest.fixture(scope="module")
def plain() -> float:
    return max(seconds(PLAIN * (SIZE // len(PLAIN))) for _ in range(2))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_a_nasty_page_costs_no_more_than_a_multiple_of_a_plain_one(
    shape: Callable[[int], bytes], plain: float
) -> None:
    assert seconds(shape(SIZE)) < TIMES * plain
