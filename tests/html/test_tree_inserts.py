"""What is inserted stands in the page's tree beside everything that was there (html5lib's tree construction tests)."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import html5lib
import pytest
from html5lib.treewalkers import getTreeWalker

from cookiegate.core.html import Inserts, PageFacts

from .table import gate
from .test_tree import inputs

BANNER = b"<section class=gate><svg><style></style></svg><p>ours<button>OK</button></section>"
LINK = b"<div class=gate><a href=/_gate/settings>ours</a></div>"
EXCEPTIONS = {
    rb"(?i)<template": "html5lib 1.1 knows no templates, and takes what is inside for the page's own",
    rb"(?i)<noscript": "html5lib reads it as markup, as a browser without script does; we place as one with script",
    rb"(?i)<frameset": "browsers forgive what comes before a frameset, as long as nobody sees any of it",
    rb"(?is)<script(?!.*</script>)": "an open script takes in all that follows; nothing of such a page is seen",
    rb"(?i)<select": "html5lib drops what a select of today may contain, so it drops a link at the end of one",
    rb"(?i)<a[ >]": "an anchor that the page leaves open ends where the one in our link begins",
    rb"<[?!]\Z": "an open comment, empty so far",
}
"""Pattern of the page -> why its tree may differ by more than what was inserted."""


@pytest.fixture(scope="module")
def pages(corpus: Path) -> list[bytes]:
    return inputs(corpus)


def banner(facts: PageFacts) -> bytes:
    return BANNER


def link(facts: PageFacts) -> bytes:
    return LINK


def parsed(page: bytes) -> list[dict[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(getTreeWalker("etree")(html5lib.parse(page, transport_encoding="utf-8")))


def is_ours(token: dict[str, Any]) -> bool:
    return token["type"] == "StartTag" and token["data"].get((None, "class")) == "gate"


def without_ours(tokens: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The tree without our elements; neighbouring texts are one."""
    tree: list[tuple[Any, ...]] = []
    depth = 0
    for token in tokens:
        kind, data = token["type"], token.get("data")
        if depth or is_ours(token):
            depth += {"StartTag": 1, "EndTag": -1}.get(kind, 0)
        elif kind in ("Characters", "SpaceCharacters"):
            before = tree.pop()[1] if tree and tree[-1][0] == "text" else ""
            tree.append(("text", before + str(data)))
        else:
            told = sorted(data.items(), key=str) if isinstance(data, dict) else data
            tree.append((kind, token.get("name"), told))
    return tree


def exceptions_among(pages: list[bytes], inserts: Inserts, holds: Callable[[list[Any]], bool]) -> set[bytes]:
    """The patterns by which pages are excused that need it; fails with the pages that nothing excuses."""
    needed, unexcused, seen = set(), [], 0
    for page in pages:
        gated = gate(page, inserts)
        if gated == page:
            continue
        tokens = parsed(gated)
        seen += 1
        if without_ours(tokens) == without_ours(parsed(page)) and holds(tokens):
            continue
        excuses = [pattern for pattern in EXCEPTIONS if re.search(pattern, page)]
        needed.update(excuses[:1])
        unexcused += [] if excuses else [(page, gated)]
    assert not unexcused, unexcused[:10]
    assert seen > 1000
    return needed


def first_in_body(tokens: list[Any]) -> bool:
    names = [token.get("name") for token in tokens]
    return "body" in names and is_ours(tokens[names.index("body") + 1])


def once(tokens: list[Any]) -> bool:
    return sum(map(is_ours, tokens)) == 1


def test_the_banner_is_the_bodys_first_child_and_nothing_else_moves(pages: list[bytes]) -> None:
    exceptions_among(pages, Inserts(banner=banner, sure=True), first_in_body)


def test_the_link_stands_in_the_page_once_and_nothing_else_moves(pages: list[bytes]) -> None:
    exceptions_among(pages, Inserts(link=link, sure=True), once)


def test_every_exception_is_needed(pages: list[bytes]) -> None:
    needed = exceptions_among(pages, Inserts(banner=banner, sure=True), first_in_body)
    needed |= exceptions_among(pages, Inserts(link=link, sure=True), once)
    assert needed == set(EXCEPTIONS)
