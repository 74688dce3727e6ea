"""One HTML body on its way out: decoded, rewritten, coded again.

Danger: nothing here may break a page. A fault of ours lets the rest of the body pass as it came, with
nothing more inserted: the `Content-Security-Policy` that went ahead of it already holds the line.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from .codings import DECODERS, Coder, Decoder

log = logging.getLogger("cookiegate")

Held = Counter[tuple[str, str, str]]
"""(kind of element, category, service or host) -> how many were held."""


class Rewriter(Protocol):
    """What `core.html.HtmlRewriter` offers; `pending` is what was fed and not yet given back."""

    held: Held

    @property
    def pending(self) -> bytes: ...
    def feed(self, data: bytes) -> bytes: ...
    def close(self) -> bytes: ...


class Body:
    """Feed it what the site sends; send what it gives back.

    `coding` is the site's Content-Encoding or "". `look` sees the first bytes and says which rewriter goes on,
    or None where the body passes as it is; it waits for `least` bytes of the body, or its end. `done` is told what
    was held, once the body has ended. `lost` gives what must go ahead of a rest that cannot be rewritten.
    """

    def __init__(
        self,
        rewriter: Rewriter,
        *,
        coding: str = "",
        recode: bool = False,
        look: Callable[[bytes, Rewriter], Rewriter | None] | None = None,
        least: int = 0,
        done: Callable[[Held], None] | None = None,
        lost: Callable[[], bytes] | None = None,
    ) -> None:
        self.coding = coding
        self.recoded = bool(coding) and recode
        self._rewriter: Rewriter | None = rewriter
        self._decoder: Decoder | None = DECODERS[coding]() if coding else None
        self._coder = Coder() if self.recoded else None
        self._decoded_any = False
        self._cut = False
        self._look = look
        self._least = least
        self._start = b""
        self._lost = lost
        self._done = done
        self.held = rewriter.held

    @property
    def waits(self) -> bool:
        """Whether what came so far does not tell yet what the body is."""
        return self._look is not None and self._least > 0

    def feed(self, data: bytes) -> bytes:
        """The next piece as it goes to the visitor, which may be empty."""
        out = self._rewritten(self._decoded(data))
        return self._coder.encode(out) if self._coder else out

    def close(self) -> bytes:
        """The last piece. No more may be fed."""
        out = self._rewritten(self._decoded_end()) + self._rewritten_end()
        if self._done is not None:
            self._done(self.held)
        return self._coder.close(out) if self._coder else out

    def _decoded(self, data: bytes) -> bytes:
        if self._decoder is None or not data or self._cut:
            return b"" if self._cut else data
        try:
            out = self._decoder.decode(data)
        except Exception as error:
            return self._undecodable(data, error)
        self._decoded_any = True
        return out

    def _undecodable(self, data: bytes, error: Exception) -> bytes:
        """A body that lies about its coding from the first byte is the plain text it seems to be; one that
        breaks in the middle ends there, as it would in a browser."""
        log.warning(
            "A page's body is not the %s that its Content-Encoding says (%s).",
            self.coding,
            type(error).__name__,
        )
        self._decoder = None
        if self._decoded_any:
            self._cut = True
            return b""
        return data

    def _decoded_end(self) -> bytes:
        if self._decoder is None:
            return b""
        try:
            return self._decoder.close()
        except Exception as error:
            log.warning("A page's body ends early in its %s (%s).", self.coding, type(error).__name__)
            return b""

    def _rewritten(self, data: bytes) -> bytes:
        if self._rewriter is None or not data:
            return data
        if self.waits:
            data, self._start = self._start + data, b""
            if len(data) < self._least:
                self._start = data
                return b""
        if self._look is not None and data.strip():
            look, self._look = self._look, None
            chosen = look(data, self._rewriter)
            if chosen is not self._rewriter:
                data, self._rewriter = self._rewriter.pending + data, chosen
                self.held = chosen.held if chosen is not None else self.held
                return self._rewritten(data)
        before = self._rewriter.pending
        try:
            return self._rewriter.feed(data)
        except Exception:
            return self._give_up(before + data)

    def _rewritten_end(self) -> bytes:
        self._least, start, self._start = 0, self._start, b""
        out = self._rewritten(start)
        if self._rewriter is None:
            return out
        before = self._rewriter.pending
        try:
            return out + self._rewriter.close()
        except Exception:
            return out + self._give_up(before)

    def _give_up(self, rest: bytes) -> bytes:
        # The traceback's frames hold page text, which may be a visitor's own: the place alone is logged.
        log.error("The rewriter failed; the page goes on unrewritten under its CSP.", exc_info=False)
        self._rewriter = None
        return (self._lost() if self._lost is not None else b"") + rest
