"""Spellings by which a style sheet or a value hides where it leads: each is held, and can be restored."""

from __future__ import annotations

import pytest

from cookiegate.core.html import HtmlRewriter
from cookiegate.core.html.restore import restore
from cookiegate.core.urls import split_url
from cookiegate.core.verdicts import Verdict

from .table import gate


class Browser:
    """Reads URLs as the gate itself does: all that names a host but `site.test` is held."""

    def url(self, url: str, base: str = "") -> Verdict | None:
        target = split_url(url, base)
        if target is None or f".{target[0]}".endswith(".site.test"):
            return None
        return Verdict(True, "analytics", None, target[0])

    def inline(self, text: bytes) -> Verdict | None:
        return None


def held_by(page: bytes) -> int:
    one = HtmlRewriter(Browser())
    gated = one.feed(page) + one.close()
    assert restore(gated) == page
    assert (gated == page) == (not one.held)
    return sum(one.held.values())


SHEETS = {
    "scheme in mixed case": "a{background:url(htTps:t.test/a)}",
    "tab in a quoted URL": 'a{background:url("/\t/t.test/a")}',
    "escape with space in at-rule": '@\\69 mport "http://t.test/a.css";',
    "escape with space inside at-rule": '@im\\70 ort "http://t.test/a.css";',
    "at-rule of escapes": '@\\69\\6d\\70\\6f\\72\\74 "//t.test/a.css";',
    "escape with tab": 'a{background:u\\72\tl("http://t.test/a")}',
    "escape with line feed": "a{background:u\\72\nl(http://t.test/a)}",
    "escape with return and line feed": "a{background:u\\72\r\nl(http://t.test/a)}",
    "escape at the end of the name": "a{background:ur\\6c  (http://t.test/a);b:ur\\6c (http://t.test/a)}",
    "escape in an unquoted URL": "a{background:url(h\\74 tp://t.test/a)}",
    "escaped slash in an unquoted URL": "a{background:url(\\2f /t.test/a)}",
    "escaped quote in an unquoted URL": "a{background:url(x:\\'\\2f /t.test/a)} b{c:url(\\68ttp:t.test)}",
    "escaped image-set": "a{background:image-\\73 et('//t.test/a' 1x)}",
    "reference in raw text": 'a{background:url("//site.test&sol;.t.test/a")}',
    "comment with a quote before a string": "/* don't */a{b:image-set('//t.test/a' 1x)}",
    "opener in a comment": '/* image-set( don\'t */a{b:image-set("//t.test/a" 1x)}',
    "comment in an import": '@import/*"*/"http://t.test/a.css";',
    "import in a comment": '/*@import/**/@import "http://t.test/a.css";',
    "many openers": "a{b:" + "image-set(" * 40 + "'//t.test/a'",
    "src": 'a{b:src("//t.test/a")}',
    "escape with line feed in a string": 'a{b:image-set("h\\74\ntp://t.test/a" 1x)}',
    "import without quotes": "@import //t.test/a;",
    "import without quotes or end": "@import https://t.test/a",
    "import of two slashes to who resolves no escapes": '@import "\\\\t.test/a";',
    "import without quotes of many names": "@import//site.test@import@import@import@t.test/a",
    "function of the sheet": '@function --f(){result:"//t.test/a"}a{b:image-set(--f() 1x)}',
    "condition": 'a{--u:"//t.test/a";b:image-set(if(style(--x):--y;else:inherit(--u)) 1x)}',
    "attribute": 'a{--u:"//t.test/a";b:image-set(attr(x,"/own") 1x)}',
}


@pytest.mark.parametrize("css", SHEETS.values(), ids=SHEETS.keys())
def test_a_sheet_that_reaches_out_is_held(css: str) -> None:
    assert held_by(f"<style>{css}</style>".encode()) == 1


