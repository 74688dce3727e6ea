"""The gate in the markup: what would reach a held third party is made inert, all else passes as it came.

Danger: this is one of two lines. What markup cannot show (injected scripts, what a script fetches) and what is
longer than `tape.LIMIT` is held by the Content-Security-Policy alone.
"""

from __future__ import annotations

from typing import Final

from ..verdicts import Verdict
from . import grammar
from .attributes import attributes, self_closing
from .elements import base_of, gate_attributes
from .encoding import EARLY, is_stateful
from .foreign_style import ForeignCss, foreign_text, is_split
from .held_tag import HeldTag, Reason, usual_image, usual_script
from .json_blocks import MODULE_PREFIX, import_addresses, rule_urls
from .judge import UNNAMED, Judge
from .raw_text import LONGEST_END_TAG, raw_end, script_end
from .recall import RecallingGate
from .script_kind import script_kind, script_sources
from .suspects import RENAMED
from .tape import LIMIT, MORE, Insertion
from .vectors import SCRIPT_ATTRIBUTES

TOO_LONG: Final = -2

_PLAIN = frozenset([b"img", b"link", b"source", b"div", b"a", b"span", b"meta", b"input"])
"""The most frequent elements that change neither the tokenizer's state nor the document's."""


class HtmlRewriter(RecallingGate):
    """Gates one HTML body, in any cut (`feed`, `close`) or at once (`whole`)."""

    def _start_tag(self, name: bytes, start: int, name_end: int, end: int) -> int:
        judge = self._judge
        if judge is None:
            return super()._start_tag(name, start, name_end, end)
        if self._released:
            return self._released_tag(judge, name.lower(), start, name_end, end)
        name = name.lower()
        if self._doubtful and (
            (renamed := name.startswith(RENAMED)) or b"<" in self._buffer[start + 1 : end]
        ):
            if self._unseen(end):
                return self._more(start)
            self._within = self._suspects_in(start if renamed else start + 1, name_end, end)
        stop = self._gated_tag(judge, name, start, name_end, end)
        if self._within:
            if stop != MORE:
                self._flush_within()
            self._within = []
        return stop

    def _released_tag(self, judge: Judge, name: bytes, start: int, name_end: int, end: int) -> int:
        if name == b"script" and self._signal_due:
            return self._script_tag(judge, start, name_end, end)
        if name == b"base":
            judge.base = judge.base or base_of(attributes(self._buffer, name_end, end))
        return super()._start_tag(name, start, name_end, end)

    def _usual_tag(self, start: int, name_end: int, end: int, source: int) -> int:
        judge = self._judge
        if judge is None or self._released:
            return super()._usual_tag(start, name_end, end, source)
        if name_end - start != len("<img"):
            return self._usual_script(judge, start, name_end, end, source)
        if self._in_head:
            return self._gated_tag(judge, b"img", start, name_end, end)
        self._usual_image(judge, name_end, source, end)
        return end

    def _usual_image(self, judge: Judge, name_end: int, source: int, end: int) -> None:
        if verdict := judge.holding_shown(self._buffer[source : self._buffer.find(b'"', source)]):
            if self._answers_failure(name_end, end):
                self._gate_tag(judge, b"img", name_end, end)
                return
            reason = judge.count(b"img", verdict)
            self._edit_all(usual_image(judge.mark(reason), name_end, source))

    def _usual_script(self, judge: Judge, start: int, name_end: int, end: int, source: int) -> int:
        buffer = self._buffer
        if self._first_due:
            return self._script_tag(judge, start, name_end, end)
        if source < 0:
            stop = script_end(buffer, end)
            if stop < 0 or stop - end > LIMIT:
                return self._script_tag(judge, start, name_end, end)
            verdict = judge.verdicts.inline(buffer[end:stop])
        elif self._remembered(judge, b"script", name_end, end):
            return self._enter(b"script", start, end)
        else:
            verdict = judge.verdict(buffer[source : buffer.find(b'"', source)])
            stop = MORE
        edits: list[Insertion] = []
        reasons: list[Reason] = []
        if verdict is not None and verdict.hold:
            reasons = [judge.count(b"script", verdict)]
            edits = usual_script(buffer, judge.mark(reasons[0]), name_end, end)
            self._edit_all(edits)
        elif verdict is not None and verdict.signal:
            self._place_signal(start, verdict)
        if stop != MORE:
            return stop
        if edits or verdict is None:
            self._remember(judge, b"script", name_end, end, edits, reasons)
        return self._enter(b"script", start, end)

    def _gated_tag(self, judge: Judge, name: bytes, start: int, name_end: int, end: int) -> int:
        if name == b"script":
            return self._script_tag(judge, start, name_end, end)
        if name == b"style":
            return self._style_tag(judge, start, name_end, end)
        if name == b"noscript" and not self._in_foreign:
            return self._noscript_tag(judge, start, name_end, end)
        if name == b"meta" and self._switches_early(start, name_end, end):
            self._step = self._pass_all
            return end
        if self._in_head:
            self._before_tag(name, start, name_end, end)
        self._gate_tag(judge, name, name_end, end)
        if name in _PLAIN and not self._in_head and not self._foreign.open:
            return end
        self._after_tag(name, end)
        return self._enter(name, start, end)

    def _switches_early(self, start: int, name_end: int, end: int) -> bool:
        """Whether a `<meta>` says where it has to that the page is stateful: then it is, and passes from there on.
        A later one is held, so that a browser reads the page as it was read here."""
        if self._passed + start >= EARLY or self._depth or self._doubtful:
            return False
        return is_stateful(attributes(self._buffer, name_end, end))

    # -- content

    def _content_end(self, name: bytes, pos: int) -> int:
        """Where the content that begins at `pos` ends; `MORE` where it is not known yet, or `TOO_LONG`."""
        buffer = self._buffer
        end = raw_end(name, buffer, pos)
        if end >= 0:
            return end if end - pos <= LIMIT else TOO_LONG
        return self._open_end(pos)

    def _open_end(self, pos: int) -> int:
        if len(self._buffer) - pos > LIMIT + LONGEST_END_TAG:
            return TOO_LONG
        if not self._final:
            return MORE
        self._left_open = self._cut_off = True
        return len(self._buffer)

    def _style_tag(self, judge: Judge, start: int, name_end: int, end: int) -> int:
        if self._in_foreign:
            return self._foreign_style_tag(judge, start, name_end, end)
        stop = self._content_end(b"style", end)
        if stop == MORE or (stop > 0 and self._may_be_looked_through() and self._unseen(stop)):
            return self._more(start)
        self._doubt_in_select(b"style", end)
        if stop > 0:
            self._open(b"style", start, end)
        self._before_tag(b"style", start, name_end, end)
        found = attributes(self._buffer, name_end, end) if end - name_end > 1 else []
        tag = (gate_attributes(judge, b"style", found, None) if found else None) or HeldTag()
        if stop > 0:
            css = self._buffer[end:stop]
            if self._goes_on(stop) or (b"\0" in css and self._read_otherwise(judge, end, stop, css)):
                self._hold_whole(judge, tag, end)
            elif positions := judge.sheet(tag, b"style", css):
                tag.insert_prefixes(end + at for at in positions)
            self._look_within(end, stop)
        self._write(tag, b"style", name_end, end, found)
        return stop if stop > 0 else self._enter(b"style", start, end)

    def _may_be_looked_through(self) -> bool:
        """Whether an element that begins here may be in doubt."""
        return self._doubtful or self._select_open or bool(self._foreign.open)

    def _foreign_style_tag(self, judge: Judge, start: int, name_end: int, end: int) -> int:
        """A style element in SVG. One with elements in it, or too long, is held whole: which text is its own,
        a tokenizer does not know."""
        found = attributes(self._buffer, name_end, end)
        empty = self_closing(self._buffer, name_end, end)
        stop, kind = foreign_text(self._buffer, end)
        if kind == "open" and not empty and len(self._buffer) - end <= LIMIT + LONGEST_END_TAG:
            if not self._final:
                return self._more(start)
            kind = "closed" if stop == len(self._buffer) else kind
        split = kind == "closed" and is_split(self._buffer, end, stop)
        if split and self._unseen(stop):
            return self._more(start)
        self._before_tag(b"style", start, name_end, end)
        tag = gate_attributes(judge, b"style", found, None) or HeldTag()
        sheet = ForeignCss(self._buffer[end:stop]) if kind == "closed" and stop - end <= LIMIT else None
        if empty:
            stop = end
        elif sheet and not self._goes_on(stop) and not self._read_otherwise(judge, end, stop, sheet.css):
            if split:
                self._doubt(end)
                self._look_within(end, stop)
            positions = judge.sheet(tag, b"style", sheet.css)
            tag.insert_prefixes(end + sheet.raw_position(at) for at in positions)
        else:
            stop = end
            self._hold_whole(judge, tag, end)
        self._write(tag, b"style", name_end, end, found)
        self._enter(b"style", start, end)
        return stop

    def _goes_on(self, stop: int) -> bool:
        """Whether a sheet that ends at `stop` does not where `</noscript>` is no end tag."""
        return stop == len(self._buffer) and bool(self._follows)

    def _read_otherwise(self, judge: Judge, pos: int, stop: int, css: bytes) -> bool:
        """Whether the sheet at `pos`, which a parser reads as `css`, reaches who is held where it is read as
        Chromium does ahead of its parser: as HTML's also in SVG, and without the zero bytes."""
        raw = self._buffer[pos:stop]
        ahead = raw.replace(b"\0", b"") if b"\0" in raw else raw
        return ahead != css and b"@" in ahead and not judge.hosts_in(ahead) <= judge.hosts_in(css)

    def _hold_whole(self, judge: Judge, tag: HeldTag, content: int) -> None:
        """Hold a style element: a parser minds its `type`, who reads ahead imports only at the very start."""
        judge.note(tag, b"style", UNNAMED)
        tag.put_in(b"type", b"text/plain")
        tag.put_aside(b"type")
        tag.insert_prefixes([content])

    def _noscript_tag(self, judge: Judge, start: int, name_end: int, end: int) -> int:
        if not self._scripting:
            self._gate_tag(judge, b"noscript", name_end, end)
            self._open(b"noscript", start, end)
            return end
        stop = self._content_end(b"noscript", end)
        if stop == MORE:
            return self._more(start)
        self._doubt_in_select(b"noscript", end)
        self._before_tag(b"noscript", start, name_end, end)
        self._gate_tag(judge, b"noscript", name_end, end)
        if stop == TOO_LONG:
            self._doubt(end)
            return self._enter(b"noscript", start, end)
        self._open(b"noscript", start, end)
        content = self._buffer[end:stop]
        if b"<" in content and not self._lone_image(judge, end, stop):
            inner = self._inner(judge, scripting=False)
            inner._follows = self._buffer[stop : stop + len(b"</noscript>")]
            if self._doubtful:
                inner._doubt(0)
            inner._run_out(content)
            if inner.held:
                judge.held.update(inner.held)
            self._edit_all(inner._insertions(), end)
            self._quotes = self._quotes or inner._quotes
            if inner.unsettled:
                self._doubt(stop)
        return stop

    def _lone_image(self, judge: Judge, start: int, stop: int) -> bool:
        """Gate markup that holds nothing but one usual image: most trackers' `<noscript>` does. Return whether
        it was that."""
        match = grammar.IN_BODY.match(self._buffer, start, stop)
        if self._doubtful or match is None or match.lastindex != 2:
            return False
        if self._buffer.find(b"<", match.end(), stop) >= 0:
            return False
        self._usual_image(judge, match.end(1), match.start(2), match.end())
        return True

    # -- scripts

    def _script_tag(self, judge: Judge, start: int, name_end: int, end: int) -> int:
        if known := self._recalled(judge, b"script", name_end, end):
            self._before_tag(b"script", start, name_end, end)
            self._gate_again(judge, known, name_end)
            return self._enter(b"script", start, end)
        found = attributes(self._buffer, name_end, end) if end - name_end > 1 else []
        kind = script_kind(found) if found else "live"
        foreign = self._in_foreign
        sources = script_sources(found, foreign=foreign)
        stop = TOO_LONG
        tag = verdict = None
        if sources and (
            kind == "live" or (foreign and kind == "data")
        ):  # in SVG, Chromium fetches them whatever their type
            verdict = judge.first_verdict(sources)
        elif kind == "live" or (kind != "data" and not foreign and not self._released):
            stop = self._content_end(b"script", end)
            if stop == MORE or (stop > 0 and self._may_be_looked_through() and self._unseen(stop)):
                return self._more(start)
            if stop > 0:
                if kind == "live":
                    verdict = judge.verdicts.inline(self._buffer[end:stop])
                else:
                    tag = HeldTag()
                    verdict = self._json(judge, tag, kind, end, stop)
            elif kind == "rules":
                verdict = UNNAMED
        elif kind in ("map", "rules") and not self._released:
            verdict = UNNAMED  # in a drawing they count too; there is no telling which text is theirs
        self._before_tag(b"script", start, name_end, end)
        if verdict is not None and verdict.hold:
            tag = tag or HeldTag()
            judge.note(tag, b"script", verdict)
            tag.put_in(b"type", b"text/plain")
            tag.put_all_aside(SCRIPT_ATTRIBUTES)
        elif verdict is not None and verdict.signal:
            self._place_signal(start, verdict)
        if found and not self._released and (other := gate_attributes(judge, b"script", found, None)):
            tag = tag.take(other) if tag else other
        if stop > 0 and not foreign:
            self._open(b"script", start, end)
            self._look_within(end, stop)
        if tag is not None:
            self._write(tag, b"script", name_end, end, found)
        elif kind == "data":
            self._remember(judge, b"script", name_end, end)
        if stop > 0 and not foreign:
            return stop
        return self._enter(b"script", start, end)

    def _json(self, judge: Judge, tag: HeldTag, kind: str, start: int, stop: int) -> Verdict | None:
        text = self._buffer[start:stop]
        if kind == "rules":
            urls, anywhere = rule_urls(text)
            for url in urls:
                if verdict := judge.holding_read(url.encode("utf-8", "replace")):
                    return verdict
            return UNNAMED if anywhere else None
        positions = []
        for at, url in import_addresses(text):
            if text.startswith(MODULE_PREFIX, at):
                positions.append(start + at)
            elif verdict := judge.holding_read(url.encode("utf-8", "replace")):
                judge.note(tag, b"script", verdict)
                positions.append(start + at)
        tag.insert(positions, MODULE_PREFIX)
        return None

    def _place_signal(self, at: int, verdict: Verdict) -> None:
        """Before the first released script of a vendor, where the document may be written to."""
        if self._signal_due and self._document and not self._templates and self._inserts.signal:
            self._signal_due = False
            self._insert(at, self._inserts.signal(frozenset([verdict.signal]), self.facts()))
