"""Redirections in the page: whatever a browser takes for their URL is judged."""

from __future__ import annotations

import pytest

from cookiegate.core.html.restore import restore

from ..table import gate

AUTHORITIES = ["//www.site.test'@t.test/'", "//www.site.test'@t.test/' x", "//www.site.test' '@t.test/'"]
"""Own by the standard, which ends at the next quote; Chromium reads on to the last one: another host."""


@pytest.mark.parametrize("rest", AUTHORITIES)
@pytest.mark.parametrize("quote", ["'", "&quot;", "&#39;"])
def test_a_target_that_ends_at_its_last_quote_is_held(quote: str, rest: str) -> None:
    url = quote + rest.replace("'", quote)
    page = f'<meta http-equiv=refresh content="0;url={url}">'.encode()
    assert b' data-gate="analytics"' in gate(page)
    assert restore(gate(page)) == page


@pytest.mark.parametrize("url", ["data:text/html,<p>", " DA&Tab;TA:image/svg+xml,x", "'data:text/html,x'"])
def test_a_target_that_carries_a_document_is_held(url: str) -> None:
    page = (
        f'<iframe srcdoc="{"<meta http-equiv=refresh content=&quot;0;url=" + url}&quot;>"></iframe>'.encode()
    )
    assert b" data-gate-srcdoc=" in gate(page)
    assert restore(gate(page)) == page


@pytest.mark.parametrize("url", ["/a", "'/a'", "'/a' 'b'", "data:,x", "data:text/plain,x", ""])
def test_a_target_of_the_site_is_untouched(url: str) -> None:
    page = f'<meta http-equiv=refresh content="5;url={url}">'.encode()
    assert gate(page) == page
