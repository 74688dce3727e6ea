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
from .raw_text import END_TAGS, LONGEST_END_TAG

RENAMED: Final = b"gate-"
LONGEST: Final = 4096
"""Bytes of a suspect that are looked at, up to the next `<`; a longer one is renamed unseen."""

CRITICAL: Final = frozenset(b"script link meta base iframe frame object embed".split())
"""What no policy holds, whole or in part."""
_LOADING: Final = CRITICAL | frozenset(b"img image source input video audio track use feimage style".split())
"""What is renamed, too, where it is not to be seen whether it reaches out."""
_SUSPECT = re.compile(
    rb"<(?:(" + RENAMED + rb")(?=[a-zA-Z])|([a-zA-Z][^\t\n\f\r />]{0,60}+)" + NAME_END + rb")"
)
_TAG = re.compile(rb"<" + TAG_NAME + ATTRIBUTES + rb">")
_BEGUN = re.compile(rb"<(?:(" + RENAMED + rb")(?=[a-zA-Z])|(" + TAG_NAME + rb"))")
_PARTIAL = re.compile(rb"<(?:[a-zA-Z][^\t\n\f\r />]{0,60}+)?\Z")
_RENAMED = re.compile(rb"<" + RENAMED + rb"(?=[a-zA-Z])")
_SAYS = re.compile(rb"[(&\\]|" + any_of("background"))
"""Without any of these a tag that loads nothing by its name reaches nobody by its style."""

Reaches = Callable[[bytes, int, int, int], bool]
"""(name in lower case, where it ends, where its tag ends and where its content may) -> whether it is held."""


def suspects(buffer: bytes, pos: int, stop: int, reaches: Reaches, *, whole: bool) -> tuple[list[int], int]:
    """Where `RENAMED` goes in between `pos` and `stop`, and up to where that is decided.

    `whole` says that what is swallowed ends at `stop`; else more of it may come.
    """
    found: list[int] = []
    for match in _SUSPECT.finditer(buffer, pos, stop):
        start = match.start()
        if not match[1]:
            most = min(stop, start + LONGEST)
            following = buffer.find(b"<", start + 1, most)
            if not whole and stop - start < LONGEST and not _is_seen(match[2], following, most):
                return found, start
            if not _is_held(match, following, most, reaches):
                continue
        found.append(start + 1)
    if not whole:
        last = buffer.rfind(b"<", pos, stop)
        if last >= 0 and found[-1:] != [last + 1] and _PARTIAL.match(buffer, last, stop):
            return found, last
    return found, stop


def _is_seen(name: bytes, following: int, most: int) -> bool:
    """Whether what is in the buffer, up to `most`, is enough to decide on the tag before the `<` at `following`."""
    return following >= 0 and (name.lower() != b"style" or most - following > LONGEST_END_TAG)


def _is_held(match: re.Match[bytes], following: int, most: int, reaches: Reaches) -> bool:
    buffer, name = match.string, match[2].lower()
    tag = _TAG.match(buffer, match.start(), most if following < 0 else following)
    if name not in _LOADING:
        return (
            tag is not None and _SAYS.search(tag[0]) is not None and reaches(name, match.end(), tag.end(), 0)
        )
    if tag is None or (name in CRITICAL and b">" in tag[0][:-1]):
        return True  # what is done to what stands around it may change its attributes
    if name != b"style":
        return reaches(name, match.end(), tag.end(), 0)
    closed = following >= 0 and END_TAGS[name].match(buffer, following, most)
    return not closed or reaches(name, match.end(), tag.end(), following)


def is_cut_off(buffer: bytes, at: int) -> bool:
    """Whether a tag begins at `at`, and does not end, that may load something once it does."""
    match = _BEGUN.match(buffer, at)
    if match is None:
        return False
    return bool(match[1]) or match[2].lower() in _LOADING or _SAYS.search(buffer, at) is not None


def is_renamed(page: bytes, at: int) -> bool:
    return _RENAMED.match(page, at) is not None


def renamed_back(page: bytes, begin: int) -> bytes:
    """`page` without what was inserted at the suspects after `begin`."""
    return page[:begin] + _RENAMED.sub(b"<", page[begin:])
