"""On real pages the gate sees what a full parse sees: the same elements with the same URLs."""

from __future__ import annotations

import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import html5lib
import pytest
from html5lib.treewalkers import getTreeWalker

from cookiegate.core.verdicts import Verdict

from .conftest import on_real_pages, shared_pages
from .table import HtmlRewriter, Table

ASKED = {
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "script": ("src",),
    "embed": ("src",),
    "object": ("data",),
}


class Witness(Table):
    """Holds everything, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()

    def url(self, url: str, base: str = "") -> Verdict | None:
        self.asked[url] += 1
        return super().url(url, base)


@on_real_pages
@pytest.mark.parametrize("path", shared_pages(), ids=lambda path: path.stem)
def test_every_url_of_a_full_parse_was_asked_about(path: Path) -> None:
    page = path.read_bytes()
    witness = Witness()
    rewriter = HtmlRewriter(witness)
    rewriter.feed(page)
    rewriter.close()
    parsed = Counter(urls(page))
    missing = {url: count for url, count in parsed.items() if witness.asked[url] < count}
    assert not missing


def urls(page: bytes) -> list[str]:
    """Absolute single URLs that elements of the parsed page carry, with script off so that all is parsed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document = html5lib.parse(page, transport_encoding="utf-8", scripting=False)
    return [
        value
        for token in getTreeWalker("etree")(document)
        if token["type"] in ("StartTag", "EmptyTag") and token["name"] in ASKED
        for name in ASKED[token["name"]]
        if not name.endswith("set") and (value := absolute(token["data"].get((None, name), "")))
    ]


def absolute(value: Any) -> str:
    return value if value.startswith(("https://", "http://", "//")) else ""
