"""What a `<noscript>` leaves open without script, or an end tag in a drawing, changes how the rest is read."""

from __future__ import annotations

import re

import pytest

from cookiegate.core.html.restore import restore
from cookiegate.core.html.suspects import UNSTYLED

from ..table import gate

CASES = [
    b"<noscript><template></noscript><col><style></template>%s</style>",
    b"<svg></p><style>%s</style>",
    b"<svg><g></br><title>%s</title>",
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    "tag", [b'<meta http-equiv=refresh content="0;url=http://t.test/">', b"<img src=http://t.test/>"]
)
def test_what_may_be_markup_then_is_gated_as_markup(case: bytes, tag: bytes) -> None:
    page = case % tag
    gated = gate(page)
    assert b"<gate-" in gated
    assert restore(gated) == page


def test_a_settled_one_leaves_the_rest_as_text() -> None:
    page = b"<noscript><template><p></template></noscript><style>a::after{content:'<meta http-equiv=refresh content=0;//t.test>'}</style>"
    assert gate(page) == page


@pytest.mark.parametrize("style", [b"<style>", b"<svg><style>a{}", b"<svg><title></title><STYLE>@import "])
def test_a_sheet_that_goes_on_beyond_its_noscript_is_held_whole(style: bytes) -> None:
    page = b"<noscript>" + style + b"</noscript>q{} '//t.test'; p{background:url(//t.test)}</style>"
    gated = gate(page)
    assert b'<style type="text/plain" data-gate="unclassified">data:,gate#' in gated.lower()
    assert restore(gated) == page


@pytest.mark.parametrize(
    "style", [b"<style>a{}</style>", b"<svg><style>a{}</style></svg>", b"<p style='a:b'>"]
)
def test_one_that_does_not_is_read(style: bytes) -> None:
    page = b"<noscript>" + style + b"</noscript>q{}"
    assert gate(page) == page
    assert gate(b"<style>a{}") == b"<style>a{}"


@pytest.mark.parametrize(
    "tag",
    [
        b"<p title='</noscript>' %s>",
        b"<p </noscript %s>",
        b"<p x='a'</noscript %s>",
        b"<V title=</noscript/%s>",
    ],
)
def test_a_tag_that_goes_on_beyond_its_noscript_is_renamed_whatever_it_says(tag: bytes) -> None:
    page = b"<noscript>" + tag % b'style="background:url(//t.test)"'
    gated = gate(page)
    assert re.search(rb"<gate-[pV]" + re.escape(UNSTYLED), gated)
    assert restore(gated) == page
