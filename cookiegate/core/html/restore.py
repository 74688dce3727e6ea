"""Take the gate's edits out of a page again: the rewriter's law, `restore(gate(page)) == page`."""

from __future__ import annotations

from . import grammar
from .attributes import Attribute, Place, attributes, places
from .css import PREFIX, AttributeCss, url_spans
from .foreign_style import ForeignCss, foreign_text, is_split
from .held_tag import ASIDE, ours, ours_in_long
from .json_blocks import MODULE_PREFIX, import_addresses
from .raw_text import END_TAGS, ScriptEnd
from .scanner import Scanner
from .script_kind import script_kind
from .suspects import begun_back, renamed_back
from .vectors import CSS_ATTRIBUTES


def restore(gated: bytes) -> bytes:
    """The page that was gated to `gated`, but for what was inserted beside held elements (banner, link)."""
    scanner = Restorer()
    return scanner.feed(gated) + scanner.close()


class Restorer(Scanner):
    """Not for streams: the whole page is looked at in one piece. `scripting` as in `HtmlRewriter`."""

    in_body = in_select = grammar.EVERY_TAG
    in_foreign = grammar.EVERY_FOREIGN_TAG

    def __init__(self, *, scripting: bool = True, renamed: bool = True) -> None:
        super().__init__()
        self._scripting = scripting
        self._renamed = renamed  # whether suspects still are
        self._doubtful_from = -1

    def _doubt(self, at: int) -> None:
        if not self._doubtful:
            self._doubtful_from = at
        super()._doubt(at)

    def close(self) -> bytes:
        gated = self.pending
        page = super().close()
        if self._doubtful_from < 0 or not self._renamed:
            return page
        again = Restorer(scripting=self._scripting, renamed=False)
        return again.whole(renamed_back(gated, self._doubtful_from))

    def _at_end(self, at: int) -> None:
        plain = not self._scripting and not self._doubtful and self._step == self._data_state
        if plain and at < len(self._buffer):
            self._edit(at, len(self._buffer), begun_back(self._buffer[at:]))

    def feed(self, data: bytes) -> bytes:
        self._waiting.append(data)
        return b""

    def _start_tag(self, name: bytes, start: int, name_end: int, end: int) -> int:
        name = name.lower()
        found = []
        own_start = ours(name, self._buffer, name_end)
        if own_start >= 0:
            self._edit(name_end, own_start, b"")
            found = attributes(self._buffer, own_start, end)
            for attribute, place in zip(found, places(self._buffer, own_start, end), strict=True):
                self._restore_attribute(attribute, place)
        if name == b"noscript" and not self._in_foreign and self._scripting:
            self._doubt_in_select(name, end)
            self._open(name, start, end)
            return self._restore_noscript(end)
        if name == b"template" and not self._in_foreign:
            self._templates += 1
        if name == b"noscript" and not self._in_foreign:
            self._open(name, start, end)
            return end
        foreign = self._in_foreign
        mapped = name == b"script" and not foreign and script_kind(found) == "map"
        whole = name == b"style" and b" type=" in self._buffer[name_end : max(own_start, name_end)]
        if whole and self._buffer.startswith(PREFIX, end):
            self._edit(end, end + len(PREFIX), b"")
        if own_start >= 0 and not whole and (name == b"style" or mapped):
            return self._restore_content(name, start, end)
        return self._enter(name, start, end)

    def _end_tag(self, name: bytes, start: int, end: int) -> int:
        if name.lower() == b"template" and self._templates and not self._in_foreign:
            self._templates -= 1
        return super()._end_tag(name, start, end)

    def _long_start(self, name: bytes, name_end: int) -> None:
        own_end = ours_in_long(name, self._buffer, name_end)
        if own_end >= 0:
            self._edit(name_end, own_end, b"")

    def _restore_attribute(self, attribute: Attribute, place: Place) -> None:
        (name, raw), (start, value_start) = attribute, place
        if name.startswith(ASIDE):
            self._edit(start, start + len(ASIDE), b"")
        elif name in CSS_ATTRIBUTES:
            sheet = AttributeCss(raw)
            for at, _ in url_spans(sheet.css):
                if sheet.css.startswith(PREFIX, at):
                    begin = value_start + sheet.raw_position(at)
                    self._edit(begin, begin + len(PREFIX), b"")

    def _restore_noscript(self, end: int) -> int:
        match = END_TAGS[b"noscript"].search(self._buffer, end)
        stop = match.start() if match else len(self._buffer)
        inner = Restorer(scripting=False)
        if self._doubtful:
            Scanner._doubt(inner, 0)  # this one's own restoring reaches into it
        inner.feed(self._buffer[end:stop])
        self._edit(end, stop, inner.close())
        if inner.unsettled:
            self._doubt(stop)
        return stop

    def _restore_content(self, name: bytes, start: int, end: int) -> int:
        foreign = self._in_foreign
        pos = self._enter(name, start, end)
        stop = self._content_stop(name, end, foreign=foreign)
        text = self._buffer[end:stop]
        if foreign and name == b"style" and is_split(self._buffer, end, stop):
            self._doubt(end)
        if name == b"script":
            found = [at for at, url in import_addresses(text) if text.startswith(MODULE_PREFIX, at)]
            length = len(MODULE_PREFIX)
        else:
            sheet = ForeignCss(text) if foreign else None
            css = sheet.css if sheet else text
            found = [at for at, _ in url_spans(css) if css.startswith(PREFIX, at)]
            found = [sheet.raw_position(at) for at in found] if sheet else found
            length = len(PREFIX)
        for at in found:
            self._edit(end + at, end + at + length, b"")
        return stop if foreign and name == b"style" else pos

    def _content_stop(self, name: bytes, pos: int, *, foreign: bool) -> int:
        if foreign and name == b"style":
            return foreign_text(self._buffer, pos)[0]
        if name == b"script":
            found = ScriptEnd().find(self._buffer, pos)
            return found if found >= 0 else len(self._buffer)
        match = END_TAGS[name].search(self._buffer, pos)
        return match.start() if match else len(self._buffer)