VALUES = {
    "tab by name": "<p style='background:url(\"/&Tab;/t.test/a\")'>",
    "mixed case": '<p style="background:url(hTTp:t.test)">',
    "escape with space": '<p style="background:u\\72 l(//t.test)">',
    "escape by reference": '<p style="background:u&#92;72 l(//t.test)">',
    "parenthesis by reference": '<p style="background:url&lpar;//t.test)">',
    "decoded once in a list": '<img srcset="//site.test&amp;sol;.t.test/a 1x">',
    "decoded once in a value": '<img src="//site.test&amp;sol;.t.test/a">',
    "decoded once in a style": "<p style='background:url(\"//site.test&amp;sol;.t.test/a\")'>",
    "decoded once in a refresh": '<meta http-equiv=refresh content="0;url=//site.test&amp;sol;.t.test/a">',
    "not decoded in an import map": '<script type=importmap>{"imports":{"a":"//site.test&sol;.t.test/a"}}</script>',
}


@pytest.mark.parametrize("page", VALUES.values(), ids=VALUES.keys())
def test_a_value_that_reaches_out_is_held(page: str) -> None:
    assert held_by(page.encode()) == 1


QUIET = {
    "fonts": "@font-face{font-family:x;src:url(/a.woff2) format('woff2')}a{font:1em \"x\"}",
    "selector": 'a[href^="https://t.test"]::after{content:"\\2197"}b{c:image-set("/a" 1x)}',
    "utility names": ".w-\\[calc\\(100\\%\\)\\]{width:calc(100% - (1px))}.a\\@b{c:d}",
    "import": '@import "/a.css";@import url(b.css) print;',
    "inline data": "a{background:url(\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E\")}",
    "namespace": '@namespace svg "http://www.w3.org/2000/svg";a{b:url(#c)}',
}


@pytest.mark.parametrize("css", QUIET.values(), ids=QUIET.keys())
def test_a_sheet_that_asks_nobody_is_untouched(css: str) -> None:
    page = f"<style>{css}</style>".encode()
    assert held_by(page) == 0
    assert gate(page) == page


DRAWN = {
    "mask": '<svg><rect mask="url(http://t.test/m.svg#a)"/></svg>',
    "clip-path": '<svg><rect clip-path="url(http://t.test/m.svg#a)"/></svg>',
    "fill": '<svg><rect fill="url(http://t.test/m.svg#a) red"/></svg>',
    "fill of a path": '<svg><path d="M0 0" FILL="url(http://t.test/m.svg#a)"/></svg>',
    "name in upper case": '<svg><path MASK="url(//t.test/m.svg#a)"></path></svg>',
    "stroke": "<svg><g stroke='url(//t.test/m.svg#a)'></g></svg>",
    "filter": '<svg><g filter="url(&quot;//t.test/m.svg#a&quot;)"></g></svg>',
    "filter of the drawing": '<svg filter="url(//t.test/m.svg#a)"></svg>',
    "marker": '<svg><path marker="url(//t.test/m.svg#a)"/></svg>',
    "marker-start": '<svg><path marker-start="url(//t.test/m.svg#a)"/></svg>',
    "marker-mid": '<svg><path marker-mid="url(//t.test/m.svg#a)"/></svg>',
    "marker-end": '<svg><path marker-end="u\\72 l(//t.test/m.svg#a)"/></svg>',
    "cursor": '<svg><a cursor="url(//t.test/m.png),auto"/></svg>',
    "gradient": '<svg><linearGradient id="a" href="//t.test/m.svg#a"/></svg>',
    "gradient in upper case": '<svg><linearGradient id="a" xlink:HREF="//t.test/m.svg#a"/></svg>',
    "pattern": '<svg><pattern href="//t.test/m.svg#a"/></svg>',
    "set to": '<svg><image><set attributeName="href" to="http://t.test/a.png"/></image></svg>',
    "animate values": '<svg><image><animate attributeName="href" values="/a;http://t.test/a.png"/></image></svg>',
    "animate from": '<svg><use><animate attributeName="xlink:href" from="//t.test/a.svg#x" dur="1s"/></use></svg>',
    "animate by": '<svg><g><animate attributeName="cursor" by="url(//t.test/a.png)"/></g></svg>',
    "set mask": '<svg><g><set attributeName="mask" to="url(/\\2f t.test/a.svg#x)"/></g></svg>',
    "script with both": '<svg><script src="/own.js" href="http://t.test/x.js"></script></svg>',
    "script with three": '<svg><script src="/own.js" href="/own.js" xlink:href="//t.test/x.js"/></svg>',
    "embed code": '<embed code="http://t.test/e" type="text/html">',
    "col": '<table><colgroup><col background="http://t.test/b.png"></table>',
    "colgroup": '<table><colgroup background="http://t.test/b.png"></table>',
    "any background": '<div background="http://t.test/b.png"></div>',
}


