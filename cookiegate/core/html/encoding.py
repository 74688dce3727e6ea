"""Pages whose bytes below 0x80 need not be ASCII: ISO-2022-JP, the one encoding of the web that switches.

After an escape two bytes are one character; a quote or an angle among them is none. Chromium takes the name of
an encoding from any `<meta>` of the head, however far into the page.
"""

from __future__ import annotations

import re
from typing import Final

from .attributes import Attribute, attributes, text_of, value_of
from .grammar import ATTRIBUTES, NAME_END, any_of

EARLY: Final = 1024
"""Bytes within which a page has to name its encoding (HTML standard, 4.2.5.4)."""

_LABELS: Final = frozenset(["iso-2022-jp", "csiso2022jp"])
_META = re.compile(rb"<" + any_of("meta") + NAME_END + ATTRIBUTES + rb">")
_NAMED = re.compile(r"charset\s*=\s*[\"']?\s*([^\s;\"']+)", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[\t\n\f\r ][^>]*?encoding[\t\n\f\r ]*=[\t\n\f\r ]*[\"']?([^>\"'?]*)")


def is_stateful(found: list[Attribute]) -> bool:
    """Whether a `<meta>` with these attributes says so. Of two, one browser takes the first and another the last."""
    if any(name == b"charset" and _is_label(text_of(raw)) for name, raw in found):
        return True
    if text_of(value_of(found, b"http-equiv") or b"").strip().lower() != "content-type":
        return False
    named = _NAMED.search(text_of(value_of(found, b"content") or b""))
    return named is not None and _is_label(named[1])


def says_stateful(start: bytes) -> bool:
    """Whether a page's first bytes do. The bare word may be a visitor's own, shown back to them."""
    declared = _DECLARED.match(start)
    if declared is not None and _is_label(declared[1].decode("latin-1")):
        return True
    if b"2022" not in (head := start[: 2 * EARLY]) and b"&" not in head:
        return False
    for meta in _META.finditer(head):
        if meta.start() >= EARLY:
            break
        if is_stateful(attributes(head, meta.start() + len("<meta"), meta.end())):
            return True
    return False


def _is_label(text: str) -> bool:
    return text.strip("\t\n\f\r ").lower() in _LABELS
