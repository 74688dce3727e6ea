"""Pages that are made to be slow: each a construct over and over, or one that never ends.

The number is the most that a byte of it may cost, in bytes of a plain page. A plain page runs at 150 MB a second
and more; what costs most after it is a tag of a few bytes that has to be looked at one by one. The numbers are
1.7 times what was measured, rounded up.
"""

from __future__ import annotations

from collections.abc import Callable

PLAIN = b'<p class="text">A plain page of text with <a href="/link">links</a> and <em>words</em>.</p>\n'


def in_style(css: bytes, size: int) -> bytes:
    return (b"<style>" + css + b"</style>") * (size // len(css))


def in_value(opening: bytes, value: bytes, size: int) -> bytes:
    return (b"<" + opening + value + b'">') * (size // len(value))


SHAPES: dict[str, tuple[int, Callable[[int], bytes]]] = {
    "open angles": (120, lambda n: b"<" * n),
    "open tags": (250, lambda n: b"<a " * (n // 3)),
    "open quote": (5, lambda n: b'<a b="' + b"x" * n),
    "open quote of angles": (5, lambda n: b'<a b="' + b">" * n),
    "quotes without spaces": (160, lambda n: b"<a " + b'b="c"' * (n // 5)),
    "attributes without end": (200, lambda n: b"<a " + b"b=c " * (n // 4)),
    "equal signs": (160, lambda n: b"<a " + b"= " * (n // 2)),
    "slashes": (5, lambda n: b"<a " + b"/" * n),
    "open comment": (10, lambda n: b"<!--" + b"-" * n),
    "comment of dashes": (5, lambda n: b"<!--" + b"--!" * (n // 3)),
    "open comments": (5, lambda n: b"<!-" * (n // 3)),
    "bogus comments": (5, lambda n: b"<?" * (n // 2)),
    "end tags": (5, lambda n: b"</" * (n // 2)),
    "open script": (120, lambda n: b"<script>" + b"<!--" * (n // 4)),
    "escaped scripts": (160, lambda n: b"<script><!--" + b"<script>" * (n // 8)),
    "many scripts": (40, lambda n: b"<script>a</script>" * (n // 18)),
    "almost end tags": (5, lambda n: b"<script>" + b"</scrip" * (n // 7)),
    "open style": (200, lambda n: b"<style>" + b"url(" * (n // 4)),
    "style of brackets": (80, lambda n: (b"<style>" + b"image-set(" * 6000 + b"//</style>") * (n // 60_020)),
    "style of quotes": (250, lambda n: (b"<style>" + b'url("//' * 6000 + b"</style>") * (n // 42_020)),
    "style of escapes": (120, lambda n: (b"<style>" + b"\\a" * 20_000 + b"(//</style>") * (n // 40_020)),
    "open textarea": (5, lambda n: b"<textarea>" + b"</textare" * (n // 9)),
    "open noscript": (80, lambda n: b"<noscript>" + b"<noscript>" * (n // 10)),
    "drawings": (300, lambda n: b"<svg>" * (n // 5)),
    "drawings of parts": (400, lambda n: b"<svg><g>" * (n // 8)),
    "foreign points": (300, lambda n: b"<svg><desc>" * (n // 11)),
    "cdata": (5, lambda n: b"<svg>" + b"<![CDATA[" * (n // 9)),
    "cdata brackets": (5, lambda n: b"<svg><![CDATA[" + b"]" * n),
    "templates": (160, lambda n: b"<template>" * (n // 10)),
    "held images": (250, lambda n: b"<img src=//t.test>" * (n // 18)),
    "long sources": (5, lambda n: (b'<img srcset="' + b"//ok.test/a," * 1000 + b'">') * (n // 12_020)),
    "srcset of brackets": (
        5,
        lambda n: (b'<img srcset="//ok.test/a ' + b"(" * 20_000 + b'">') * (n // 20_030),
    ),
    "srcset of commas": (10, lambda n: (b'<img srcset="//ok.test' + b"," * 20_000 + b'">') * (n // 20_030)),
    "entities": (80, lambda n: (b'<img src="' + b"&amp" * 5000 + b'">') * (n // 20_020)),
    "nested documents": (
        5,
        lambda n: (b'<iframe srcdoc="' + b"&lt;iframe srcdoc=" * 1000 + b'">') * (n // 18_020),
    ),
    "links of many targets": (
        150,
        lambda n: (b"<link " + b"href=//t.test " * 14_000 + b"rel=x>") * (n // 196_020),
    ),
    "no angle at all": (5, lambda n: b"x" * n),
    "style of escaped names": (250, lambda n: in_style(b"\\a(" * 60_000, n)),
    "style of functions": (120, lambda n: in_style(b"image-set(" * 20_000, n)),
    "style of functions and quotes": (300, lambda n: in_style(b"image-set('\"" * 16_000, n)),
    "style of imports in comments": (40, lambda n: in_style(b"@import/*" * 22_000, n)),
    "style of imports and comments": (
        40,
        lambda n: in_style(b"/*@import" * 11_000 + b"*/" + b"/**/" * 22_000, n),
    ),
    "style of escaped quotes": (160, lambda n: in_style(b"image(" * 17 + b"\\'" * 90_000, n)),
    "style of references": (120, lambda n: b"<svg>" + in_style(b"&quotx<!---->" * 15_000, n)),
    "style of open sections": (40, lambda n: b"<svg>" + b"<style><![CDATA[" * (n // 16)),
    "style attribute": (300, lambda n: in_value(b'p style="', b"\\a(" * 60_000, n)),
    "style attribute of functions": (80, lambda n: in_value(b'p style="', b"image-set(" * 20_000, n)),
    "style attribute of references": (200, lambda n: in_value(b'p style="(', b"&#1;" * 50_000, n)),
    "paint": (300, lambda n: b"<svg>" + in_value(b'g fill="', b"u\\72 l(" * 25_000, n)),
    "animation": (400, lambda n: b"<svg>" + in_value(b'set to="', b"url(;" * 40_000, n)),
    "import map": (
        20,
        lambda n: (b"<script type=importmap>" + b'"\\' * 100_000 + b"</script>") * (n // 200_040),
    ),
    "drawing with equal signs": (10, lambda n: (b"<svg a=" + b"=x" * 100_000 + b" />") * (n // 200_010)),
    "drawing with bare names": (400, lambda n: (b"<svg " + b"a " * 100_000 + b"/>") * (n // 200_010)),
    "host beyond ASCII": (20, lambda n: in_value(b'img src="//', "\u00e9".encode() * 100_000, n)),
    "host of labels beyond ASCII": (
        200,
        lambda n: in_value(b'img src="//', ("\u00e9" * 50 + ".").encode() * 4, n),
    ),
    "host of many labels": (20, lambda n: in_value(b'img src="//', b"a." * 100_000, n)),
    "host of escapes": (40, lambda n: in_value(b'img src="//', b"%61" * 70_000, n)),
    "style of bare imports": (200, lambda n: in_style(b"@import//t" * 22_000, n)),
    "style of imports of imports": (150, lambda n: in_style(b"@import x@" * 22_000, n)),
    "style of own functions": (40, lambda n: in_style(b"image-set(--f(" * 15_000, n)),
    "style of zero bytes": (120, lambda n: in_style(b"@import\0'//t.test';" * 12_000, n)),
    "drawing's style of two readings": (
        200,
        lambda n: b"<svg>" + in_style(b"@import '//t.test<!---->';" * 9_000, n),
    ),
    "drawing's open styles": (160, lambda n: b"<svg>" + b"<style>@import '//t.test';<g>" * (n // 30)),
    "doubtful styles": (80, lambda n: b"<frameset><textarea>" + b"<style>" * (n // 7)),
    "doubtful full styles": (
        40,
        lambda n: (
            b"<frameset><textarea>" + (b"<style>" * 300 + b"url(//t.test)" * 140 + b"</style>") * (n // 3928)
        ),
    ),
    "doubtful images": (120, lambda n: b"<frameset><textarea>" + b"<img src=//t.test>" * (n // 18)),
    "doubtful images in images": (
        80,
        lambda n: b"<frameset><textarea>" + (b"<img " * 800 + b">") * (n // 4001),
    ),
    "doubtful images in a value": (
        120,
        lambda n: b"<frameset>" + (b"<a " + b"<img " * 800 + b">") * (n // 4004),
    ),
    "doubtful sources": (
        30,
        lambda n: b"<frameset><textarea>" + (b"<img src=//t.test " * 200 + b">") * (n // 3601),
    ),
    "doubtful documents": (
        40,
        lambda n: b"<frameset><textarea>" + (b"<iframe srcdoc='" * 200 + b"'>") * (n // 3202),
    ),
    "doubtful open tags": (80, lambda n: b"<frameset><textarea>" + b"<img " * (n // 5)),
    "doubtful names": (20, lambda n: b"<frameset><textarea>" + b"<gate-" * (n // 6)),
    "doubtful open name": (5, lambda n: b"<frameset><textarea><" + b"a" * n),
    "doubtful attributes": (120, lambda n: b"<frameset><textarea>" + b"<a b='(' c>" * (n // 11)),
    "doubtful ends": (200, lambda n: b"<frameset>" + b"</a <img " * (n // 9)),
    "doubtful comments": (120, lambda n: b"<frameset>" + b"<!--<img src=//t.test>-->" * (n // 25)),
    "doubtful unseen tags": (150, lambda n: b"<frameset><textarea>" + b"<a " * (n // 3)),
    "doubtful unseen paint": (150, lambda n: b"<frameset><textarea>" + b"<a style=a " * (n // 11)),
    "doubtful paint in paint": (
        400,
        lambda n: b"<frameset><textarea>" + (b"<a <" + b"/style=(//" * 400) * (n // 4004),
    ),
    "doubtful open paint": (
        200,
        lambda n: b"<frameset><textarea>" + (b"<a <" + b" style='(//" * 400 + b"'") * (n // 4405),
    ),
    "doubtful own names": (120, lambda n: b"<frameset><textarea>" + b"<gate-a (>" * (n // 10)),
    "doubtful names in a tag": (
        180,
        lambda n: b"<frameset>" + (b"<a " + b"<b =( " * 800 + b">") * (n // 4804),
    ),
    "noscript that goes on": (
        10,
        lambda n: (b"<noscript><p title='(" + b"x" * 5000 + b"</noscript>") * (n // 5032),
    ),
    "reference of digits": (5, lambda n: in_value(b'img src="//&#', b"1" * 200_000, n)),
}

READ_AGAIN = {
    "open quote of angles": 80,
    "escaped scripts": 50,
    "open noscript": 12,
    "style of references": 10,
    "style of open sections": 60,
}
"""What is read anew from its start, up to the limit on unfinished constructs, with each piece of a page in small
pieces; the number is the most that small pieces may cost, in times of large ones."""