@pytest.mark.parametrize("page", DRAWN.values(), ids=DRAWN.keys())
def test_an_attribute_that_reaches_out_is_held(page: str) -> None:
    assert held_by(page.encode()) == 1
    own = page.replace("http://", "//").replace("t.test", "www.site.test")
    assert held_by(own.encode()) == 0


@pytest.mark.parametrize(
    "kind",
    [
        'type="\x0btext/javascript"',
        'type="\u2003text/javascript"',
        'type="text/javascript\u00a0"',
        'type="\ufeffmodule"',
        'type="&emsp;text/javascript"',
        'language="javascript1.7"',
    ],
)
def test_a_type_with_odd_space_around_it_is_live(kind: str) -> None:
    assert held_by(f'<script {kind} src="//t.test/x.js"></script>'.encode()) == 1


@pytest.mark.parametrize(
    "kind", ["x-text/javascript", "text/javascript-blocked", "text/plain", "text / javascript"]
)
def test_other_types_are_data(kind: str) -> None:
    assert held_by(f'<script type="{kind}" src="//t.test/x.js"></script>'.encode()) == 0


FOREIGN_SHEETS = {
    "text": "svg{background:url(//t.test/a)}",
    "after a child": "a{}<g></g>svg{background:url(//t.test/a)}",
    "after a comment": "<!-- x -->svg{background:url(//t.test/a)}",
    "after a comment with an end tag": "<!-- </style> -->svg{background:url(//t.test/a)}",
    "around a comment": "svg{background:u<!-- x -->rl(//t.test/a)}",
    "around a child": "svg{background:u<g/>rl(//t.test/a)}",
    "in a CDATA section": "<![CDATA[svg{background:url(//t.test/a)}]]>",
    "around CDATA sections": "svg{background:u<![CDATA[r]]>l<![CDATA[(/]]>/t.test/a)}",
    "references": "svg{background:url(http&colon;&#47;&#x2f;t.test/a)}",
    "reference without semicolon": "@import &quot//t.test/a&quot;",
    "no reference in CDATA": '<![CDATA[svg{background:url("//site.test&sol;.t.test/a")}]]>',
    "stray angle": "@media (width < 9px){a{b:url(//t.test/a)}}",
    "bogus comment": "svg{background:u<?x>rl(//t.test/a)}",
}


@pytest.mark.parametrize("css", FOREIGN_SHEETS.values(), ids=FOREIGN_SHEETS.keys())
def test_a_sheet_in_a_drawing_that_reaches_out_is_held(css: str) -> None:
    page = f"<svg><style>{css}</style><path d='M0 0'/></svg><p>x".encode()
    assert held_by(page) == 1
    one, cut = HtmlRewriter(Browser()), HtmlRewriter(Browser())
    whole = one.feed(page) + one.close()
    pieces = [cut.feed(page[at : at + 1]) for at in range(len(page))]
    assert b"".join([*pieces, cut.close()]) == whole


@pytest.mark.parametrize(
    "css",
    [
        "<!-- a -->.b{fill:url(#c)}",
        "<![CDATA[.a>b{fill:red}]]>",
        "@media (width < 9px){a{b:url(#a)}}",
        ".a{fill:&quot;x&quot;}",
    ],
)
def test_a_sheet_in_a_drawing_that_asks_nobody_is_untouched(css: str) -> None:
    assert held_by(f"<svg><style>{css}</style></svg>".encode()) == 0
    assert held_by(f"<svg><style/><g>{css.partition('>')[2]}</g></svg>".encode()) == 0


def test_a_reference_of_thousands_of_digits_is_read() -> None:
    digits = "0" * 6000
    assert (
        held_by(f'<img src="&#{digits}47;&#x{digits}2f;t.test/a"><img src="/&#{"9" * 6000};">'.encode()) == 1
    )
