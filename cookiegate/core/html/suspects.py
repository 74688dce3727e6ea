"""Tags in what the tokenizer swallows: where it may be wrong about its state, any `<` may begin a tag.

Whatever state a browser is in, a tag of it begins at some `<` and reads from there on alike. So where there is
doubt, tags that would reach out are renamed wherever they stand, in raw text, comments and values too:
`<link` becomes `<gate-link`. That neither opens nor closes a quote, a comment or a tag under any reading.

A renamed tag is an element that nobody knows, and loads nothing but by its style. Where that may do so, `UNSTYLED`
follows the name: of equal attributes the first counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import Final

from .grammar import ATTRIBUTES, NAME_END, TAG_NAME, any_of
from .paint import FARTHEST, NextPaint, Paints
from .raw_text import END_TAGS, LONGEST_END_TAG
from .tape import Insertion
from .vectors import CSS_ATTRIBUTES

RENAMED: Final = b"gate-"
UNSTYLED: Final = b"/" + b"/".join(sorted(CSS_ATTRIBUTES)) + b"/"
"""Empty attributes. Slashes end a name, but no value without quotes; the last lets an attribute begin with `=`."""
LONGEST: Final = 4096
"""Bytes of a suspect that are looked at, up to the next `<`; a longer one is renamed unseen."""
BEYOND: Final = LONGEST + FARTHEST
"""Bytes from a suspect on that decide over one that does not end before the next `<`."""

CRITICAL: Final = frozenset(b"script link meta base iframe frame object embed".split())
"""What no policy holds, whole or in part."""
_LOADING: Final = CRITICAL | frozenset(
    b"img image source input video audio track use feimage style"
    b" set animate animatetransform animatemotion animatecolor".split()
)
"""What is renamed, too, where it is not to be seen whether it reaches out."""
_NAME: Final = rb"([a-zA-Z][^<\t\n\f\r />]{0,4000}+)"
"""Up to the next `<`, so that no byte of a name is read twice: what follows that is named alike."""
_SUSPECT = re.compile(rb"<(?:" + _NAME + NAME_END + rb"|" + RENAMED + rb"(?=[a-zA-Z]))")
_OWN = re.compile(rb"<" + RENAMED + rb"[a-zA-Z]")
_TAG = re.compile(rb"<" + TAG_NAME + ATTRIBUTES + rb">")
_BEGUN = re.compile(rb"<" + _NAME)
_PARTIAL = re.compile(rb"<" + _NAME + rb"?\Z")
_RENAMED = re.compile(rb"<" + RENAMED + rb"(?=[a-zA-Z])(?:" + _NAME + UNSTYLED + rb")?")
_SAYS = re.compile(rb"[(&\\]|" + any_of("background"))
"""Without any of these a tag that loads nothing by its name reaches nobody by its style."""
_GIVEN = re.compile(rb"[\t\n\f\r ]++=")
"""Announces a value where the name is an attribute's, and begins an attribute where it is a tag's. As long as a tag
is read as one, nothing may change which."""
_STYLES = re.compile(rb"[(&\\]")

Reaches = Callable[[bytes, int, int, int], bool]
"""(name in lower case, where it ends, where its tag ends and where its content may) -> whether it is held."""


class Sweep:
    """Looks for suspects in `buffer` up to `stop`, and through what they may go on with beyond.

    `names` are where those of the attributes end, if it is a tag. `final` says that nothing follows the buffer.
    """

    def __init__(
        self,
        buffer: bytes,
        stop: int,
        reaches: Reaches,
        paints: Paints,
        *,
        names: Container[int] = (),
        final: bool,
    ) -> None:
        self._buffer = buffer
        self._stop = stop
        self._reaches = reaches
        self._paint = NextPaint(buffer, len(buffer), paints)
        self._names = names
        self._unseen_from = len(buffer) if final else len(buffer) - BEYOND

    def edits(self, pos: int, *, whole: bool) -> tuple[list[Insertion], int]:
        """What goes in from `pos` on, and up to where that is decided.

        `whole` says that what is swallowed ends at `stop`; else more of it may come. All is decided where it does
        and `BEYOND` is seen.
        """
        found: list[Insertion] = []
        buffer, stop = self._buffer, self._stop
        for match in _SUSPECT.finditer(buffer, pos, stop):
            start = match.start()
            most = start + LONGEST if start + LONGEST < stop else stop
            following = buffer.find(b"<", start + 1, most)
            unseen = following < 0 or (most - following <= LONGEST_END_TAG and _is_style(match))
            if unseen and not whole and stop - start < LONGEST:
                return found, start
            tag = _TAG.match(buffer, start, most if following < 0 else following)
            if tag is None and start > self._unseen_from:
                return found, start
            if _is_own(buffer, start) or self._is_held(match, tag, following, most):
                _rename(found, match, tag, self._names)
        if not whole:
            last = buffer.rfind(b"<", pos, stop)
            if last >= 0 and _PARTIAL.match(buffer, last, stop):
                return found, last
        return found, stop

    def _is_held(
        self, match: re.Match[bytes], tag: re.Match[bytes] | None, following: int, most: int
    ) -> bool:
        name = match[1].lower()
        if name not in _LOADING:
            if tag is None:
                return self._paint.begins(match.end(), match.start() + LONGEST)
            return _SAYS.search(tag[0]) is not None and self._reaches(name, match.end(), tag.end(), 0)
        if tag is None or (name in CRITICAL and b">" in tag[0][:-1]):
            return True  # what is done to what stands around it may change its attributes
        if name != b"style":
            return self._reaches(name, match.end(), tag.end(), 0)
        closed = following >= 0 and END_TAGS[name].match(self._buffer, following, most)
        return not closed or self._reaches(name, match.end(), tag.end(), following)


def _is_style(match: re.Match[bytes]) -> bool:
    """Whether what follows the suspect decides over it, too."""
    return match[1] is not None and match[1].lower() == b"style"


def _is_own(buffer: bytes, start: int) -> bool:
    """Whether a name of the page itself begins as one that is renamed."""
    return buffer.startswith(RENAMED, start + 1) and _OWN.match(buffer, start) is not None


def _rename(
    found: list[Insertion],
    match: re.Match[bytes],
    tag: re.Match[bytes] | None,
    names: Container[int] = (),
) -> None:
    """Add to `found` what goes in at the suspect `match`, of which `tag` is seen, if it is."""
    found.append((match.start() + 1, RENAMED))
    end, buffer = match.end(1), match.string
    styled = tag is None or _STYLES.search(tag[0]) or buffer.startswith(UNSTYLED, end)
    if styled and end >= 0 and not (end in names and _GIVEN.match(buffer, end)):
        found.append((end, UNSTYLED))


def cut_off(buffer: bytes, at: int, follows: bytes) -> list[Insertion]:
    """What goes in at a tag that begins at `at` and does not end, where it may load something once it does.
    `follows` is what it would end with."""
    found: list[Insertion] = []
    match = _BEGUN.match(buffer, at)
    if match is None:
        return found
    seen = not follows or _TAG.fullmatch(buffer[at:] + follows)
    if not seen or match[1].lower() in _LOADING or _SAYS.search(buffer, at) or _is_own(buffer, at):
        _rename(found, match, None)
    return found


def renamed_back(page: bytes, begin: int) -> bytes:
    """`page` without what was inserted at the suspects after `begin`."""
    return page[:begin] + _RENAMED.sub(rb"<\1", page[begin:])


def begun_back(tag: bytes) -> bytes:
    """As `renamed_back`, for the one at which `cut_off` put something in."""
    match = _RENAMED.match(tag)
    return match.expand(rb"<\1") + tag[match.end() :] if match else tag
