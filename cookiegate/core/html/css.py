"""Where style sheets name what they load: `url()`, `@import`, `image-set()`, `image()`, `src()`.

A held URL stays where it is, behind `PREFIX`: `url(data:,gate#https://…)` loads nothing, and taking the prefix
out gives the input back. Comments are not told apart from code: an edit there changes nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from .attributes import references
from .grammar import any_of

PREFIX = b"data:,gate#"

_SPACE = rb"(?:\r\n|[\t\n\f\r ])?"
_CODE = rb"[0-9a-fA-F]{1,6}" + _SPACE
_PAIR = rb"\\(?:" + _CODE + rb"|\r\n|[\s\S])"
_QUOTED = (
    rb"((?>(?:[^\"\\\n]++|" + _PAIR + rb")*))(?:\"|\Z)",
    rb"((?>(?:[^'\\\n]++|" + _PAIR + rb")*))(?:'|\Z)",
)
_STRING = rb"(?:\"" + _QUOTED[0] + rb"|'" + _QUOTED[1] + rb")"
_FILLER = re.compile(rb"(?>(?:[\t\n\f\r ]++|/\*(?>(?:[^*]++|\*(?!/))*)(?:\*/|\Z))*)")
_WITH_STRINGS = (b"image-set(", b"image(", b"src(")
_OPENER = re.compile(
    rb"\((?<=[lLtTeEcC]\()(?:(?<="
    + any_of("url(")
    + rb")|((?<="
    + rb")|(?<=".join(any_of(opener.decode()) for opener in _WITH_STRINGS)
    + rb")))"
)
"""Begins with its parenthesis, which a search finds fast, and then looks back. Group 1: a function with strings."""
_IMPORT = re.compile(any_of("@import"))
_ARGUMENT = re.compile(
    rb"[\t\n\f\r ]*+(?:" + _STRING + rb"|((?>(?:[^\"'()\\\t\n\f\r ]++|\\(?:" + _CODE + rb"|[^\n\f\r]))+)))"
)
_QUOTED_URL = re.compile(_STRING)
_UNQUOTED = rb"(?>(?:[^\t\n\f\r ;{@]++|@(?!" + any_of("import") + rb"))*)"
_IMPORTED = re.compile(_STRING + rb"|((?![uU][rR][lL]\()" + _UNQUOTED + rb"(?:@" + _UNQUOTED + rb")?)")
"""Without quotes it imports nothing; Chromium, reading ahead, fetches it all the same. It ends at the second
`@import` in it, so that no byte is read more than twice: the host of what is left is that word, which is no site."""
_STRINGS = re.compile(rb"[()]|" + _STRING)
_QUOTES = re.compile(rb"\\[\s\S]|([\"'])")
_NAME = re.compile(rb"@?(?>(?:[-a-zA-Z0-9_\x80-\xff]++|\\(?:" + _CODE + rb"|[^\n\f\r]))+)\(?")
_NAME_BYTES: Final = bytes(b for b in range(256) if b > 127 or chr(b).isalnum() or b in b"-_")
_ESCAPE = re.compile(rb"\\(?:([0-9a-fA-F]{1,6})" + _SPACE + rb"|\r\n|[\n\f\r]|([\s\S]))")

_DEEPEST: Final = 4
"""Functions with strings, one begun in another's arguments: where there are more, each string counts as a URL."""
_SUBSTITUTION = re.compile(
    rb"\((?<=[rRfFvVtT]\()(?:(?<="
    + rb")|(?<=".join(any_of(word) for word in ("var(", "if(", "attr(", "env(", "inherit("))
    + rb"))"
)
_OWN_FUNCTION = re.compile(rb"--[-a-zA-Z0-9_\x80-\xff]*+\(")
"""What may stand for a string that is somewhere else. An escape may too, once it is resolved."""
_LONGEST: Final = len("image-set(")
"""Bytes of a name before its first escape that can belong to an opener."""

Span = tuple[int, int]
Opener = tuple[int, bool]
"""Where the arguments of a function with strings begin, or (True) what `@import` imports."""


def may_reach_out(css: bytes) -> bool:
    """Whether `css` might name a URL at all: cheap to see."""
    return b"(" in css or b"@" in css or b"\\" in css


def url_spans(css: bytes) -> list[Span]:
    """Where each URL stands that `css` may load, in order; escapes are still in it.

    Each opener is read from itself on, for whatever comes before it: a text that a browser takes for a comment
    or a string hides none. What is read twice is bounded by `_DEEPEST`.
    """
    arguments: list[int] = []
    openers: list[Opener] = []
    for match in _OPENER.finditer(css):
        if match.lastindex is None:
            arguments.append(match.end())
        else:
            openers.append((match.end(), False))
    openers += [(match.end(), True) for match in _IMPORT.finditer(css)]
    if b"\\" in css:
        _escaped_openers(css, arguments, openers)
    found: set[Span] = set()
    for at in arguments:
        found.update(_one(_ARGUMENT, css, at))
    if not _opened(css, sorted(openers), found):
        found.update(_every_string(css))
    return sorted(found)


