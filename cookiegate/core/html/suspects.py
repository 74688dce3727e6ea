"""Tags in what the tokenizer swallows: where it may be wrong about its state, any `<` may begin a tag.

Whatever state a browser is in, a tag of it begins at some `<` and reads from there on alike. So where there is
doubt, tags that would reach out are renamed wherever they stand, in raw text, comments and values too:
`<link` becomes `<gate-link`. That neither opens nor closes a quote, a comment or a tag under any reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from .grammar import ATTRIBUTES, NAME_END, TAG_NAME, any_of
from .raw_text import END_TAGS

RENAMED: Final = b"gate-"
LONGEST: Final = 4096
"""Bytes of a suspect that are looked at; a longer one is renamed unseen."""

CRITICAL: Final = frozenset(b"script link meta base iframe frame object embed".split())
"""What no policy holds, whole or in part."""
_NAMES = any_of(
    "script link meta base iframe frame object embed img image source input video audio track use feimage style"
)
_SUSPECT = re.compile(rb"<((?:gate-)*)(" + _NAMES + rb")" + NAME_END)
_TAG = re.compile(rb"<" + TAG_NAME + ATTRIBUTES + rb">")
_PARTIAL = re.compile(rb"<[a-zA-Z-]*+\Z")
_RENAMED = re.compile(rb"<gate-(?=(?:gate-)*" + _NAMES + NAME_END + rb")")

Reaches = Callable[[bytes, int, int, int], bool]
"""(name in lower case, where it ends, where its tag ends and where its content may) -> whether it is held."""


def suspects(buffer: bytes, pos: int, stop: int, reaches: Reaches, *, whole: bool) -> tuple[list[int], int]:
    """Where `RENAMED` goes in between `pos` and `stop`, and up to where that is decided.

    `whole` says that what is swallowed ends at `stop`; else more of it may come.
    """
    found: list[int] = []
    for match in _SUSPECT.finditer(buffer, pos, stop):
        start, name = match.start(), match[2].lower()
        if not match[1]:
            most = min(stop, start + LONGEST)
            tag = _TAG.match(buffer, start, most)
            content = _content(name, buffer, tag.end(), most) if tag else -1
            if tag is None or content < 0:
                if not whole and stop - start < LONGEST:
                    return found, start
            elif not _stands_out(tag[0], name) and not reaches(name, match.end(), tag.end(), content):
                continue
        found.append(start + 1)
    if not whole:
        last = buffer.rfind(b"<", pos, stop)
        if last >= 0 and _PARTIAL.match(buffer, last, stop):
            return found, last
    return found, stop


def _content(name: bytes, buffer: bytes, pos: int, stop: int) -> int:
    """Where the content ends by which an element reaches out, -1 where that is not to be seen."""
    if name != b"style":
        return pos
    end = END_TAGS[name].search(buffer, pos, stop)
    return end.start() if end else -1


def _stands_out(tag: bytes, name: bytes) -> bool:
    """Whether edits to what stands around a tag may change its attributes."""
    return name in CRITICAL and (b"<" in tag[1:] or b">" in tag[:-1])


def renamed_back(page: bytes, begin: int) -> bytes:
    """`page` without what was inserted at the suspects after `begin`."""
    return page[:begin] + _RENAMED.sub(b"<", page[begin:])
