"""A streaming tokenizer that wakes for what matters and passes every other byte as it came.

`feed` takes any cut of the input and `close` its end; both return output. Held back is one unfinished construct,
or one element whose content decides over its start tag, 256 kB (`LIMIT`) at most: anything longer passes as it
is, and the Content-Security-Policy holds the line there. Whether something passes depends on its own length
only, so the output never depends on the cuts.
"""

from __future__ import annotations

import re
import string
import sys
from typing import Final

from . import grammar
from .foreign import ROOTS, ForeignContent
from .raw_text import END_TAGS, LONGEST_END_TAG, ScriptEnd, raw_end
from .tag_tail import TagTail
from .tape import LIMIT, MORE, Step, Tape

SLICE: Final = 64 * 1024
"""Bytes looked at in one go: the regex engine keeps marks for each tag that it swallows in one match."""

_PARTIAL = re.compile(rb"<(?:!(?:--?-?|\[[CDAT]{0,5}|[dD][a-zA-Z]{0,5})?|[/?])?\Z")
_TAG_START = re.compile(rb"</?[a-zA-Z]")
_TAG_NAME = re.compile(rb"</?([a-zA-Z][^\t\n\f\r />]*+)")
_COMMENT_END = re.compile(rb"--!?>")
_CDATA_END = re.compile(rb"\]\]>")
NEVER: Final = sys.maxsize
MARKUP_BYTES: Final = frozenset(b"%c" % byte for byte in string.ascii_letters.encode() + b"/!?")
"""What makes a `<` before it more than text."""
_BOGUS_END = re.compile(rb">")

_LEADING_ELSEWHERE: Final = frozenset([*END_TAGS, *ROOTS, b"plaintext"]) - {b"script"}
"""Elements that change the tokenizer's state, where a browser takes them in."""


