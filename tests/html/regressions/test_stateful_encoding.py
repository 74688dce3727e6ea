"""A page read in ISO-2022-JP is another than the one its bytes show: none is that the rewriter has read as ASCII."""

from __future__ import annotations

import pytest

from cookiegate.core.html.encoding import says_stateful
from cookiegate.core.html.restore import restore

from ..table import gate, gate_in

SAYING = [
    b"<meta charset=iso-2022-jp>",
    b'<META CHARSET="ISO-2022-JP">',
    b"<meta charset=csiso2022jp>",
    b"<meta/charset=csISO2022JP >",
    b"<meta/charset='iso-2022-jp'>",
    b'<meta\tcharset = "  csiso2022jp ">',
    b'<meta charset="iso&#45;2022-jp">',
    b'<meta charset="cs&#105;so&#50;022jp">',
    b"<meta x='>' charset=csiso2022jp>",
    b"<meta charset=utf-8 charset=iso-2022-jp>",
    b'<meta charset="utf-8" charset="iso-2022-jp">',
    b'<meta http-equiv=content-type content="text/html; charset=iso-2022-jp">',
    b"<meta content='text/html;charset = \"csiso2022jp\"' http-equiv=' Content-Type '>",
]
QUIET = [
    b"<meta charset=utf-8>",
    b'<meta charset="shift_jis">',
    b"<meta charset=iso-2022-kr>",
    b'<meta name="description" content="text/html; charset=iso-2022-jp">',
    b'<meta http-equiv=refresh content="9;charset=iso-2022-jp">',
    b"<title>charset=iso-2022-jp</title>",
    b'<p charset="iso-2022-jp">',
]
SMUGGLED = b"""<p title="\x1b$B"/x='!\x1b(B"><link rel=preconnect href=//t.test><p x='>"""
"""The quote that stands before the `/` is half a character."""


def check(page: bytes) -> bytes:
    gated = gate(page)
    assert restore(gated) == page
    assert gate_in([page[at : at + 1] for at in range(len(page))]) == gated
    return gated


@pytest.mark.parametrize("meta", SAYING)
def test_a_page_that_says_so_where_it_has_to_is_told_from_others(meta: bytes) -> None:
    assert says_stateful(b"<!doctype html><head>" + meta)
    assert not says_stateful(b"<!--" + b"x" * 1024 + b"-->" + meta)
    assert check(b"<title>x</title>" + meta + SMUGGLED) == b"<title>x</title>" + meta + SMUGGLED


@pytest.mark.parametrize("meta", SAYING)
@pytest.mark.parametrize(
    "before", [b"<script>%s</script>", b"<!doctype html><title>%s</title>", b"<svg><g x='%s'>"]
)
def test_a_later_word_is_not_heard(before: bytes, meta: bytes) -> None:
    gated = check(before % (b"x" * 1024) + meta + SMUGGLED).lower()
    assert b"data-gate-charset" in gated or b" data-gate-http-equiv=" in gated


@pytest.mark.parametrize("meta", SAYING)
def test_a_word_in_doubtful_text_is_not_heard(meta: bytes) -> None:
    assert b"<gate-meta" in check(b"<frameset><!--" + meta + b"-->").lower()


@pytest.mark.parametrize("meta", QUIET)
def test_all_else_says_nothing(meta: bytes) -> None:
    assert not says_stateful(b"<!doctype html>" + meta)
    for page in (b"<!doctype html><head>" + meta, b"<p>" + meta, b"<!--" + b"x" * 1024 + b"-->" + meta):
        assert check(page + b"<p>") == page + b"<p>"


@pytest.mark.parametrize("label", [b"iso-2022-jp", b"csISO2022JP"])
def test_a_declaration_of_xml_says_so(label: bytes) -> None:
    assert says_stateful(b'<?xml version="1.0" encoding="%s"?>' % label)
    assert not says_stateful(b'<?xml version="1.0" encoding="utf-8"?><?xml encoding=%s?>' % label)
