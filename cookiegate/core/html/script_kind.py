"""What a browser makes of a script element."""

from __future__ import annotations

import re
from typing import Literal

from .attributes import Attribute, text_of, value_of
from .vectors import SCRIPT_TYPES

_AROUND = re.compile(r"^[^!-~]+|(?<![^!-~])[^!-~]+$")


def script_kind(found: list[Attribute]) -> Literal["live", "map", "rules", "data"]:
    """`live`, `map`, `rules` or `data` (HTML standard, 4.12.1.1, "prepare the script element").

    A type with parameters is a data block by the standard; it counts as live, for who might run it. So does
    one with other white space around it than HTML's, which Chromium takes away.
    """
    raw = value_of(found, b"type")
    if raw is None:
        language = value_of(found, b"language")
        raw = b"text/" + language if language else b""
    if not raw or raw in SCRIPT_TYPES:
        return "live"
    kind = _AROUND.sub("", text_of(raw).lower().partition(";")[0]).encode("utf-8", "replace")
    if kind in SCRIPT_TYPES:
        return "live"
    if kind == b"importmap":
        return "map"
    return "rules" if kind == b"speculationrules" else "data"


def script_sources(found: list[Attribute], *, foreign: bool) -> list[bytes]:
    """What a script element may load: in SVG that is `href`, and `src` means nothing to most browsers."""
    names = (b"src", b"href", b"xlink:href") if foreign else (b"src",)
    return [source for name in names if (source := value_of(found, name)) is not None]
