"""Ways around the rewriter: what a browser may read otherwise than it seems is held under every reading."""

from __future__ import annotations

import re

import pytest

from cookiegate.core.html.restore import restore
from cookiegate.core.html.suspects import UNSTYLED

from .table import gate, gate_in, held_in

T = "https://t.test/x"


def check(page: bytes) -> bytes:
    """The gated page, after what holds of every page: it can be taken back, and cuts change nothing."""
    gated = gate(page)
    assert restore(gated) == page
    size = max(1, len(page) // 200)
    assert gate_in([page[i : i + size] for i in range(0, len(page), size)]) == gated
    return gated


RULES = b'<script type=speculationrules>{"prefetch":[{"urls":["%s"]}]%s}</script>'


@pytest.mark.parametrize(
    "rest", [b',"x":"\xe9"', b',"x":' + b"1" * 5000, b',"x":"\x01"', b",", b',"x":' + b"[" * 9000]
)
def test_rules_that_cannot_be_read_are_held(rest: bytes) -> None:
    page = RULES % (b"//t.test", rest)
    assert b'type="text/plain" data-gate=' in check(page)


def test_rules_of_the_site_in_another_encoding_are_untouched() -> None:
    page = RULES % (b"/own", b',"x":"\xe9"')
    assert check(page) == page


def test_import_maps_in_another_encoding_are_held() -> None:
    page = b'<script type=importmap>{"imports":{"a":"https://t.test/\xe9.js"}}</script>'
    assert b'"data:text/javascript,gate#https://t.test/' in check(page)


DATA = [
    "text/html",
    "TEXT/html;charset=x",
    "image/svg+xml",
    "application/xhtml+xml",
    "text%2Fhtml",
    "text/xml",
]


@pytest.mark.parametrize("kind", DATA)
@pytest.mark.parametrize(
    "frame", ['<iframe src="{}">', "<frame src='{}'>", '<object data="{}">', '<embed src=" \tda\nta{}">']
)
def test_documents_in_data_urls_are_held(frame: str, kind: str) -> None:
    scheme = "" if "\n" in frame else "data"
    page = frame.format(f"{scheme}:{kind},<link rel=preconnect href={T}>").encode()
    assert sum(held_in(page).values()) == 1
    assert b" data-gate-" in check(page)


@pytest.mark.parametrize(
    "url", ["data:,x", "data:image/png;base64,html", "data:text/plain,html", "about:blank"]
)
def test_other_data_urls_in_frames_are_untouched(url: str) -> None:
    page = f'<iframe src="{url}"></iframe><object data="{url}"></object><img src="data:image/svg+xml,<svg/>">'
    assert check(page.encode()) == page.encode()


LONG = b' x="' + b"a" * 270_000 + b'">'


@pytest.mark.parametrize(
    "tag",
    [
        b"<link rel=preconnect href=https://t.test/",
        b'<LINK href="https://t.test/" rel=preconnect',
        b'<meta http-equiv=refresh content="0;url=https://t.test/"',
        b"<base href=https://t.test/",
        b"<iframe src=https://t.test/",
        b"<frame src=https://t.test/",
        b"<object data=https://t.test/",
        b"<embed src=https://t.test/",
        b"<script type=speculationrules",
        b'<link data-gate="x" rel=preconnect href=https://t.test/',
    ],
)
def test_tags_too_long_to_look_into_are_made_inert(tag: bytes) -> None:
    gated = check(b"<p>" + tag + LONG + b"<p>")
    assert re.match(
        rb'<p><[a-zA-Z]+ (?:(?:href|src|data)="(?:data:,)?"|http-equiv="" name="gate"'
        rb'|srcdoc=""|type="text/plain") data-gate="unclassified"',
        gated,
    )


@pytest.mark.parametrize(
    "tag", [b"<img src='data:image/png,x'", b"<p", b"</meta", b"<linked", b"<l" + b"i" * 40]
)
def test_other_long_tags_are_untouched(tag: bytes) -> None:
    assert check(tag + LONG) == tag + LONG


def test_a_mark_in_a_long_tag_of_the_page_is_kept_apart() -> None:
    check(b'<p data-gate="x"' + LONG)


REFRESH = b'<meta http-equiv=refresh content="0;url=http://t.test/">'


CASES = [
    b"<svg><title>x</title><style>%s",
    b"<svg><desc>x</desc><style>%s",
    b"<svg><foreignObject><p>x</p></foreignObject><style>%s",
    b"<svg><font x=color><style>%s",
    b'<math><annotation-xml x="text/html"><style>%s',
    b"<svg><title><g></svg></g></title><style>%s",
    b"<svg><title><xmp></title>%s",
    b'<svg x="a=b"/><![CDATA[>%s]]>',
    b'<math><annotation-xml encoding="text&#47;html"><![CDATA[>%s]]>',
    b"<svg><g><svg></g></svg><![CDATA[>%s]]>",
    b"<svg><foreignObject><div></svg></div></foreignObject><style>%s</style>",
    b"<svg><desc><![CDATA[> <a title=']]>%s'>",
    b'<div><svg></div><style><a title="</style>%s">',
    b"<div><svg></div><![CDATA[>%s]]>",
    b"<frameset><style>%s</style>",
    b"<frameset><title>%s</title>",
    b"<frameset><svg><![CDATA[>%s]]>",
    b"<frameset><!-- --!>%s",
    b"<select><style>%s</style>",
    b"<select><title>%s</title>",
    b"<select><plaintext>%s",
    b"<div><template shadowrootmode=open><col><style></template>%s</style>",
    b"<template><col><script></template>%s",
    b"<noscript><textarea></noscript><xmp></textarea>%s</xmp>",
    b"<noscript><!--</noscript><xmp>-->%s",
    b"<noscript><svg></noscript><style>%s</style>",
    b"<head><noscript><style></noscript><title></style>%s</title>",
    b"""<noscript><a title="</noscript><p title='">%s'>""",
]
"""What some browser or setting reads as markup where others read text; `%s` is live in one of them."""
REACHING = [
    b'<meta http-equiv=refresh content="0;url=http://t.test/">',
    b"<link rel=preconnect href=http://t.test/>",
    b'<frame src="http://t.test/f">',
    b'<iframe srcdoc="<img src=http://t.test/>">',
    b"<img src=http://t.test/>",
    b"<gate-meta><link rel=preconnect href=http://t.test/>",
    b'<style media=all>@import "http://t.test/";</style>',
    b'<b style="background:url(http://t.test/)">',
]


@pytest.mark.parametrize("tag", REACHING)
@pytest.mark.parametrize("case", CASES)
def test_what_may_be_markup_is_gated_as_markup(case: bytes, tag: bytes) -> None:
    gated = check(case % tag)
    name = re.findall(rb"<([a-z]+) ", tag)[0]
    assert not re.search(rb"<%s (?!(?:[a-z-]+=\"[^\"]*\" )*data-gate=)" % name, gated), gated


@pytest.mark.parametrize("rest", [b"<a></a>", b"</p>", b"&quot;</style>", b"<!---->/t.test/x';</style>"])
@pytest.mark.parametrize("root", [b"<svg>", b"<math>"])
def test_a_style_held_whole_imports_nothing_where_its_type_does_not_count(root: bytes, rest: bytes) -> None:
    gated = check(root + b"<style>@import 'http://t.test/x';" + rest)
    assert re.search(rb"<style[^>]*>(?:data:,gate#|@import 'data:,gate#)", gated), gated


@pytest.mark.parametrize("name", [b"href", b"xlink:href"])
def test_a_script_of_a_drawing_is_held_whatever_its_type(name: bytes) -> None:
    page = b"<svg><script type=x %s=http://t.test/></script></svg>" % name
    assert b"data-gate-%s=" % name in check(page)
    assert check(b"<script type=x src=http://t.test/></script>").count(b"data-gate") == 0


@pytest.mark.parametrize(
    "tag",
    [
        b"<iframe src='http://t.test/'",
        b"<link rel=preconnect href=//t.test ",
        b'<p style="a:url(//t.test)"',
        b"<gate-x ",
    ],
)
def test_a_tag_that_ends_beyond_its_noscript_is_renamed(tag: bytes) -> None:
    name, _, rest = tag[1:].partition(b" ")
    assert b"<noscript><gate-" + name + UNSTYLED + b" " + rest in check(b"<noscript>" + tag + b"</noscript>")
    assert check(b"<noscript><p title='x'</noscript>") == b"<noscript><p title='x'</noscript>"


def test_a_document_in_a_value_is_held_whole_where_tags_of_it_are_renamed() -> None:
    page = b'<math><mtext></e><iframe srcdoc="<iframe &gt&lt;img src=http://t.test/&gt">'
    assert b' data-gate-srcdoc="<gate-iframe' in check(page)


def test_each_of_equal_addresses_of_a_link_counts() -> None:
    assert b"data-gate-href=http://t.test" in check(b"<link href=/a href=http://t.test rel=preload as=image>")


def test_a_sheet_that_imports_by_one_reading_alone_is_held() -> None:
    for page in (
        b"<svg><style>@import '/<!--own'; @import 'http://t.test/'; -->own';</style></svg>",
        b"<svg><style>@imp\0ort 'http://t.test/';</style></svg>",
        b"<style type=text/css>@import\0 'http://t.test/';</style>",
    ):
        assert b">data:,gate#@imp" in check(page)
    page = b"<style>@import\0'/own';</style><svg><style>@import '/own<!---->';</style></svg>"
    assert check(page) == page


UNSEEN = re.compile(rb"<(?:svg|math).*<style|<noscript>(?:<style>|<a title=\")</noscript>")
"""Style elements, and a tag, of which it is not seen what they go on with: these are held whatever that is."""


@pytest.mark.parametrize("case", [case for case in CASES if not UNSEEN.search(case)])
def test_what_reaches_nobody_is_untouched_in_doubt(case: bytes) -> None:
    page = case % b"<link rel=stylesheet href=/own><img src='/own' alt='1 > 0'><!-- x --><?php ?></>"
    assert check(page) == page


def test_live_attributes_of_a_tag_that_edits_could_shift_are_renamed() -> None:
    page = b"""<frameset><style><link title="</style><img src=http://t.test/ rel=x "><p a='">'>"""
    assert b"<gate-link" in check(page)
