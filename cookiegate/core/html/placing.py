"""Where insertions go: the start and the end of the body, implied ones too, and before scripts.

"The start of the body" is what tree construction makes it (HTML standard, 13.2.6.4.1 to 13.2.6.4.7): the first
start tag that may not stand in a head, the first text that is not white space, or an end tag that implies it.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import Final

from . import grammar
from .attributes import Attribute, attributes, text_of, value_of
from .inserts import Inserts, PageFacts
from .scanner import Scanner

SETTINGS: Final = b"/_gate/settings"
"""Where a page names this address it has a settings link of its own."""

_SETTINGS = re.compile(rb"_(?<=/_)gate/settings")
"""From its rarest byte, which a search finds at memory speed."""
_HEAD_TAGS = frozenset(
    b"html head base basefont bgsound link meta noframes noscript script style template title".split()
)
_BODY_ENDS = frozenset([b"body", b"html"])
NO_INSERTS: Final = Inserts()
_DATA_STARTS = (b"{", b"[")


class PlacingScanner(Scanner):
    """A scanner that knows where it stands in the document, and inserts there."""

    in_known_head = grammar.IN_KNOWN_HEAD

    _ended = False
    _early_due = False
    _first_due = False
    _link_seen = False
    _before = b""
    _lang = ""
    _has_base = False
    _left_open = False

    def __init__(self, inserts: Inserts | None = None) -> None:
        super().__init__()
        self._inserts = inserts or NO_INSERTS
        self._in_head = inserts is not None
        self._document: bool | None = None if inserts is not None else False
        self._meta_csp: list[str] = []
        if inserts is not None:
            self._early_due = inserts.early is not None
            self._first_due = inserts.first is not None
            self._step = self._skip_byte_order_mark
            self._refresh_pattern()

    def facts(self) -> PageFacts:
        return PageFacts(meta_csp=tuple(self._meta_csp), lang=self._lang, has_base=self._has_base)

    # -- the document

    def _skip_byte_order_mark(self, pos: int) -> int:
        if len(self._buffer) < len(BOM_UTF8) and BOM_UTF8.startswith(self._buffer) and not self._final:
            return self._more(pos)
        self._step = self._data_state
        return len(BOM_UTF8) if self._buffer.startswith(BOM_UTF8) else pos

    def _refresh_pattern(self) -> None:
        super()._refresh_pattern()
        if self._in_head and not self._templates and not self._in_foreign:
            if self._doubtful:
                self._pattern = grammar.DOUBTFUL_IN_HEAD
            else:
                every = self._document is None or self._early_due
                self._pattern = grammar.IN_HEAD if every else self.in_known_head

    def _doctype(self) -> None:
        if self._document is None:
            self._document = True
            self._refresh_pattern()

    def _text(self, pos: int) -> int:
        if self._document is None and self._buffer[pos : pos + 1] in _DATA_STARTS:
            self._document = False  # JSON that calls itself HTML
        self._begin_body(pos)
        return pos

    def _begin_body(self, at: int) -> None:
        if self._document is None:
            self._document = self._inserts.sure
        self._place_early(at)
        self._in_head = False
        self._refresh_pattern()
        self._look = self._look_from
        if self._document and self._inserts.banner:
            self._insert(at, self._inserts.banner(self.facts()))

    def _end_body(self, at: int) -> None:
        if self._ended or self._templates:
            return
        self._ended = True
        if not self._document:
            return
        self._place_first(at)
        if self._inserts.link and not self._has_settings_link(at):
            self._insert(at, self._inserts.link(self.facts()))

    def _has_settings_link(self, upto: int) -> bool:
        """Whether the input up to `upto` names the settings page, over any cut."""
        return (
            self._link_seen
            or _SETTINGS.search(self._buffer, 0, upto) is not None
            or SETTINGS in self._before + self._buffer[: min(upto, len(SETTINGS) - 1)]
        )

    def _insert(self, at: int, text: bytes) -> None:
        if text:
            self._edit(at, at, text)

    def _place_early(self, at: int) -> None:
        """Insert what must come before anything else of the head."""
        if self._early_due and self._document and self._inserts.early:
            self._early_due = False
            self._insert(at, self._inserts.early(self.facts()))
            self._refresh_pattern()

    def _place_first(self, at: int) -> None:
        """Insert what must come before any script runs."""
        if self._first_due and self._document and not self._templates and self._inserts.first:
            self._first_due = False
            self._insert(at, self._inserts.first(self.facts()))

    # -- hooks of the scanner

    def _start_tag(self, name: bytes, start: int, name_end: int, end: int) -> int:
        name = name.lower()
        self._before_tag(name, start, name_end, end)
        self._after_tag(name, end)
        return self._enter(name, start, end)

    def _before_tag(self, name: bytes, start: int, name_end: int, end: int) -> None:
        """Insert what belongs before this start tag, and learn from it."""
        if self._in_head and not self._templates:
            self._head_start(name, start, name_end, end)
        if name == b"script" and not self._in_foreign:
            self._place_first(start)

    def _after_tag(self, name: bytes, end: int) -> None:
        """Insert what belongs after this start tag."""
        if name == b"body" and self._in_head and not self._templates:
            self._begin_body(end)
        elif name == b"head" and self._in_head:
            self._place_early(end)
        elif name == b"template" and not self._in_foreign:
            self._templates += 1
            self._refresh_pattern()

    def _head_start(self, name: bytes, start: int, name_end: int, end: int) -> None:
        """A start tag before the body has begun."""
        if name in (b"html", b"meta", b"base"):
            self._learn(name, attributes(self._buffer, name_end, end))
        if self._document is None:
            self._document = name == b"html" or self._inserts.sure
            self._refresh_pattern()
        if name not in (b"html", b"head"):
            self._place_early(start)
        if name == b"frameset":
            self._document = False
        if name not in _HEAD_TAGS and name != b"body":
            self._begin_body(start)

    def _learn(self, name: bytes, found: list[Attribute]) -> None:
        if name == b"html":
            self._lang = text_of(value_of(found, b"lang") or b"")
            self._look = self._look_from  # what comes is a head that many pages may have
        elif name == b"base":
            self._has_base = self._has_base or value_of(found, b"href") is not None
        elif (value_of(found, b"http-equiv") or b"").strip().lower() == b"content-security-policy":
            self._meta_csp.append(text_of(value_of(found, b"content") or b""))

    def _end_tag(self, name: bytes, start: int, end: int) -> int:
        name = name.lower()
        if name == b"template" and self._templates and not self._in_foreign:
            self._templates -= 1
            self._refresh_pattern()
        if self._in_head and not self._templates and name == b"head":
            self._place_early(start)
        if not self._templates and (name in _BODY_ENDS or name == b"br"):
            if self._in_head:
                self._begin_body(start)
            if name != b"br":
                self._end_body(start)
        return self._leave(name, end)

    def _at_end(self, at: int) -> None:
        if self._step is not self._data_state or self._in_foreign or self._left_open:
            return  # inside a comment, a script or the like: what we wrote there would be part of it
        if self._in_head and not self._templates:
            self._begin_body(at)
        self._end_body(at)

    def _taken(self, upto: int) -> bytes:
        if self._inserts.link and not self._ended:
            self._link_seen = self._has_settings_link(upto)
            overlap = len(SETTINGS) - 1
            self._before = (self._before + self._buffer[max(0, upto - overlap) : upto])[-overlap:]
        return super()._taken(upto)
