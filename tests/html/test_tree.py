"""Gated pages parse to the tree of the ungated ones, but for held elements (html5lib's tree construction tests).

The parser that compares is html5lib, which reads `<noscript>` in the body as markup; so do gated pages' readers
without script.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import html5lib
import pytest
from html5lib.treewalkers import getTreeWalker

from .table import gate

EXCEPTIONS: dict[bytes, str] = {}
"""Input -> why its gated tree differs beyond held elements. Empty: there is none."""

TRACKER = b"//t.test/x"
LIVE_TYPES = ("", "module", "text/javascript")
HELD = {
    "img": ("src", TRACKER),
    "script": ("src", TRACKER),
    "link": ("href", TRACKER),
    "iframe": ("src", TRACKER),
}


def inputs(folder: Path) -> list[bytes]:
    found = []
    for path in sorted((folder / "tree-construction").rglob("*.dat")):
        text = path.read_bytes().decode("utf-8", "surrogatepass")
        for case in re.split(r"(?:\A|\n\n)#data\n", text):
            data, mark, rest = case.partition("\n#errors")
            if mark and "#document-fragment" not in rest:
                found.append(data.encode("utf-8", "surrogatepass"))
    return found


def tree(page: bytes) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # html5lib warns of what it cannot put into its tree
        document = html5lib.parse(page, transport_encoding="utf-8")
    return [plain(token) for token in getTreeWalker("etree")(document)]


def plain(token: dict[str, Any]) -> Any:
    """One token of a tree without what gating adds: marks off, put-aside attributes back, stand-ins out."""
    data = token.get("data")
    if token["type"] in ("Characters", "SpaceCharacters", "Comment"):
        text = data if isinstance(data, str) else ""
        return token["type"], text.replace("data:,gate#", "").replace("data:text/javascript,gate#", "")
    attributes = {name: value for (_, name), value in data.items()} if isinstance(data, dict) else {}
    if "data-gate" in attributes:
        aside = {name[10:]: value for name, value in attributes.items() if name.startswith("data-gate-")}
        kept = {
            name: value.replace("data:,gate#", "")
            for name, value in attributes.items()
            if not name.startswith("data-gate")
            and not value.startswith(("data:", "/_gate/"))
            and (name, value)
            not in (("type", "text/plain"), ("name", "gate"), ("media", "not all"), ("href", ""))
        }
        attributes = kept | aside
    return token["type"], token.get("name"), attributes


@pytest.fixture(scope="module")
def pages(corpus: Path) -> list[bytes]:
    found = inputs(corpus)
    assert len(found) > 1000
    return found


def test_a_page_that_reaches_nobody_is_untouched(pages: list[bytes]) -> None:
    for page in pages:
        if b"//" not in page and b"http" not in page:
            assert gate(page) == page


def test_held_pages_keep_their_tree(pages: list[bytes]) -> None:
    for page in pages:
        told = arm(page)
        gated = gate(told)
        if gated != told and told not in EXCEPTIONS:
            assert tree(gated) == tree(told), (told, gated)


def arm(page: bytes) -> bytes:
    """Give every element of the page that can reach a third party one to reach."""
    for name, (attribute, url) in HELD.items():
        armed = b"<%s %s=%s " % (name.encode(), attribute.encode(), url)
        page = re.sub(rb"(?i)<" + name.encode() + rb"(?=[ />])", armed, page)
    return page.replace(b"<link ", b"<link rel=stylesheet ")


def live(page: bytes, *, scripting: bool) -> list[tuple[str, str]]:
    """The held host's URLs that elements of a parsed page still carry."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document = html5lib.parse(page, transport_encoding="utf-8", scripting=scripting)
    return [
        (token["name"], value)
        for token in getTreeWalker("etree")(document)
        if token["type"] in ("StartTag", "EmptyTag") and token["name"] in HELD
        if token["data"].get((None, "type"), "module") in LIVE_TYPES
        for (_, name), value in token["data"].items()
        if name == HELD[token["name"]][0] and value == TRACKER.decode()
    ]


@pytest.mark.parametrize("scripting", [True, False])
def test_nothing_live_is_left_in_any_tree(pages: list[bytes], scripting: bool) -> None:
    armed = [(told, gate(told)) for told in map(arm, pages)]
    assert sum(bool(live(told, scripting=scripting)) for told, _ in armed) > 100
    left = [(told, found) for told, gated in armed if (found := live(gated, scripting=scripting))]
    assert not left, left[:10]
