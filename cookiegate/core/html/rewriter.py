"""The gate in the markup: what would reach a held third party is made inert, all else passes as it came.

Danger: this is one of two lines. What markup cannot show (injected scripts, what a script fetches) and what is
longer than `scanner.LIMIT` is held by the Content-Security-Policy alone.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from ..verdicts import Verdict
from . import grammar
from .attributes import Attribute, attributes, places, references, self_closing, value_of
from .elements import Placeholder, base_of, gate_attributes, gate_meta
from .foreign import ROOTS
from .foreign_style import ForeignCss, foreign_text
from .held_tag import LONG_STAND_INS, HeldTag, Insertion, Reason, escaped, long_insertion, ours, usual_image, usual_script
from .inserts import Inserts, PageFacts
from .json_blocks import MODULE_PREFIX, import_addresses, rule_urls
from .judge import UNNAMED, Held, Judge, VerdictsLike
from .placing import PlacingScanner
from .raw_text import END_TAGS, LONGEST_END_TAG, script_end
from .scanner import LIMIT, MORE
from .script_kind import script_kind
from .tag_memo import Decided, Key, TagMemo, key_of
from .suspects import RENAMED, suspects
from .vectors import SCRIPT_ATTRIBUTES

DEEPEST: Final = 3
"""Documents in `srcdoc` in documents in `srcdoc` that are gated inside; a deeper one is held whole."""

TOO_LONG: Final = -2

WHOLE = frozenset([b"meta", b"iframe", b"frame", b"base", b"input", b"object", b"embed", b"source"])
"""Elements of which other attributes matter than everywhere else."""

_PLAIN = frozenset([b"img", b"link", b"source", b"div", b"a", b"span", b"meta", b"input"])
"""The most frequent elements that change neither the tokenizer's state nor the document's."""


class HtmlRewriter(PlacingScanner):
    """Gates one HTML body. `verdicts` None holds nothing. `base` is the document's URL, where it is known.

    `memo` remembers tags for `verdicts` and `placeholder`. `released` says that `verdicts` hold nothing, so that
    only scripts with a signal are looked for. `scripting` False reads `<noscript>` as markup: what a browser without script sees.
    """

    def __init__(
        self,
        verdicts: VerdictsLike | None,
        inserts: Inserts | None = None,
        *,
        base: str = "",
        placeholder: Placeholder | None = None,
        memo: TagMemo | None = None,
        released: bool = False,
        scripting: bool = True,
        depth: int = 0,
    ) -> None:
        if released:
            self.in_body = grammar.OPEN_BODY
        super().__init__(inserts)
        self._memo = memo
        self._released = released
        self._judge = Judge(verdicts, base) if verdicts is not None else None
        self.held: Held = self._judge.held if self._judge else Counter()
        self._placeholder = placeholder
        self._scripting = scripting
        self._depth = depth
        self._within: list[int] = []
        self._signal_due = inserts is not None and inserts.signal is not None

    def facts(self) -> PageFacts:
        services = frozenset(service for _, _, service in self.held)
        return PageFacts(
            meta_csp=tuple(self._meta_csp), lang=self._lang, has_base=self._has_base, held=services
        )

    # -- tags

    def _start_tag(self, name: bytes, start: int, name_end: int, end: int) -> int:
        judge = self._judge
        if judge is None:
            return super()._start_tag(name, start, name_end, end)
        if self._released:
            return self._released_tag(judge, name.lower(), start, name_end, end)
        name = name.lower()
        if self._doubtful and ((renamed := name.startswith(RENAMED)) or b"<" in self._buffer[start + 1 : end]):
            begin = start if renamed else name_end
            self._within = suspects(self._buffer, begin, end, self._reaches, whole=True)[0]
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
        if verdict := judge.holding(self._buffer[source : self._buffer.find(b'"', source)]):
            judge.count(b"img", verdict)
            self._edit_all(usual_image(verdict.category, name_end, source))
        return end

    def _usual_script(self, judge: Judge, start: int, name_end: int, end: int, source: int) -> int:
        buffer = self._buffer
        if self._first_due:
            return self._script_tag(judge, start, name_end, end)
        if source < 0:
            stop = script_end(buffer, end)
            if stop < 0 or stop - end > LIMIT:
                return self._script_tag(judge, start, name_end, end)
            verdict = judge.verdicts.inline(buffer[end:stop])
        else:
            verdict = judge.verdict(buffer[source : buffer.find(b'"', source)])
            stop = end if buffer.startswith(b"</script>", end) else MORE
        if verdict is not None and verdict.hold:
            judge.count(b"script", verdict)
            self._edit_all(usual_script(buffer, verdict.category, name_end, end))
        elif verdict is not None and verdict.signal:
            self._place_signal(start, verdict)
        return stop if stop != MORE else self._enter(b"script", start, end)

    def _gated_tag(self, judge: Judge, name: bytes, start: int, name_end: int, end: int) -> int:
        if name == b"script":
            return self._script_tag(judge, start, name_end, end)
        if name == b"style":
            return self._style_tag(judge, start, name_end, end)
        if name == b"noscript" and not self._in_foreign:
            return self._noscript_tag(judge, start, name_end, end)
        if self._in_head:
            self._before_tag(name, start, name_end, end)
        self._gate_tag(judge, name, name_end, end)
        if name in _PLAIN and not self._in_head and not self._foreign.open:
            return end
        self._after_tag(name, end)
        return self._enter(name, start, end)

    def _long_start(self, name: bytes, name_end: int) -> None:
        if self._judge is not None and (text := long_insertion(name, self._buffer, name_end)):
            if name in LONG_STAND_INS:
                self._judge.note(HeldTag(), name, UNNAMED)
            self._edit(name_end, name_end, text)

    def _gate_tag(self, judge: Judge, name: bytes, name_end: int, end: int) -> None:
        """Hold what this tag's attributes reach."""
        memo = self._memo
        if memo is None or self._doubtful or judge.base or name == b"base":
            tag, found, watched = self._judged(judge, name, name_end, end)
            if tag is not None:
                self._write(tag, name, name_end, end, found, watched=watched)
            return
        key = key_of(name, self._buffer[name_end:end], foreign=self._in_foreign)
        known = memo.find(key)
        if known is None:
            known = self._decided(judge, key, name_end, end)
        else:
            judge.count_all(known[1])
        if known[0]:
            self._edit_all([(name_end + at, text) for at, text in known[0]])

    def _decided(self, judge: Judge, key: Key, name_end: int, end: int) -> Decided:
        """What goes into a tag that is not remembered yet."""
        name = key[2]
        tag, found, watched = self._judged(judge, name, name_end, end)
        edits: list[Insertion] = []
        reasons: tuple[Reason, ...] = ()
        if tag is not None and (tag.reasons or ours(name, self._buffer, name_end) >= 0):
            edits = tag.insertions(name_end, found, places(self._buffer, name_end, end, watched=watched))
            reasons = tuple(tag.reasons)
        decided = tuple((at - name_end, text) for at, text in edits), reasons
        if self._memo is not None and value_of(found, b"srcdoc") is None:
            self._memo.keep(key, decided)
        return decided

    def _judged(
        self, judge: Judge, name: bytes, name_end: int, end: int
    ) -> tuple[HeldTag | None, list[Attribute], bool]:
        """What this tag's attributes reach, the attributes, and whether those are the watched ones alone."""
        whole = name in WHOLE
        watched = not whole and not self._in_foreign and name not in ROOTS
        found = attributes(self._buffer, name_end, end, watched=watched)
        tag = gate_attributes(judge, name, found, self._placeholder)
        if whole:
            if name == b"meta":
                tag = gate_meta(judge, found) or tag
            elif name == b"iframe":
                tag = self._gate_srcdoc(judge, tag, found)
            elif name == b"base" and (tag is None or not tag.reasons):
                judge.base = base_of(found) or judge.base
        return tag, found, watched

    def _write(
        self,
        tag: HeldTag,
        name: bytes,
        name_end: int,
        end: int,
        found: list[Attribute],
        *,
        watched: bool = False,
    ) -> None:
        if tag.reasons or ours(name, self._buffer, name_end) >= 0:
            if self._within:
                tag.insert(self._within, RENAMED)
                self._within = []
            where = places(self._buffer, name_end, end, watched=watched) if found else []
            self._edit_all(tag.insertions(name_end, found, where))

    def _look_within(self, pos: int, stop: int) -> None:
        if self._doubtful:
            self._within += suspects(self._buffer, pos, stop, self._reaches, whole=True)[0]

    def _flush_within(self) -> None:
        for at in self._within:
            self._edit(at, at, RENAMED)
        self._within = []

    def _reaches(self, name: bytes, name_end: int, end: int) -> bool:
        """Whether a tag that may be one would be held."""
        judge = self._judge
        if judge is None:
            return False
        found = attributes(self._buffer, name_end, end)
        if name == b"script":
            kind = script_kind(found)
            sources = _script_sources(found, foreign=True)
            verdict = judge.first_verdict(sources) if sources and kind != "data" else None
            return kind in ("rules", "map") or (verdict is not None and verdict.hold)
        tag = gate_attributes(judge, name, found, None)
        if name == b"meta":
            tag = gate_meta(judge, found) or tag
        elif name == b"iframe":
            tag = self._gate_srcdoc(judge, tag, found)
        return tag is not None and bool(tag.reasons)

    def _swept(self, pos: int, stop: int, *, whole: bool) -> int:
        if self._judge is None:
            return stop
        whole = whole or self._final
        found, stop = suspects(self._buffer, pos, stop, self._reaches, whole=whole)
        for at in found:
            self._edit(at, at, RENAMED)
        return stop

    def _end_tag(self, name: bytes, start: int, end: int) -> int:
        doubtful = self._doubtful
        stop = super()._end_tag(name, start, end)
        if doubtful:
            self._swept(start + 2, end, whole=True)
        return stop

    def _at_end(self, at: int) -> None:
        super()._at_end(at)
        if self._doubtful and self._step == self._data_state:
            self._swept(min(at + 1, len(self._buffer)), len(self._buffer), whole=True)

    def _gate_srcdoc(self, judge: Judge, tag: HeldTag | None, found: list[Attribute]) -> HeldTag | None:
        raw = value_of(found, b"srcdoc")
        if not raw:
            return tag
        if self._depth >= DEEPEST:
            tag = tag or HeldTag()
            judge.note(tag, b"iframe", UNNAMED)
            tag.put_aside(b"srcdoc")
            return tag
        inner = self._inner(judge, scripting=True)
        gated = inner.whole(_ascii_unescaped(raw))
        if inner.held:
            tag = tag or HeldTag()
            tag.reasons += inner.held
            tag.put_aside(b"srcdoc", escaped(gated))
            judge.held.update(inner.held)
        return tag

    def _inner(self, judge: Judge, *, scripting: bool) -> HtmlRewriter:
        return HtmlRewriter(
            judge.verdicts,
            base=judge.base,
            placeholder=self._placeholder,
            memo=self._memo,
            scripting=scripting,
            depth=self._depth + 1,
        )

    # -- content

    def _content_end(self, name: bytes, pos: int) -> int:
        """Where the content that begins at `pos` ends; `MORE` where it is not known yet, or `TOO_LONG`."""
        buffer = self._buffer
        if name == b"script":
            end = script_end(buffer, pos)
        else:
            match = END_TAGS[name].search(buffer, pos)
            end = match.start() if match else -1
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
        if stop == MORE:
            return self._more(start)
        self._doubt_in_select(b"style", end)
        self._before_tag(b"style", start, name_end, end)
        found = attributes(self._buffer, name_end, end) if end - name_end > 1 else []
        tag = (gate_attributes(judge, b"style", found, None) if found else None) or HeldTag()
        if stop > 0:
            if positions := judge.sheet(tag, b"style", self._buffer[end:stop]):
                tag.insert_prefixes(end + at for at in positions)
            self._look_within(end, stop)
        self._write(tag, b"style", name_end, end, found)
        return stop if stop > 0 else self._enter(b"style", start, end)

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
        self._before_tag(b"style", start, name_end, end)
        tag = gate_attributes(judge, b"style", found, None) or HeldTag()
        if empty:
            stop = end
        elif kind == "closed" and stop - end <= LIMIT:
            sheet = ForeignCss(self._buffer[end:stop])
            positions = judge.sheet(tag, b"style", sheet.css)
            tag.insert_prefixes(end + sheet.raw_position(at) for at in positions)
        else:
            stop = end
            judge.note(tag, b"style", UNNAMED)
            tag.put_in(b"type", b"text/plain")
            tag.put_aside(b"type")
        self._write(tag, b"style", name_end, end, found)
        self._enter(b"style", start, end)
        return stop

    def _noscript_tag(self, judge: Judge, start: int, name_end: int, end: int) -> int:
        if not self._scripting:
            self._gate_tag(judge, b"noscript", name_end, end)
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
        content = self._buffer[end:stop]
        if b"<" in content:
            inner = self._inner(judge, scripting=False)
            if self._doubtful:
                inner._doubt(0)
            gated = inner.whole(content)
            if inner.held:
                judge.held.update(inner.held)
            if gated != content:
                self._edit(end, stop, gated)
            if inner.unsettled:
                self._doubt(stop)
        return stop

    # -- scripts

    def _script_tag(self, judge: Judge, start: int, name_end: int, end: int) -> int:
        found = attributes(self._buffer, name_end, end) if end - name_end > 1 else []
        kind = script_kind(found) if found else "live"
        foreign = self._in_foreign
        sources = _script_sources(found, foreign=foreign)
        stop = TOO_LONG
        tag = verdict = None
        if kind == "live" and sources:
            verdict = judge.first_verdict(sources)
        elif kind == "live" or (kind != "data" and not foreign and not self._released):
            stop = self._content_end(b"script", end)
            if stop == MORE:
                return self._more(start)
            if stop > 0:
                if kind == "live":
                    verdict = judge.verdicts.inline(self._buffer[end:stop])
                else:
                    tag = HeldTag()
                    verdict = self._json(judge, tag, kind, end, stop)
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
            self._look_within(end, stop)
        if tag is not None:
            self._write(tag, b"script", name_end, end, found)
        if stop > 0 and not foreign:
            return stop
        if not foreign and not self._doubtful and (stop := script_end(self._buffer, end)) >= 0:
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


def _script_sources(found: list[Attribute], *, foreign: bool) -> list[bytes]:
    """What a script element may load: in SVG that is `href`, and `src` means nothing to most browsers."""
    names = (b"src", b"href", b"xlink:href") if foreign else (b"src",)
    return [source for name in names if (source := value_of(found, name)) is not None]


def _ascii_unescaped(raw: bytes) -> bytes:
    """A raw value with its character references resolved, but for those that the page's encoding may lack."""
    if b"&" not in raw:
        return raw
    pieces, done = [], 0
    for start, end, meant in references(raw.decode("latin-1")):
        if meant.isascii():
            pieces += [raw[done:start], meant.encode()]
            done = end
    return b"".join([*pieces, raw[done:]])
