"""One tag at a time: what its attributes reach, and the edits that make it inert."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Sequence
from typing import Final, Self

from . import grammar
from .attributes import Attribute, attributes, name_ends, places, references, value_of
from .css import AttributeCss, may_reach_out
from .elements import Placeholder, base_of, gate_attributes, gate_meta
from .foreign import ROOTS
from .foreign_style import ForeignCss
from .held_tag import LONG_STAND_INS, HeldTag, Reason, by_category, escaped, long_insertion, ours
from .inserts import Inserts, PageFacts
from .judge import UNNAMED, Held, Judge, VerdictsLike
from .placing import PlacingScanner
from .script_kind import script_kind, script_sources
from .site_memory import SiteMemory, Tag, key_of
from .suspects import BEYOND, Sweep, cut_off
from .tape import Insertion

DEEPEST: Final = 3
"""Documents in `srcdoc` in documents in `srcdoc` that are gated inside; a deeper one is held whole."""

WHOLE = frozenset([b"meta", b"iframe", b"frame", b"base", b"input", b"object", b"embed", b"source"])
"""Elements of which other attributes matter than everywhere else."""


class TagGate(PlacingScanner):
    """Knows what to do with a tag. `rewriter` decides which tags, and reads the content of elements.

    `verdicts` None holds nothing; `shown` is asked of what a page only shows, where that is judged
    otherwise. `base` is the document's URL, where it is known. `memo` remembers tags and stretches for these and
    `placeholder`. `released` says that `verdicts` hold nothing, so that only scripts with a signal are
    looked for. `mark` as in `Judge`; a `memo` is for one of them. `scripting` False reads `<noscript>` as
    markup: what a browser without script sees.
    """

    _quotes = False  # what goes in repeats the page's own bytes
    _follows = b""  # the end tag after a slice that goes on beyond it to who reads on

    def __init__(
        self,
        verdicts: VerdictsLike | None,
        inserts: Inserts | None = None,
        *,
        shown: VerdictsLike | None = None,
        base: str = "",
        placeholder: Placeholder | None = None,
        memo: SiteMemory | None = None,
        released: bool = False,
        mark: Callable[[Reason], str] = by_category,
        scripting: bool = True,
        depth: int = 0,
    ) -> None:
        if released:
            self.in_body = grammar.OPEN_BODY
        super().__init__(inserts)
        self._memo = memo
        if memo is not None and scripting and not depth:
            self._look_from = 0
        self._released = released
        self._judge = Judge(verdicts, base, shown, mark) if verdicts is not None else None
        self.held: Held = self._judge.held if self._judge else Counter()
        self._placeholder = placeholder
        self._scripting = scripting
        self._depth = depth
        self._within: list[Insertion] = []
        self._signal_due = inserts is not None and inserts.signal is not None

    def facts(self) -> PageFacts:
        services = frozenset(service for _, _, service in self.held)
        return PageFacts(
            meta_csp=tuple(self._meta_csp), lang=self._lang, has_base=self._has_base, held=services
        )

    def _long_start(self, name: bytes, name_end: int) -> None:
        if (
            self._judge is not None
            and not self._released
            and (text := long_insertion(name, self._buffer, name_end))
        ):
            if name in LONG_STAND_INS:
                self._judge.note(HeldTag(), name, UNNAMED)
            self._edit(name_end, name_end, text)

    def _gate_tag(self, judge: Judge, name: bytes, name_end: int, end: int) -> None:
        """Hold what this tag's attributes reach."""
        if self._remembered(judge, name, name_end, end):
            return
        tag, found, watched = self._judged(judge, name, name_end, end)
        edits = self._write(tag, name, name_end, end, found, watched=watched) if tag else []
        reasons = tag.reasons if tag else ()
        if name != b"base" and value_of(found, b"srcdoc") is None:
            self._remember(judge, name, name_end, end, edits, reasons)

    def _remembered(self, judge: Judge, name: bytes, name_end: int, end: int) -> bool:
        """Gate a tag as it was gated before; return whether that is known."""
        known = self._recalled(judge, name, name_end, end)
        if known is None:
            return False
        self._gate_again(judge, known, name_end)
        return True

    def _recalled(self, judge: Judge, name: bytes, name_end: int, end: int) -> Tag | None:
        memo = self._memo
        if memo is None or self._doubtful or judge.base:
            return None
        return memo.tags.find(key_of(name, self._buffer[name_end:end], self._in_foreign))

    def _gate_again(self, judge: Judge, known: Tag, name_end: int) -> None:
        edits, reasons = known
        if reasons:
            judge.count_all(reasons)
        if edits:
            self._edit_all(edits, name_end)

    def _remember(
        self,
        judge: Judge,
        name: bytes,
        name_end: int,
        end: int,
        edits: Sequence[Insertion] = (),
        reasons: Sequence[Reason] = (),
    ) -> None:
        """For `_remembered`: what went into a tag, and why. Nothing else than its own bytes may decide it."""
        if self._memo is not None and not self._doubtful and not judge.base:
            key = key_of(name, self._buffer[name_end:end], self._in_foreign)
            self._memo.tags.keep(key, (tuple((at - name_end, text) for at, text in edits), tuple(reasons)))

    def _judged(
        self, judge: Judge, name: bytes, name_end: int, end: int
    ) -> tuple[HeldTag | None, list[Attribute], bool]:
        """What this tag's attributes reach, the attributes, and whether those are the watched ones alone."""
        whole = name in WHOLE
        watched = not whole and not self._in_foreign and not self._doubtful and name not in ROOTS
        if watched and self._has_more(judge, name, name_end, end):
            watched = False
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

    def _has_more(self, judge: Judge, name: bytes, name_end: int, end: int) -> bool:
        """Whether an attribute counts that is not among the watched ones: what a link preloads, where that is asked;
        what an image does when it fails, as a held one does."""
        if name == b"img":
            return self._answers_failure(name_end, end)
        return judge.lenient and name == b"link"

    def _answers_failure(self, name_end: int, end: int) -> bool:
        find = self._buffer.find
        return find(b"rror", name_end, end) >= 0 or find(b"RROR", name_end, end) >= 0

    def _write(
        self,
        tag: HeldTag,
        name: bytes,
        name_end: int,
        end: int,
        found: list[Attribute],
        *,
        watched: bool = False,
    ) -> list[Insertion]:
        if not tag.reasons and ours(name, self._buffer, name_end) < 0:
            return []
        if self._within:
            tag.rename(self._within)
            self._within = []
        where = places(self._buffer, name_end, end, watched=watched) if found else []
        edits = tag.insertions(name_end, found, where, self._judge.mark if self._judge else by_category)
        self._edit_all(edits)
        return edits

    def _look_within(self, pos: int, stop: int) -> None:
        if self._doubtful and not self._released:
            self._within += self._sweep(stop).edits(pos, whole=True)[0]

    def _flush_within(self) -> None:
        self._edit_all(self._within)
        self._within = []

    def _reaches(self, name: bytes, name_end: int, end: int, stop: int) -> bool:
        """Whether a tag that may be one would be held, with content up to `stop`."""
        judge = self._judge
        if judge is None:
            return False
        found = attributes(self._buffer, name_end, end)
        if name == b"script":
            kind = script_kind(found)
            sources = script_sources(found, foreign=True)
            verdict = judge.first_verdict(sources)
            return kind in ("rules", "map") or (verdict is not None and verdict.hold)
        tag = gate_attributes(judge, name, found, None)
        if name == b"meta":
            tag = gate_meta(judge, found) or tag
        elif name == b"iframe":
            tag = self._gate_srcdoc(judge, tag, found)
        elif name == b"style":
            return tag is not None or may_reach_out(ForeignCss(self._buffer[end:stop]).css)
        return tag is not None and bool(tag.reasons)

    def _paints(self, name: bytes, raw: bytes) -> bool:
        """Whether an attribute of an element that nobody knows would be held."""
        if self._judge is None:
            return False
        if name == b"background":
            return self._judge.holding(raw) is not None
        return (b"&" in raw or may_reach_out(raw)) and bool(self._judge.hosts_in(AttributeCss(raw).css))

    def _swept(self, pos: int, stop: int, *, whole: bool) -> int:
        if self._judge is None or self._released:
            return stop
        whole = whole or self._final
        found, stop = self._sweep(stop).edits(pos, whole=whole)
        self._edit_all(found)
        return stop

    def _sweep(self, stop: int, names: Container[int] = ()) -> Sweep:
        return Sweep(self._buffer, stop, self._reaches, self._paints, names=names, final=self._final)

    def _unseen(self, stop: int) -> bool:
        """Whether what a suspect before `stop` may go on with has not come yet."""
        return not self._final and len(self._buffer) - stop < BEYOND

    def _end_tag(self, name: bytes, start: int, end: int) -> int:
        doubtful = self._doubtful and self._judge is not None and not self._released
        if doubtful and self._unseen(end) and b"<" in self._buffer[start + 1 : end]:
            return self._more(start)
        stop = super()._end_tag(name, start, end)
        if doubtful:
            self._edit_all(self._suspects_in(start + 2, start + 2 + len(name), end))
        return stop

    def _suspects_in(self, pos: int, name_end: int, end: int) -> list[Insertion]:
        """What goes in from `pos` on at those in a tag."""
        return self._sweep(end, name_ends(self._buffer, name_end, end)).edits(pos, whole=True)[0]

    def _at_end(self, at: int) -> None:
        super()._at_end(at)
        if self._judge is None or self._released or self._step != self._data_state:
            return
        begun = [] if self._scripting else cut_off(self._buffer, at, self._follows)
        self._edit_all(begun)
        if self._doubtful:
            self._swept(begun[-1][0] if begun else at, len(self._buffer), whole=True)

    def _gate_srcdoc(self, judge: Judge, tag: HeldTag | None, found: list[Attribute]) -> HeldTag | None:
        raw = value_of(found, b"srcdoc")
        if not raw:
            return tag
        if self._depth >= DEEPEST or self._within:  # renaming there changes what it says
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
            self._quotes = True
            judge.held.update(inner.held)
        return tag

    def _inner(self, judge: Judge, *, scripting: bool) -> Self:
        """For markup that stands in this page's, in one piece."""
        return type(self)(
            judge.verdicts,
            shown=judge.shown,
            base=judge.base,
            placeholder=self._placeholder,
            memo=self._memo,
            mark=judge.mark,
            scripting=scripting,
            depth=self._depth + 1,
        )


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