class Scanner(Tape):
    """The tokenizer. A subclass overrides what it decides about, and calls `_enter` for the content."""

    in_body = grammar.IN_BODY
    in_select = grammar.IN_SELECT
    in_foreign = grammar.IN_FOREIGN

    # What a new page begins with. A page has many small ones in it (`<noscript>`, `srcdoc`): what may be shared is.
    _in_foreign = False  # as `_foreign.inside`, kept by `_refresh_pattern`
    _needle = _BOGUS_END
    _overlap = 0
    _through = False
    _long_name = b""
    _doubtful = False
    _select_open = False
    _templates = 0
    _look = NEVER
    _look_from = NEVER
    _script_end: ScriptEnd
    _tail: TagTail

    def __init__(self) -> None:
        super().__init__()
        self._pattern = self.in_body
        self._data_state: Step = self._markup
        self._step: Step = self._data_state
        self._foreign = ForeignContent()

    @property
    def unsettled(self) -> bool:
        """Whether the page ended where what would follow it is read otherwise than at its beginning."""
        started = self._step == self._data_state and not self._foreign.open and not self._select_open
        return not started or self._templates > 0 or self._doubtful or self._cut_off

    # -- what a subclass may decide

    def _start_tag(self, name: bytes, start: int, name_end: int, end: int) -> int:
        """Decide over a tag `<name …>` at `start:end`; return the position to go on from, or `MORE`."""
        return self._enter(name.lower(), start, end)

    def _usual_tag(self, start: int, name_end: int, end: int, source: int) -> int:
        """As `_start_tag`, for one of which only the value at `source` matters, -1 where a script has none."""
        return self._start_tag(self._buffer[start + 1 : name_end], start, name_end, end)

    def _long_start(self, name: bytes, name_end: int) -> None:
        """A start tag over `LIMIT` begins; only insertions right after its name are possible."""

    def _end_tag(self, name: bytes, start: int, end: int) -> int:
        """As `_start_tag`; `name` comes without its slash."""
        return self._leave(name.lower(), end)

    def _doctype(self) -> None:
        """A doctype has come."""

    def _recall(self, pos: int) -> int:
        """Asked between two constructs at or after `_look`; return where to go on from, and move `_look`."""
        return pos

    def _text(self, pos: int) -> int:
        """Text that the pattern in use does not swallow stands at `pos`."""
        raise NotImplementedError

    # -- the content of elements

    def _enter(self, name: bytes, start: int, end: int) -> int:
        """Switch to the state that reads the content of the element `name` whose tag ends at `end`."""
        self._doubt_in_select(name, end)
        if self._foreign.open or name in ROOTS:
            foreign = self._foreign.start(name, self._buffer[start:end])
            self._foreign_moved(end)
            if foreign:
                if name in END_TAGS and not self._doubtful:
                    self._needle = END_TAGS[name]
                    self._step = self._look_ahead
                return end
        if name == b"select":
            self._select_open = True
            self._refresh_pattern()
        elif name == b"frameset" or (name == b"col" and self._templates):
            self._doubt(end)
        if name in END_TAGS:
            return self._enter_raw(name, end)
        if name == b"plaintext":
            self._step = self._pass_all
        return end

    def _open(self, name: bytes, start: int, end: int) -> None:
        """Take in an element of HTML of which the content is passed otherwise; its end tag will come."""
        if self._foreign.open:
            self._foreign.start(name, self._buffer[start:end])
            self._foreign_moved(end)

    def _enter_raw(self, name: bytes, end: int) -> int:
        stop = MORE if self._doubtful else raw_end(name, self._buffer, end)
        if stop != MORE:
            return stop  # no other state is needed where the end is in sight
        if name == b"script":
            self._script_end = ScriptEnd()
            self._step = self._pass_script
        else:
            self._pass_until(END_TAGS[name], LONGEST_END_TAG)
        return end

    def _leave(self, name: bytes, end: int) -> int:
        if self._foreign.open:
            self._foreign.end(name)
            self._foreign_moved(end)
        if name == b"select" and self._select_open:
            self._select_open = False
            self._refresh_pattern()
        return end

    def _doubt_in_select(self, name: bytes, at: int) -> None:
        """Some browsers ignore most start tags in a `select`."""
        if self._select_open and name in _LEADING_ELSEWHERE:
            self._doubt(at)

    def _foreign_moved(self, at: int) -> None:
        if self._foreign.doubtful and not self._doubtful:
            self._doubt(at)
        elif self._foreign.inside != self._in_foreign or not self._foreign.open:
            self._refresh_pattern()

    def _doubt(self, at: int) -> None:
        """From `at` on, a browser may be in another state: what is swallowed is looked through (`_swept`)."""
        self._doubtful = True
        self._refresh_pattern()

    def _stopped(self, at: int) -> int:
        """Where a swallowed stretch stops that goes on to `at` at least: at the end of the input, if that is it."""
        return len(self._buffer) if self._final else at

    def _swept(self, pos: int, stop: int, *, whole: bool) -> int:
        """Look through what is swallowed from `pos` to `stop`; return up to where that could be done."""
        return stop

    def _refresh_pattern(self) -> None:
        self._in_foreign = self._foreign.inside
        if self._doubtful:
            self._pattern = grammar.DOUBTFUL
        elif self._in_foreign:
            self._pattern = self.in_foreign
        elif self._foreign.open:
            self._pattern = grammar.IN_POINT
        else:
            self._pattern = self.in_select if self._select_open else self.in_body

    # -- steps

    def _run(self, data: bytes) -> None:
        self._look = self._look_from
        super()._run(data)

    def _markup(self, pos: int) -> int:
        """Data state: swallow what is quiet, wake for each other tag."""
        buffer = self._buffer
        step = self._step
        window = pos + SLICE
        while self._step is step:
            if pos >= self._look:
                pos = self._recall(pos)
                window = min(pos + SLICE, self._look)
            match = self._pattern.match(buffer, pos, window)
            assert match is not None  # every part of a markup pattern may be empty
            group = match.lastindex
            if group is None:
                if window >= len(buffer) or window >= match.end() + 2 * LIMIT:
                    return self._unfinished(match.end())
                window = match.end() + (SLICE if match.end() > pos else 2 * LIMIT)
                pos = match.end()
                continue
            usual = 1 < group < 5
            start, name_end = match.span(group - 1 if group in (2, 4) else group)
            end = match.end()
            if end - start > LIMIT:
                return self._begin_long_tag(start - 1)
            if usual:
                source = match.start(group) if group != 3 else -1
                pos = self._usual_tag(start - 1, name_end, end, source)
            elif buffer[start] == 47:
                pos = self._end_tag(buffer[start + 1 : name_end], start - 1, end)
            else:
                pos = self._start_tag(match[group], start - 1, name_end, end)
            if pos == MORE:
                break
            if pos >= window:
                window = pos + SLICE
        return pos

    def _unfinished(self, pos: int) -> int:
        """At `pos` stands a construct whose end is not in the buffer, or nothing."""
        buffer = self._buffer
        if pos == len(buffer) or _PARTIAL.match(buffer, pos):
            return self._more(pos)
        if _TAG_START.match(buffer, pos):
            if len(buffer) - pos <= LIMIT:
                return self._more(pos)
            return self._begin_long_tag(pos)
        head = buffer[pos : pos + 9].lower()
        if head[:2] not in (b"<!", b"<?", b"</"):
            return self._text(pos)
        if head.startswith(b"<!--"):
            closed = buffer.startswith((b">", b"->"), pos + 4)
            return self._pass_construct(_COMMENT_END, 3, pos + 2 if closed else pos + 4)
        if head == b"<![cdata[" and self._in_foreign and buffer[pos + 3 : pos + 8] == b"CDATA":
            return self._cdata(pos)
        if head == b"<![cdata[" and self._foreign.open:
            self._doubt(pos)
        if head == b"<!doctype":
            self._doctype()
        return self._pass_construct(_BOGUS_END, 0, pos + 2)

    def _look_ahead(self, pos: int) -> int:
        """In foreign content, after a start tag that begins raw text to a browser that reads ahead of its parser
        (Chromium does, and fetches): both go on alike where nothing but text comes before the end tag."""
        buffer = self._buffer
        at = buffer.find(b"<", pos)
        while at >= 0 and (follows := buffer[at + 1 : at + 2]) and follows not in MARKUP_BYTES:
            at = buffer.find(b"<", at + 1)
        if not self._final and (at < 0 or len(buffer) - at <= LONGEST_END_TAG):
            return self._more(len(buffer) if at < 0 else at)
        self._step = self._data_state
        if at >= 0 and not self._needle.match(buffer, at):
            self._doubt(at)
        return pos

    def _cdata(self, pos: int) -> int:
        """A section is a comment up to its first `>` to a browser that reads ahead."""
        buffer = self._buffer
        first = buffer.find(b">", pos, pos + LIMIT)
        if first < 0 and not self._final and len(buffer) - pos < LIMIT:
            return self._more(pos)
        if first < 0 or not buffer.startswith(b"]]", max(first - 2, pos + len("<![CDATA["))):
            self._doubt(pos)
        return self._pass_construct(_CDATA_END, 2, pos + 9)

    def _pass_construct(self, needle: re.Pattern[bytes], overlap: int, pos: int) -> int:
        """A comment or the like: pass through the end of `needle`."""
        self._needle, self._overlap, self._through = needle, overlap, True
        self._step = self._pass_to_needle
        return pos

    def _pass_until(self, needle: re.Pattern[bytes], overlap: int) -> None:
        """Raw text and RCDATA: pass up to `needle`, an end tag."""
        self._needle, self._overlap, self._through = needle, overlap, False
        self._step = self._pass_to_needle

    def _pass_to_needle(self, pos: int) -> int:
        match = self._needle.search(self._buffer, pos)
        if match is None:
            stop = self._stopped(max(pos, len(self._buffer) - self._overlap))
        else:
            stop = match.end() if self._through else match.start()
        if self._doubtful and (swept := self._swept(pos, stop, whole=match is not None)) < stop:
            return self._more(swept)
        if match is None:
            return self._more(stop)
        self._step = self._data_state
        return stop

    def _pass_script(self, pos: int) -> int:
        level = self._script_end.level
        end = self._script_end.find(self._buffer, pos)
        stop = end if end >= 0 else self._stopped(self._script_end.resume)
        if self._doubtful and (swept := self._swept(pos, stop, whole=end >= 0)) < stop:
            self._script_end.level = level
            self._script_end.find(self._buffer[:swept], pos)
            return self._more(swept)
        if end < 0:
            return self._more(stop)
        self._step = self._data_state
        return end

    def _pass_all(self, pos: int) -> int:
        stop = len(self._buffer)
        return self._more(self._swept(pos, stop, whole=False) if self._doubtful else stop)

    def _begin_long_tag(self, start: int) -> int:
        name = _TAG_NAME.match(self._buffer, start)
        self._long_name = self._buffer[start + 1 : min(name.end() if name else 0, start + 32)]
        if name and name.end() <= start + 32 and not self._long_name.startswith(b"/"):
            self._long_start(self._long_name.lower(), name.end())
        self._tail = TagTail()
        self._step = self._long_tag
        return start + 2

    def _long_tag(self, pos: int) -> int:
        """A tag over `LIMIT` passes; only its content's state matters."""
        end = self._tail.end(self._buffer, pos)
        if end < 0:
            return self._more(len(self._buffer))
        self._step = self._data_state
        name = self._long_name.lower()
        if name.startswith(b"/"):
            return self._leave(name[1:], end)
        return self._enter(name, end - 2, end)
