"""Strings of nested CSS functions are each looked at once."""

from __future__ import annotations

from cookiegate.core.html.css import url_spans


def test_nested_functions_are_found_once() -> None:
    css = b"image-set(" * 3 + b'"//t.test"' + b")" * 3
    assert url_spans(css) == [(31, 39)]


def test_endlessly_nested_functions_count_each_string_from_each_quote() -> None:
    css = b"image-set(" * 3000 + b'"//t.test"' + b")" * 3000
    after = 30000 + len(b'"//t.test"')
    assert url_spans(css) == [(30001, 30009), (after, len(css))]
