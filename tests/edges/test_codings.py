"""Coded bodies are decoded and rewritten, or never asked for; a lie about a coding leaks nothing."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest
import zstandard

from cookiegate.gate.codings import decodable

from .conftest import HELD, PAGE, TRACKER, call, page_app, request

Behind = Callable[[Any], Any]
HTML = ("Content-Type", "text/html")
BIG = PAGE.replace(b"<p>Hello</p>", b"<p>Hello</p>" * 20_000)


def raw_deflate(data: bytes) -> bytes:
    coder = zlib.compressobj(wbits=-15)
    return coder.compress(data) + coder.flush()


CODERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "two gzip members": ("gzip", lambda data: gzip.compress(data[:70]) + gzip.compress(data[70:])),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.compress),
}


@pytest.mark.parametrize("kind", CODERS)
@pytest.mark.parametrize("page", [PAGE, BIG], ids=["small", "big"])
def test_coded_page_is_rewritten_and_coded_again(behind: Behind, kind: str, page: bytes) -> None:
    coding, encode = CODERS[kind]
    app = page_app(encode(page), HTML, ("Content-Encoding", coding))
    plain = call(behind(page_app(page)), request()).body
    recoded = call(behind(app), request(HTTP_ACCEPT_ENCODING="gzip, br"))
    assert recoded.all("Content-Encoding") == ["gzip"]
    assert gzip.decompress(recoded.body) == plain
    bare = call(behind(app), request(HTTP_ACCEPT_ENCODING="br"))
    assert bare.get("Content-Encoding") is None
    assert bare.body == plain


@pytest.mark.parametrize("kind", CODERS)
def test_coded_stream_in_small_pieces(behind: Behind, kind: str) -> None:
    coding, encode = CODERS[kind]
    data = encode(PAGE)
    app = page_app([data[i : i + 7] for i in range(0, len(data), 7)], HTML, ("Content-Encoding", coding))
    assert HELD in call(behind(app), request()).body


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_plain_page_that_claims_a_coding_is_held_and_arrives(behind: Behind, coding: str) -> None:
    answer = call(behind(page_app(PAGE, HTML, ("Content-Encoding", coding))), request())
    assert HELD in answer.body
    assert answer.get("Content-Encoding") is None
    assert b"Hello" in answer.body


def test_coding_that_breaks_off_releases_nothing(behind: Behind) -> None:
    data = gzip.compress(BIG)
    answer = call(
        behind(page_app([data[:100], data[100 : len(data) // 2]], HTML, ("Content-Encoding", "gzip"))),
        request(),
    )
    assert TRACKER not in answer.body
    assert answer.get("Content-Security-Policy")


def test_unknown_coding_passes_under_the_policy(behind: Behind) -> None:
    answer = call(behind(page_app(b"\x00secret", HTML, ("Content-Encoding", "dcb"))), request())
    assert answer.body == b"\x00secret"
    assert answer.get("Content-Encoding") == "dcb"
    assert answer.get("Content-Security-Policy")


def test_only_what_can_be_decoded_is_asked_for() -> None:
    assert decodable("gzip, deflate, br;q=0.9, zstd, dcb, *;q=0.1") == "gzip, deflate, br;q=0.9, zstd"
    assert decodable("dcb, compress") == "identity"
    assert decodable("identity;q=0, gzip") == "identity;q=0, gzip"
