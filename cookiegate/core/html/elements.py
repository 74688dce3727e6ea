"""Elements whose attributes reach out: when they do, and what stands in for what is put aside."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ..data_url import shows_document
from ..link_header import unquoted
from ..verdicts import Verdict
from .attributes import Attribute, text_of, value_of
from .css import AttributeCss, may_reach_out
from .encoding import is_stateful
from .held_tag import HeldTag, escaped
from .judge import OWN, UNNAMED, Judge
from .shown import only_shown
from .vectors import ANY_ELEMENT, EMPTY_LINKS, FETCHING_LINKS, HELD_DIRECTIVES, VECTORS

_NOTHING: Final = b"data:,"
_FRAMES = frozenset([b"iframe", b"frame", b"object", b"embed"])
_SOMETIMES_LIVE = {b"link": (b"href", b"imagesrcset"), b"input": (b"src",)}
_MEDIA = frozenset([b"video", b"audio", b"model"])
_REFRESH = re.compile(r"[\s\d.]*(?:[;,]\s*|\s)(?:url\s*=\s*)?(.*)", re.IGNORECASE | re.DOTALL)
_INVISIBLE_STYLE = re.compile(rb"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

Placeholder = Callable[[str | None, str, str], str]
"""(service id, host, category) -> the URL, not escaped, that a held frame shows."""


def gate_attributes(
    judge: Judge, name: bytes, found: list[Attribute], placeholder: Placeholder | None
) -> HeldTag | None:
    """What must be edited in a tag, or None."""
    shapes = VECTORS.get(name, ANY_ELEMENT)
    tag: HeldTag | None = None
    live: bool | None = None
    said: set[bytes] = set()
    for index, (own_name, raw) in enumerate(found):
        shape = shapes.get(own_name)
        if shape is None:
            continue
        if shape == "url":
            verdict = judge.holding(raw) or _carried(name, raw)
        elif shape == "css":
            verdict = UNNAMED if b"&" in raw or may_reach_out(raw) else None
        else:
            verdict = UNNAMED if shape == "mark" else judge.list_reached(shape, raw)
        outdone = own_name in said
        if _says(raw):
            said.add(own_name)
        if verdict is None or (outdone and name != b"link"):
            continue
        if own_name in _SOMETIMES_LIVE.get(name, ()):
            live = _live(name, found) if live is None else live
            if not live:
                continue
        if shape == "url" and judge.lenient and only_shown(name, own_name, found):
            verdict = judge.holding_shown(raw)
            if verdict is None:
                continue
        tag = tag or HeldTag()
        if shape == "css":
            gate_style(judge, tag, name, raw, index)
        elif shape != "mark" and not tag.puts_aside(own_name):
            judge.note(tag, name, verdict)
            _put_aside(tag, name, own_name, found, placeholder, verdict)
    return tag


def _says(raw: bytes) -> bool:
    """Whether a value is not blank. Of equal attributes a parser takes the first of all, Chromium's reading
    ahead the first that says something (of a link's, the last)."""
    return bool(raw.strip()) and (b"&" not in raw or bool(text_of(raw).strip()))


def _carried(name: bytes, raw: bytes) -> Verdict | None:
    """What holds a frame whose URL carries a document in itself: what that one reaches, nobody has looked at."""
    return UNNAMED if name in _FRAMES and holds_document(raw) else None


def holds_document(raw: bytes) -> bool:
    """Whether a URL is a `data:` one that a browser shows as a document."""
    if b":" not in raw and b"&" not in raw:
        return False
    return shows_document(text_of(raw))


def gate_style(judge: Judge, tag: HeldTag, name: bytes, raw: bytes, index: int) -> None:
    """Gate the style `raw`, the value of the tag's attribute number `index`."""
    sheet = AttributeCss(raw)
    positions = judge.sheet(tag, name, sheet.css)
    tag.insert_in_value(index, map(sheet.raw_position, positions))


def gate_meta(judge: Judge, found: list[Attribute]) -> HeldTag | None:
    """Redirections to a held host, directives that hand out what the visitor's browser knows, and the name of an
    encoding in which the page would not be what it was read as."""
    directive = text_of(value_of(found, b"http-equiv") or b"").strip().lower().encode("utf-8", "replace")
    verdict = None
    if directive in HELD_DIRECTIVES:
        verdict = UNNAMED
    elif directive == b"refresh":
        target = _REFRESH.match(text_of(value_of(found, b"content") or b""))
        for url in unquoted(target[1]) if target else ():
            verdict = verdict or judge.holding_read(url.encode("utf-8", "replace"))
            if shows_document(url):
                verdict = verdict or UNNAMED
    if is_stateful(found):
        verdict = verdict or UNNAMED
    if verdict is None:
        return None
    tag = HeldTag()
    judge.note(tag, b"meta", verdict)
    tag.put_aside(b"http-equiv")
    tag.put_aside(b"charset")
    tag.put_in(b"name", b"gate")
    return tag


def base_of(found: list[Attribute]) -> str:
    """The base URL that a released `<base>` sets, "" where it stays on the page's own host."""
    href = value_of(found, b"href")
    return text_of(href) if href and not OWN.match(href) else ""


def _live(name: bytes, found: list[Attribute]) -> bool:
    """Whether a browser looks at the attributes of `_SOMETIMES_LIVE` on this tag at all."""
    if name == b"link":
        return any(own == b"rel" and _fetches(rel) for own, rel in found)
    return any(own == b"type" and text_of(kind).lower() == "image" for own, kind in found)


def _fetches(rel: bytes) -> bool:
    if rel in FETCHING_LINKS:
        return True
    rel = text_of(rel).encode("utf-8", "replace").lower() if b"&" in rel else rel.lower()
    return not FETCHING_LINKS.isdisjoint(rel.split())


def _put_aside(
    tag: HeldTag,
    name: bytes,
    attribute: bytes,
    found: list[Attribute],
    placeholder: Placeholder | None,
    verdict: Verdict,
) -> None:
    if name == b"img":
        tag.put_aside(b"onerror")  # its image fails: the page's own way to deal with that must not run
    if name == b"img" and attribute == b"src":
        tag.put_aside(attribute, _NOTHING)
    elif name in _FRAMES and attribute in (b"src", b"data"):
        shown = None
        if placeholder and not _invisible(found) and value_of(found, b"srcdoc") is None:
            shown = escaped(placeholder(verdict.service, verdict.host, verdict.category).encode())
        tag.put_aside(attribute, shown)
        if name in (b"object", b"embed"):
            tag.put_aside(b"type")
    elif name == b"link":
        _put_link_aside(tag, attribute, found)
    elif name == b"source" and attribute == b"srcset":
        tag.put_aside(attribute, _NOTHING)
        tag.put_aside(b"media", b"not all")  # so that the picture falls back to what is not held
    elif name == b"base":
        tag.put_aside(attribute, b"")
    elif attribute == b"src" and name not in _MEDIA:
        tag.put_aside(attribute, _NOTHING)
    else:
        tag.put_aside(attribute)
        if attribute == b"srcset" and value_of(found, b"src") is None:
            tag.put_in(b"src", _NOTHING)


def _put_link_aside(tag: HeldTag, attribute: bytes, found: list[Attribute]) -> None:
    empty = _NOTHING
    for token in (value_of(found, b"rel") or b"").lower().split():
        empty = EMPTY_LINKS.get(token, empty)
    tag.put_aside(attribute)
    if attribute == b"href" or value_of(found, b"href") is None:
        tag.put_in(b"href", empty)


def _invisible(found: list[Attribute]) -> bool:
    """A frame nobody sees needs no placeholder."""
    sizes = [value_of(found, b"width"), value_of(found, b"height")]
    if any(size is not None and size.strip() in (b"0", b"1", b"0px", b"1px") for size in sizes):
        return True
    if value_of(found, b"hidden") is not None:
        return True
    return _INVISIBLE_STYLE.search(value_of(found, b"style") or b"") is not None
