"""A byte order mark is no text: the body has not begun, in whatever cuts it comes."""

from __future__ import annotations

from cookiegate.core.html import Inserts

from ..table import gate_in

MARKED = Inserts(banner=lambda facts: b"[B]")


def test_a_byte_order_mark_begins_no_body() -> None:
    page = b"\xef\xbb\xbf<!doctype html><p>x"
    pieces = [page[i : i + 1] for i in range(len(page))]
    assert gate_in(pieces, MARKED) == b"\xef\xbb\xbf<!doctype html>[B]<p>x"
