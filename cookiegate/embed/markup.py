"""The banner as data: the same markup that the gate sends, as a tree that a script builds element by element."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

from ..core.consent import Signal
from ..face import BannerFacts, Face
from ..face.shown import WORDS
from ..face.texts import first_part

Node = list[Any]
"""`[name, attributes, parts]`; a part is a node or a text."""
SHEET = "banner.css"
VOID = frozenset({"input", "br", "img", "hr"})
DROPPED = frozenset({"action", "method", "data-turbo", "data-hx-boost"})
NOT_HERE = re.compile(
    r"\.gate:not\(#g\) ((svg|\.gate-to)\{[^}]*\}|\.gate-to,)|,\.gate:not\(#g\) \.gate-to(?=\{)"
)
"""Rules and selectors of the gate's own pages: the tree has no such element."""
FIELDS = frozenset({"category", "override"})


def banner_json(face: Face, language: str, signal: Signal | None, place: str) -> str:
    """The tree and its style. Of the visitor it holds the language and the signal alone.

    `others` are the first parts of the languages that a page may be in for which the banner is another one, or may be:
    where two languages begin with the same, the service is asked."""
    first = [first_part(other) for other in face.config.site.languages if other != language]
    data = {
        "tree": banner_tree(face, language, signal),
        "css": banner_css(face, place),
        "signal": signal or "",
        "others": sorted(set(first)),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def banner_css(face: Face, place: str) -> str:
    """The style of the tree; the script asks for it by the name of `SHEET` where a browser cannot take it as text."""
    sheets = ["banner.css", "low.css"] if place == "bottom" else ["banner.css"]
    return NOT_HERE.sub("", "".join(map(face.statics.text, sheets)))


def banner_tree(face: Face, language: str, signal: Signal | None) -> Node:
    facts = BannerFacts(policy=WORDS, language=language, signal=signal, override=signal is not None)
    (section,) = parts_of(face.banner(facts).decode())
    node: Node = section
    return node


def parts_of(markup: str) -> list[Any]:
    """Nodes and texts of a fragment of our own markup."""
    parser = _Tree()
    parser.feed(markup)
    parser.close()
    parts: list[Any] = parser.root[2]
    return parts


class _Tree(HTMLParser):
    """Reads our own markup, in which every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.root: Node = ["", {}, []]
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: value or "" for name, value in attrs if name not in DROPPED}
        if tag == "input" and kept.get("name") not in FIELDS:
            return
        node: Node = [tag, kept, []]
        self._open[-1][2].append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1][2].append(data)
