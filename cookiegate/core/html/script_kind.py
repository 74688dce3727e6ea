"""What a browser makes of a script element."""

from __future__ import annotations

import re
from typing import Literal

from .attributes import Attribute, text_of, value_of
from .vectors import SCRIPT_TYPES

_AROUND = re.compile(r"^[^!-~]+|(?<![^!-~])[^!-~]+$")


Kind = Literal["live", "map", "rules", "data"]


def script_kind(found: list[Attribute]) -> Kind:
    """`live`, `map`, `rules` or `data` (HTML standard, 4.12.1.1, "prepare the script element").

    A type with parameters is a data block by the standard; it counts as live, for who might run it. So does
    one with other white space around it than HTML's, which Chromium takes away, and a second live type:
    Chromium fetches the source at that.
    """
    raw = value_of(found, b"type")
    if raw is None:
        language = value_of(found, b"language")
        raw = b"text/" + language if language else b""
    kind = _kind(raw)
    if kind != "live" and (kind == "data" or value_of(found, b"src") is not None):
        types = [value for name, value in found if name == b"type"]
        return "live" if any(_kind(again) == "live" for again in types[1:]) else kind
    return kind


def _kind(raw: bytes) -> Kind:
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
    return [source for name, source in found if name in names]
