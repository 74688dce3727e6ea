"""Nasty shapes cost at most a stated multiple of a plain page of the same size, and are not kept in memory."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from cookiegate.core.html import HtmlRewriter
from cookiegate.core.html.scanner import SLICE
from cookiegate.core.html.tape import LIMIT
from cookiegate.core.urls import split_url
from cookiegate.core.verdicts import Verdict

SIZE = 1_000_000
LONG = 4_000_000
"""For what grows with the page rather than with one construct, of which `LIMIT` bytes are looked at."""
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
    "links of many targets": lambda n: (b"<link " + b"href=//t.test " * 14_000 + b"rel=x>") * (n // 196_020),
    "no angle at all": lambda n: b"x" * n,
    "style of escaped names": lambda n: in_style(b"\\a(" * 60_000, n),
    "style of functions": lambda n: in_style(b"image-set(" * 20_000, n),
    "style of functions and quotes": lambda n: in_style(b"image-set('\"" * 16_000, n),
    "style of imports in comments": lambda n: in_style(b"@import/*" * 22_000, n),
    "style of imports and comments": lambda n: in_style(b"/*@import" * 11_000 + b"*/" + b"/**/" * 22_000, n),
    "style of escaped quotes": lambda n: in_style(b"image(" * 17 + b"\\'" * 90_000, n),
    "style of references": lambda n: b"<svg>" + in_style(b"&quotx<!---->" * 15_000, n),
    "style of open sections": lambda n: b"<svg>" + b"<style><![CDATA[" * (n // 16),
    "style attribute": lambda n: in_value(b'p style="', b"\\a(" * 60_000, n),
    "style attribute of functions": lambda n: in_value(b'p style="', b"image-set(" * 20_000, n),
    "style attribute of references": lambda n: in_value(b'p style="(', b"&#1;" * 50_000, n),
    "paint": lambda n: b"<svg>" + in_value(b'g fill="', b"u\\72 l(" * 25_000, n),
    "animation": lambda n: b"<svg>" + in_value(b'set to="', b"url(;" * 40_000, n),
    "import map": lambda n: (b"<script type=importmap>" + b'"\\' * 100_000 + b"</script>") * (n // 200_040),
    "drawing with equal signs": lambda n: (b"<svg a=" + b"=x" * 100_000 + b" />") * (n // 200_010),
    "drawing with bare names": lambda n: (b"<svg " + b"a " * 100_000 + b"/>") * (n // 200_010),
    "host beyond ASCII": lambda n: in_value(b'img src="//', "\u00e9".encode() * 100_000, n),
    "host of labels beyond ASCII": lambda n: in_value(b'img src="//', ("\u00e9" * 50 + ".").encode() * 4, n),
    "host of many labels": lambda n: in_value(b'img src="//', b"a." * 100_000, n),
    "host of escapes": lambda n: in_value(b'img src="//', b"%61" * 70_000, n),
    "reference of digits": lambda n: in_value(b'img src="//&#', b"1" * 200_000, n),
}


def in_style(css: bytes, size: int) -> bytes:
    return (b"<style>" + css + b"</style>") * (size // len(css))


def in_value(opening: bytes, value: bytes, size: int) -> bytes:
    return (b"<" + opening + value + b'">') * (size // len(value))


GROWING = ("open quote of angles", "open comments", "many scripts", "drawings", "foreign points", "templates")


class Quick:
    """Verdicts that cost what reading a URL costs."""

    held = Verdict(True, "analytics", None, "t.test")

    def url(self, url: str, base: str = "") -> Verdict | None:
        target = split_url(url, base)
        return self.held if target is not None and target[0] == "t.test" else None

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
    """Seconds a byte."""
    page = PLAIN * (LONG // len(PLAIN))
    return max(seconds(page) for _ in range(2)) / len(page)


@pytest.mark.parametrize("name", SHAPES)
def test_a_nasty_page_costs_no_more_than_a_multiple_of_a_plain_one(name: str, plain: float) -> None:
    page = SHAPES[name](LONG if name in GROWING else SIZE)
    assert seconds(page) < TIMES * plain * len(page)
