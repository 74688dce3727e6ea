"""What a page only shows: an image, a style sheet, a font, a film. It runs nothing and says no more than that it
was asked for; `unknown = "hold-active"` lets it come from hosts that nobody has named."""

from __future__ import annotations

from typing import Final

from .attributes import Attribute, text_of, value_of

SHOWN: Final = frozenset(b"img image input video audio track source bgsound feimage".split())
SHOWN_LINKS: Final = frozenset(
    b"stylesheet alternate icon shortcut apple-touch-icon apple-touch-icon-precomposed apple-touch-startup-image"
    b" mask-icon fluid-icon".split()
)
"""Tokens of `rel` that fetch nothing else."""
PRELOADED: Final = frozenset(b"image style font audio video track".split())
"""Values of `as`."""


def only_shown(name: bytes, attribute: bytes, found: list[Attribute]) -> bool:
    """Whether the URL in this attribute of an element (in lower case) is of something that is only shown."""
    if name == b"link":
        return attribute == b"imagesrcset" or _link_shows(found)
    return name in SHOWN or attribute == b"background"


def _link_shows(found: list[Attribute]) -> bool:
    """By all its `rel`s: of two, one parser takes the first and another the last."""
    tokens: set[bytes] = set()
    for name, raw in found:
        if name == b"rel":
            tokens.update(text_of(raw).lower().encode("utf-8", "replace").split())
    if tokens == {b"preload"}:
        kind = text_of(value_of(found, b"as") or b"").strip().lower().encode("utf-8", "replace")
        return kind in PRELOADED and sum(name == b"as" for name, _ in found) == 1
    return bool(tokens) and tokens <= SHOWN_LINKS
