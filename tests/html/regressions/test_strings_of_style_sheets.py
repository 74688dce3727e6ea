"""Strings in style sheets: over escaped line ends, and from custom properties."""

from __future__ import annotations

import pytest

from cookiegate.core.html.css import url_spans
from cookiegate.core.html.restore import restore

from ..table import gate

SPLIT = [
    b'a{background:url("https://t.te\\\r\nst/x")}',
    b"a{background:url('https://t.te\\\r\nst/x')}",
    b'a{background:image-set("https://t.te\\\r\nst/x" 1x)}',
    b'@import "https://t.te\\\r\nst/x";',
]
"""A browser reads the two bytes of a line end as one line feed before anything else."""


@pytest.mark.parametrize("css", SPLIT)
def test_an_escaped_line_end_of_two_bytes_ends_no_string(css: bytes) -> None:
    for page in (b"<style>%s</style>" % css, b"<svg><style>%s</style></svg>" % css):
        assert b"data:,gate#https://t.te" in gate(page)
        assert restore(gate(page)) == page


SUBSTITUTED = [
    b':root{--x:"//t.test/a"}a{b:image-set(var(--x) 1x)}',
    b"a{b:-webkit-image-set(VAR(--x))}a{--x:'//t.test/a'}",
    b'@property --x{syntax:"*";inherits:true;initial-value:"//t.test/a"}a{b:image-set(v\\61r(--x) 1x)}',
]


@pytest.mark.parametrize("css", SUBSTITUTED)
def test_a_string_that_a_function_takes_from_a_property_is_held(css: bytes) -> None:
    page = b"<style>%s</style>" % css
    assert b"data:,gate#//t.test" in gate(page)
    assert restore(gate(page)) == page


def test_strings_of_other_properties_are_left_alone() -> None:
    assert url_spans(b':root{--x:"//t.test/a"}a{content:var(--x);b:image-set("/a" 1x)}') == [(55, 57)]
