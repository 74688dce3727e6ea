"""Stretches of a page that were gated before go out again without being read.

Most pages of a site are the same bytes for everyone, or are but for a token and a date. A stretch is some
kilobytes from one tag to another; what decides where it ends is its own content, so that pages which differ in
one place have most stretches in common. What goes into one is found by gating it alone (`_gated_alone`), in a
rewriter that sees nothing else, and is remembered only where that rewriter ends as it began: then by the law
that no cut changes the output it is what the whole page's rewriter would have done.
"""

from __future__ import annotations

import re
from typing import Final

from .judge import Judge
from .placing import NO_INSERTS
from .scanner import NEVER
from .site_memory import Bounded, Stretch, key_of
from .tag_gate import TagGate

LEAST: Final = 8192
"""Bytes of a stretch: what is shorter is read as fast as it is recalled."""
MOST: Final = 4 * LEAST
SHORTEST: Final = 256
"""What is left of a body and shorter is read."""
_CUT = re.compile(rb"<[a-z]")
"""A start tag: the end of nothing but text, so that a stretch before it ends where its last construct does."""
_UNSEEN: Final[Stretch] = ((), ((("", "unseen", ""), 0),))
_ONCE: Final[Stretch] = ((), ((("", "seen once", ""), 0),))


class RecallingGate(TagGate):
    """Passes what it remembers, where the tokenizer is in the data state and nothing is open but the usual."""

    def _recall(self, pos: int) -> int:
        """Pass the stretches from `pos` on that are remembered, up to the first that is not."""
        judge, memo, buffer = self._judge, self._memo, self._buffer
        if judge is None or memo is None or not self._is_plain(judge):
            self._look = pos + LEAST
            return pos
        while (stop := self._stretch_end(pos)) > pos:
            stretch = buffer[pos:stop]
            known = self._known(judge, memo.stretches, stretch)
            if known is None:
                self._look = stop
                return pos
            edits, held = known
            if edits:
                self._edit_all(edits, pos)
            for reason, number in held:
                judge.held[reason] = judge.held.get(reason, 0) + number
            pos = stop
        self._look = pos + LEAST
        return pos

    def _stretch_end(self, pos: int) -> int:
        """Where the stretch from `pos` on ends, -1 where it does not end in sight. A head is one of its own, and
        so is what is left of a body."""
        buffer = self._buffer
        if self._in_head and (end := buffer.find(b"</head", pos, pos + LEAST)) >= 0:
            return end
        cut = _CUT.search(buffer, pos + LEAST, pos + MOST)
        return cut.start() if cut else buffer.find(b"</body", pos + SHORTEST, pos + MOST)

    def _known(self, judge: Judge, memo: Bounded[Stretch], stretch: bytes) -> Stretch:
        """What goes into it, where it has come before. One that comes for the first time may be the last of its
        kind, and is worth no more than a note."""
        key = key_of(b"head" if self._in_head else b"body", stretch, self._released)
        known = memo.find(key, _UNSEEN)
        if known is _UNSEEN:
            memo.keep(key, _ONCE)
            return None
        if known is _ONCE:
            known = self._gated_alone(judge, stretch)
            memo.keep(key, known, entries=1 + (len(known[0]) if known else 0))
        return known

    def _is_plain(self, judge: Judge) -> bool:
        """Whether nothing that came before, and nothing that is still to be inserted, decides what comes."""
        if self._doubtful or self._foreign.open or self._select_open or self._templates or judge.base:
            return False
        return not (
            self._early_due
            or self._first_due
            or self._signal_due
            or (self._in_head and self._document is None)
        )

    def _gated_alone(self, judge: Judge, stretch: bytes) -> Stretch:
        """What goes into it, or None where more than the stretch decides, or what would be kept is the page's."""
        alone = type(self)(
            judge.verdicts,
            NO_INSERTS if self._in_head else None,
            shown=judge.shown,
            placeholder=self._placeholder,
            memo=self._memo,
            released=self._released,
            mark=judge.mark,
        )
        edits = alone._all_of(stretch)
        del alone._step, alone._data_state  # bound methods: else only the cycle collector frees it
        if edits is None or alone._in_head != self._in_head:
            return None
        return tuple(edits), tuple(alone.held.items())

    def _all_of(self, stretch: bytes) -> list[tuple[int, bytes]] | None:
        """What goes in; None where this ends otherwise than it began."""
        self._look_from = NEVER
        if self._in_head:
            self._document = True
            self._step = self._data_state
            self._refresh_pattern()
        self._run(stretch)
        if self._keep != len(stretch) or self.unsettled or self._ended or self._quotes:
            return None
        if self._lang or self._has_base or self._meta_csp or (self._judge and self._judge.base):
            return None
        return self._insertions()