def _escaped_openers(css: bytes, arguments: list[int], openers: list[Opener]) -> None:
    """Add what is opened by a name with escapes in it: `u\\72l(`, `@\\69 mport`."""
    end = 0
    while (escape := css.find(b"\\", end)) >= 0:
        match = _NAME.match(css, _name_start(css, escape, end))
        end = escape + 1
        if match is None or match.end() <= end:
            continue
        end = match.end()
        text = match[0]
        if not text.endswith(b"(") and not text.startswith(b"@"):
            continue
        name = unescape(text).lower()
        if name.endswith(b"url("):
            arguments.append(end)
        elif name.endswith(_WITH_STRINGS):
            openers.append((end, False))
        elif name == b"@import":
            openers.append((end, True))


def _name_start(css: bytes, escape: int, lowest: int) -> int:
    """Where the name that has its first escape at `escape` begins, or the part of it that matters."""
    before = css[max(lowest, escape - _LONGEST) : escape]
    start = escape - len(before) + len(before.rstrip(_NAME_BYTES))
    return start - 1 if start > lowest and css[start - 1] == 64 else start


def _opened(css: bytes, openers: list[Opener], found: set[Span]) -> bool:
    """Add the strings that each of `openers` opens; return whether those are all that they may load."""
    open_ends: list[int] = []
    for at, imports in openers:
        open_ends = [end for end in open_ends if end > at]
        if len(open_ends) >= _DEEPEST:
            return False
        end = _imported(css, at, found) if imports else _strings(css, at, found)
        if not imports and _substitutes(css, at, end):
            return False
        open_ends.append(end)
    return True


def _substitutes(css: bytes, at: int, end: int) -> bool:
    return (
        css.find(b"\\", at, end) >= 0
        or _SUBSTITUTION.search(css, at, end) is not None
        or _OWN_FUNCTION.search(css, at, end) is not None
    )


def unescape(css: bytes) -> bytes:
    """`css` with its escapes resolved."""
    return _ESCAPE.sub(_meant, css) if b"\\" in css else css


def _meant(match: re.Match[bytes]) -> bytes:
    if match[1]:
        code = int(match[1], 16)
        good = 0 < code < 0xD800 or 0xDFFF < code < 0x110000
        return chr(code if good else 0xFFFD).encode()
    return match[2] or b""


def _one(pattern: re.Pattern[bytes], css: bytes, at: int) -> list[Span]:
    match = pattern.match(css, at)
    return [match.span(match.lastindex)] if match and match.lastindex else []


def _imported(css: bytes, at: int, found: set[Span]) -> int:
    """Add what follows `@import`; return how far comments before it were read."""
    filler = _FILLER.match(css, at)
    end = filler.end() if filler else at
    found.update(_one(_IMPORTED, css, end))
    return end


def _strings(css: bytes, at: int, found: set[Span]) -> int:
    """Add the strings up to the parenthesis that closes the function whose arguments begin at `at`; return
    where it stands."""
    depth = 1
    for match in _STRINGS.finditer(css, at):
        if match.lastindex:
            found.add(match.span(match.lastindex))
        else:
            depth += 1 if match[0] == b"(" else -1
        if not depth:
            return match.end()
    return len(css)


def _every_string(css: bytes) -> Iterator[Span]:
    for match in _QUOTES.finditer(css):
        if match[1]:
            yield from _one(_QUOTED_URL, css, match.start())


class DecodedCss:
    """The style sheet that `raw` means once each of `replaced` (start, end, meaning) is, and where its bytes
    stand in `raw`."""

    def __init__(self, raw: bytes, replaced: Iterable[tuple[int, int, bytes]]) -> None:
        self._starts: list[int] = []
        self._shifts: list[int] = []
        pieces, done, size = [], 0, 0
        for start, end, meant in replaced:
            pieces += [raw[done:start], meant]
            size += start - done + len(meant)
            done = end
            self._starts.append(size)
            self._shifts.append(end - size)
        self.css = b"".join([*pieces, raw[done:]]) if pieces else raw

    def raw_position(self, at: int) -> int:
        """The offset in the raw value of the offset `at` in `css`."""
        index = bisect_right(self._starts, at) - 1
        return at if index < 0 else at + self._shifts[index]


class AttributeCss(DecodedCss):
    """As an attribute's value has it."""

    def __init__(self, raw: bytes) -> None:
        found = references(raw.decode("latin-1")) if b"&" in raw else ()
        super().__init__(raw, ((start, end, meant.encode("utf-8", "replace")) for start, end, meant in found))
