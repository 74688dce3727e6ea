"""What the verdict table says of raw values: URLs, lists of URLs, style sheets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from ..verdicts import Verdict
from .attributes import text_of
from .css import PREFIX, may_reach_out, url_spans
from .css import unescape as unescape_css
from .held_tag import HeldTag, Reason, by_category
from .url_lists import spaced_urls, srcset_urls
from .vectors import Shape

OWN = re.compile(rb"/(?![/\\\t\n\r&])|[?#]|[a-zA-Z0-9_.~%-]++(?:[/?#]|\Z)|data:|\Z")
"""A raw URL that cannot leave the page's own host, seen at its first bytes."""

UNNAMED = Verdict(True, "unclassified", None, "")
"""Holds what gives the visitor away to hosts that it does not name."""

Held = Counter[tuple[str, str, str]]
"""(element, category, service id or else host) -> how many elements were held."""


class VerdictsLike(Protocol):
    """What the rewriter asks `core.verdicts.Verdicts`."""

    def url(self, url: str, base: str = "") -> Verdict | None: ...
    def inline(self, text: bytes) -> Verdict | None: ...


class Judge:
    """Asks `verdicts` and counts in `held` what it holds. `base` is the page's base URL as far as known.

    `shown` is asked of what a page only shows: images, styles, fonts, media. None asks `verdicts` of those too.
    `mark` says what the reason to hold something is called in the page.
    """

    __slots__ = ("base", "held", "lenient", "mark", "shown", "verdicts")

    def __init__(
        self,
        verdicts: VerdictsLike,
        base: str,
        shown: VerdictsLike | None = None,
        mark: Callable[[Reason], str] = by_category,
    ) -> None:
        self.mark = mark
        self.verdicts = verdicts
        self.shown = verdicts if shown is None else shown
        self.lenient = self.shown is not verdicts
        self.base = base
        self.held: Held = Counter()

    def verdict(self, raw: bytes) -> Verdict | None:
        """The verdict on one URL, None for the page's own."""
        if OWN.match(raw):
            return None
        return self.verdicts.url(text_of(raw), self.base)

    def first_verdict(self, urls: Sequence[bytes]) -> Verdict | None:
        """The verdict that holds one of `urls`, or else on one of them."""
        found = None
        for raw in urls:
            verdict = self.verdict(raw)
            if verdict is not None and verdict.hold:
                return verdict
            found = found or verdict
        return found

    def holding(self, raw: bytes) -> Verdict | None:
        """The verdict on one URL, where it holds it."""
        if not raw.startswith(b"http") and OWN.match(raw):
            return None
        verdict = self.verdicts.url(text_of(raw), self.base)
        return verdict if verdict is not None and verdict.hold else None

    def holding_shown(self, raw: bytes) -> Verdict | None:
        """As `holding`, for what is only shown."""
        if not raw.startswith(b"http") and OWN.match(raw):
            return None
        verdict = self.shown.url(text_of(raw), self.base)
        return verdict if verdict is not None and verdict.hold else None

    def holding_read(self, url: bytes) -> Verdict | None:
        """As `holding`, for a URL in which character references are resolved already, or mean nothing."""
        if not url.startswith(b"http") and OWN.match(url):
            return None
        verdict = self.verdicts.url(url.decode("utf-8", "replace"), self.base)
        return verdict if verdict is not None and verdict.hold else None

    def list_reached(self, shape: Shape, raw: bytes) -> Verdict | None:
        """The verdict that holds a list of URLs (`srcset`, `urls` or `values`), or None where all of it
        passes. A `srcset` is only shown."""
        if shape == "values":
            return self._value_reached(raw)
        if b"//" not in raw and b":" not in raw and b"&" not in raw and b"\\" not in raw:
            return None
        urls, verdicts = (srcset_urls, self.shown) if shape == "srcset" else (spaced_urls, self.verdicts)
        for url in urls(text_of(raw)):
            verdict = verdicts.url(url, self.base)
            if verdict is not None and verdict.hold:
                return verdict
        return None

    def _value_reached(self, raw: bytes) -> Verdict | None:
        """The verdict that holds an animation's values: URLs, or CSS that names some."""
        text = text_of(raw).encode("utf-8", "replace")
        urls = [text, *text.split(b";")]
        urls += [unescape_css(text[start:end]) for start, end in url_spans(text)]
        for url in urls:
            if verdict := self.holding_read(url.strip()):
                return verdict
        return None

    def note(self, tag: HeldTag, name: bytes, verdict: Verdict) -> None:
        """Let `tag` be held for `verdict`, and count it once."""
        key = (name.decode("latin-1"), verdict.category, verdict.service or verdict.host)
        if key not in tag.reasons:
            tag.reasons.append(key)
            self._count(key)

    def count(self, name: bytes, verdict: Verdict) -> Reason:
        """Count one element held for `verdict` alone, and return that as its reason."""
        reason = (name.decode("latin-1"), verdict.category, verdict.service or verdict.host)
        self._count(reason)
        return reason

    def count_all(self, reasons: Iterable[Reason]) -> None:
        """Count one element held for several reasons."""
        for reason in reasons:
            self._count(reason)

    def _count(self, key: Reason) -> None:
        self.held[key] = self.held.get(key, 0) + 1  # a counter's own way calls back into Python

    def _holding_in_style(self, url: bytes) -> Verdict | None:
        if not url.startswith(b"http") and OWN.match(url):
            return None
        verdict = self.shown.url(url.decode("utf-8", "replace"), self.base)
        return verdict if verdict is not None and verdict.hold else None

    def sheet(self, tag: HeldTag, name: bytes, css: bytes) -> list[int]:
        """Where `PREFIX` must go into a style sheet, if `tag` is held for that or another reason.

        A prefix that the page wrote itself gets one more, so that taking ours out is unambiguous.
        """
        if not may_reach_out(css) and PREFIX not in css:
            return []
        found: list[int] = []
        for start, end in url_spans(css):
            if css.startswith(PREFIX, start):
                found.append(start)
            elif verdict := self._sheet_url(css[start:end]):
                self.note(tag, name, verdict)
                found.append(start)
        return found

    def hosts_in(self, css: bytes) -> set[str]:
        """The hosts from which a style sheet is held."""
        verdicts = [self._sheet_url(css[start:end]) for start, end in url_spans(css)]
        return {verdict.host for verdict in verdicts if verdict is not None}

    def _sheet_url(self, url: bytes) -> Verdict | None:
        """The verdict that holds a URL of a style sheet. Chromium, reading ahead, resolves no escapes."""
        verdict = self._holding_in_style(unescape_css(url).strip())
        return verdict or (self._holding_in_style(url.strip()) if b"\\" in url else None)
