"""The gate in the markup: what would reach a held third party is made inert, all else passes as it came.

Danger: this is one of two lines. What markup cannot show (injected scripts, what a script fetches) and what is
longer than `scanner.LIMIT` is held by the Content-Security-Policy alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Final, Protocol

from ..verdicts import Verdict
from .attributes import Attribute, attributes, references, text_of, value_of
from .css import PREFIX, AttributeCss, may_reach_out, url_spans
from .css import unescape as unescape_css
from .grammar import FOREIGN_TEXT
from .held_tag import MARKER, HeldTag, escaped, ours
from .inserts import Inserts, PageFacts
from .json_blocks import MODULE_PREFIX, import_addresses, rule_urls
from .placing import PlacingScanner
from .raw_text import END_TAGS, LONGEST_END_TAG, ScriptEnd
from .scanner import LIMIT, MORE
from .script_kind import script_kind
from .url_lists import spaced_urls, srcset_urls
from .vectors import (
    ANY_ELEMENT,
    EMPTY_LINKS,
    FETCHING_LINKS,
    HELD_DIRECTIVES,
    SCRIPT_ATTRIBUTES,
    VECTORS,
    Shape,
)

DEEPEST: Final = 3
"""Documents in `srcdoc` in documents in `srcdoc` that are gated inside; a deeper one is held whole."""

TOO_LONG: Final = -2

_OWN = re.compile(rb"/(?![/\\\t\n\r&])|[?#]|[a-zA-Z0-9_.~%-]++(?:[/?#]|\Z)|data:|\Z")
"""A raw URL that cannot leave the page's own host, seen at its first bytes."""

_NOTHING: Final = b"data:,"
_REFRESH = re.compile(
    r"[\s\d.]*(?:[;,]\s*|\s)(?:url\s*=\s*)?(?:\"([^\"]*)|'([^']*)|(.*))", re.IGNORECASE | re.DOTALL
)
_INVISIBLE_STYLE = re.compile(rb"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)

Held = Counter[tuple[str, str, str]]
"""(element, category, service id or else host) -> how many elements were held."""

Placeholder = Callable[[str | None, str, str], str]
"""(service id, host, category) -> the URL, not escaped, that a held frame shows."""


class VerdictsLike(Protocol):
    """What the rewriter asks `core.verdicts.Verdicts`."""

    def url(self, url: str, base: str = "") -> Verdict | None: ...
    def inline(self, text: bytes) -> Verdict | None: ...


class HtmlRewriter(PlacingScanner):
    """Gates one HTML body. `verdicts` None holds nothing. `base` is the document's URL, where it is known.

    `scripting` False reads `<noscript>` as markup: what a browser without script sees.
    """

    def __init__(
        self,
        verdicts: VerdictsLike | None,
        inserts: Inserts | None = None,
        *,
        base: str = "",
        placeholder: Placeholder | None = None,
        scripting: bool = True,
        depth: int = 0,
    ) -> None:
        super().__init__(inserts)
        self.held: Held = Counter()
        self._verdicts = verdicts
        self._base = base
        self._placeholder = placeholder
        self._scripting = scripting
        self._depth = depth
        self._signal_due = inserts is not None and inserts.signal is not None

    def facts(self) -> PageFacts:
        services = frozenset(service for _, _, service in self.held)
        return PageFacts(
            meta_csp=tuple(self._meta_csp), lang=self._lang, has_base=self._has_base, held=services
        )

    # -- tags

    def _start_tag(self, name: bytes, start: int, name_end: int, end: int) -> int:
        verdicts = self._verdicts
        if verdicts is None:
            return super()._start_tag(name, start, name_end, end)
        name = name.lower()
        if name == b"script":
            return self._script(verdicts, start, name_end, end)
        if name == b"style":
            return self._style(start, name_end, end)
        if name == b"noscript" and not self._foreign.inside:
            return self._noscript(start, name_end, end)
        self._before_tag(name, start, name_end, end)
        self._gate_tag(name, name_end, attributes(self._buffer, name_end, end))
        self._after_tag(name, end)
        return self._enter(name, start, end)

    def _gate_tag(self, name: bytes, name_end: int, found: list[Attribute]) -> None:
        """Hold what this tag's attributes reach."""
        tag = HeldTag()
        self._gate_attributes(tag, name, found)
        self._write(tag, name, name_end, found)

    def _write(self, tag: HeldTag, name: bytes, name_end: int, found: list[Attribute]) -> None:
        if tag.reasons or ours(name, self._buffer, name_end) >= 0:
            for at, text in tag.insertions(name_end, found):
                self._edit(at, at, text)

    def _gate_attributes(self, tag: HeldTag, name: bytes, found: list[Attribute]) -> None:
        if name == b"meta":
            self._gate_meta(tag, found)
        shapes = VECTORS.get(name, ANY_ELEMENT)
        seen = set()
        for attribute in found:
            shape = shapes.get(attribute.name)
            if shape is None or attribute.name in seen:
                continue
            seen.add(attribute.name)  # a browser drops the second attribute of a name
            if shape == "css":
                self._gate_style(tag, name, attribute)
            elif _live(name, attribute.name, found) and (verdict := self._reached(shape, attribute.value)):
                self._note(tag, name, verdict)
                self._put_aside(tag, name, attribute.name, found, verdict)
        if name == b"iframe":
            self._gate_srcdoc(tag, found)
        elif name == b"base" and not tag.reasons:
            self._take_base(found)

    def _reached(self, shape: Shape, raw: bytes) -> Verdict | None:
        """The verdict that holds a value of this shape, or None where all of it passes."""
        if shape == "url":
            return self._holding(raw)
        if b"//" not in raw and b":" not in raw and b"&" not in raw and b"\\" not in raw:
            return None
        urls = srcset_urls if shape == "srcset" else spaced_urls
        for url in urls(text_of(raw)):
            verdict = self._holding(url.encode())
            if verdict:
                return verdict
        return None

    def _verdict(self, raw: bytes) -> Verdict | None:
        if self._verdicts is None or _OWN.match(raw):
            return None
        return self._verdicts.url(text_of(raw), self._base)

    def _holding(self, raw: bytes) -> Verdict | None:
        verdict = self._verdict(raw)
        return verdict if verdict is not None and verdict.hold else None

    def _note(self, tag: HeldTag, name: bytes, verdict: Verdict) -> None:
        key = (name.decode("latin-1"), verdict.category, verdict.service or verdict.host)
        if key not in tag.reasons:
            tag.reasons.append(key)
            self.held[key] += 1

    # -- what stands in for what

    def _put_aside(
        self, tag: HeldTag, name: bytes, attribute: bytes, found: list[Attribute], verdict: Verdict
    ) -> None:
        if name in (b"iframe", b"frame", b"object", b"embed"):
            self._put_frame_aside(tag, name, attribute, found, verdict)
        elif name == b"source" and attribute == b"srcset":
            tag.put_aside(attribute, _NOTHING)
            tag.put_aside(b"media", b"not all")  # so that the picture falls back to what is not held
        elif name == b"link":
            self._put_link_aside(tag, attribute, found)
        elif name == b"base":
            tag.put_aside(attribute, b"")
        else:
            tag.put_aside(
                attribute, _NOTHING if attribute == b"src" and name not in (b"video", b"audio") else None
            )
            if attribute == b"srcset" and value_of(found, b"src") is None:
                tag.put_in(b"src", _NOTHING)

    def _put_frame_aside(
        self, tag: HeldTag, name: bytes, attribute: bytes, found: list[Attribute], verdict: Verdict
    ) -> None:
        shown = None
        if self._placeholder and not _invisible(found) and value_of(found, b"srcdoc") is None:
            shown = escaped(self._placeholder(verdict.service, verdict.host, verdict.category).encode())
        tag.put_aside(attribute, shown)
        if name in (b"object", b"embed"):
            tag.put_aside(b"type")

    def _put_link_aside(self, tag: HeldTag, attribute: bytes, found: list[Attribute]) -> None:
        empty = _NOTHING
        for token in (value_of(found, b"rel") or b"").lower().split():
            empty = EMPTY_LINKS.get(token, empty)
        if attribute == b"href":
            tag.put_aside(attribute, empty)
        else:
            tag.put_aside(attribute)
            if value_of(found, b"href") is None:
                tag.put_in(b"href", empty)

    # -- single elements

    def _gate_meta(self, tag: HeldTag, found: list[Attribute]) -> None:
        directive = text_of(value_of(found, b"http-equiv") or b"").strip().lower().encode()
        verdict = None
        if directive in HELD_DIRECTIVES:
            verdict = Verdict(True, "unclassified", None, "")
        elif directive == b"refresh":
            target = _REFRESH.match(text_of(value_of(found, b"content") or b""))
            if target and target.lastindex:
                verdict = self._holding(target[target.lastindex].encode())
        if verdict:
            self._note(tag, b"meta", verdict)
            tag.put_aside(b"http-equiv")
            tag.put_in(b"name", b"gate")

    def _take_base(self, found: list[Attribute]) -> None:
        href = value_of(found, b"href")
        if href and not _OWN.match(href):
            self._base = text_of(href)

    def _gate_srcdoc(self, tag: HeldTag, found: list[Attribute]) -> None:
        raw = value_of(found, b"srcdoc")
        if not raw:
            return
        if self._depth >= DEEPEST:
            self._note(tag, b"iframe", Verdict(True, "unclassified", None, ""))
            tag.put_aside(b"srcdoc")
            return
        inner = self._inner(scripting=True)
        gated = inner.feed(_ascii_unescaped(raw)) + inner.close()
        if inner.held:
            self._adopt(tag, inner)
            tag.put_aside(b"srcdoc", escaped(gated))

    def _inner(self, *, scripting: bool) -> HtmlRewriter:
        return HtmlRewriter(
            self._verdicts,
            base=self._base,
            placeholder=self._placeholder,
            scripting=scripting,
            depth=self._depth + 1,
        )

    def _adopt(self, tag: HeldTag, inner: HtmlRewriter) -> None:
        self.held.update(inner.held)
        tag.reasons += inner.held

    def _gate_style(self, tag: HeldTag, name: bytes, attribute: Attribute) -> None:
        raw = attribute.value
        if not (b"&" in raw or may_reach_out(raw)):
            return
        sheet = AttributeCss(raw)
        held = self._held_spans(tag, name, sheet.css)
        tag.insert((attribute.value_start + sheet.raw_position(at) for at in held), PREFIX)

    def _held_spans(self, tag: HeldTag, name: bytes, css: bytes) -> list[int]:
        """Where the held URLs of a sheet begin. A prefix that the page wrote itself gets one more, so that
        taking ours out is unambiguous."""
        if not may_reach_out(css) and PREFIX not in css:
            return []
        held: list[int] = []
        kept: list[int] = []
        for start, end in url_spans(css):
            if css.startswith(PREFIX, start):
                kept.append(start)
            elif verdict := self._holding(unescape_css(css[start:end]).strip()):
                self._note(tag, name, verdict)
                held.append(start)
        return sorted(held + kept)

    def _content_end(self, name: bytes, pos: int) -> int:
        """Where the content that begins at `pos` ends; `MORE` where it is not known yet, or `TOO_LONG`."""
        buffer = self._buffer
        if name == b"script":
            end = ScriptEnd().find(buffer, pos)
        else:
            match = END_TAGS[name].search(buffer, pos)
            end = match.start() if match else -1
        if end >= 0:
            return end if end - pos <= LIMIT else TOO_LONG
        if len(buffer) - pos > LIMIT + LONGEST_END_TAG:
            return TOO_LONG
        if not self._final:
            return MORE
        self._left_open = True
        return len(buffer)

    def _style(self, start: int, name_end: int, end: int) -> int:
        foreign = self._foreign.inside
        stop = self._foreign_text_end(end) if foreign else self._content_end(b"style", end)
        if stop == MORE:
            return self._more(start)
        self._before_tag(b"style", start, name_end, end)
        found = attributes(self._buffer, name_end, end)
        tag = HeldTag()
        self._gate_attributes(tag, b"style", found)
        if stop > 0:
            css = self._buffer[end:stop]
            if foreign:
                sheet = AttributeCss(css)
                tag.insert(
                    (end + sheet.raw_position(at) for at in self._held_spans(tag, b"style", sheet.css)),
                    PREFIX,
                )
            else:
                tag.insert((end + at for at in self._held_spans(tag, b"style", css)), PREFIX)
        self._write(tag, b"style", name_end, found)
        pos = self._enter(b"style", start, end)
        return stop if foreign and stop > 0 else pos

    def _foreign_text_end(self, pos: int) -> int:
        """The end of the text after a foreign start tag: its first markup."""
        match = FOREIGN_TEXT.match(self._buffer, pos)
        if match:
            return match.end() if match.end() - pos <= LIMIT else TOO_LONG
        if len(self._buffer) - pos > LIMIT + LONGEST_END_TAG:
            return TOO_LONG
        return len(self._buffer) if self._final else MORE

    def _noscript(self, start: int, name_end: int, end: int) -> int:
        if not self._scripting:
            self._gate_tag(b"noscript", name_end, attributes(self._buffer, name_end, end))
            return end
        stop = self._content_end(b"noscript", end)
        if stop == MORE:
            return self._more(start)
        self._before_tag(b"noscript", start, name_end, end)
        self._gate_tag(b"noscript", name_end, attributes(self._buffer, name_end, end))
        if stop == TOO_LONG:
            return self._enter(b"noscript", start, end)
        inner = self._inner(scripting=False)
        content = self._buffer[end:stop]
        gated = inner.feed(content) + inner.close()
        if gated != content:
            self.held.update(inner.held)
            self._edit(end, stop, gated)
        return stop

    # -- scripts

    def _script(self, verdicts: VerdictsLike, start: int, name_end: int, end: int) -> int:
        found = attributes(self._buffer, name_end, end)
        kind = script_kind(found)
        source = value_of(found, b"src")
        foreign = self._foreign.inside
        if foreign and source is None:
            source = value_of(found, b"href") or value_of(found, b"xlink:href")
        tag = HeldTag()
        stop = TOO_LONG
        verdict = None
        if kind == "live" and source is not None:
            verdict = self._verdict(source)
        elif kind == "live" or (kind != "data" and not foreign):
            stop = self._content_end(b"script", end)
            if stop == MORE:
                return self._more(start)
            if stop > 0:
                verdict = self._inline(verdicts, tag, kind, end, stop)
        self._before_tag(b"script", start, name_end, end)
        if verdict is not None and verdict.hold:
            self._note(tag, b"script", verdict)
            tag.put_in(b"type", b"text/plain")
            for name in (*SCRIPT_ATTRIBUTES, b"src", b"href", b"xlink:href"):
                tag.put_aside(name)
        elif verdict is not None and verdict.signal:
            self._place_signal(start, verdict)
        if not foreign and found:
            self._gate_attributes(
                tag, b"script", [a for a in found if a.name in (b"style", b"attributionsrc")]
            )
        self._write(tag, b"script", name_end, found)
        if stop > 0 and not foreign:
            return stop
        return self._enter(b"script", start, end)

    def _inline(
        self, verdicts: VerdictsLike, tag: HeldTag, kind: str, start: int, stop: int
    ) -> Verdict | None:
        text = self._buffer[start:stop]
        if kind == "live":
            return verdicts.inline(text)
        if kind == "rules":
            urls, anywhere = rule_urls(text)
            for url in urls:
                if verdict := self._holding(url.encode("utf-8", "replace")):
                    return verdict
            return Verdict(True, "unclassified", None, "") if anywhere else None
        kept = []
        held = []
        for at, url in import_addresses(text):
            if url.startswith(MODULE_PREFIX.decode()):
                kept.append(start + at)
            elif verdict := self._holding(url.encode("utf-8", "replace")):
                self._note(tag, b"script", verdict)
                held.append(start + at)
        tag.insert(held + kept, MODULE_PREFIX)
        return None

    def _place_signal(self, at: int, verdict: Verdict) -> None:
        """Before the first released script of a vendor, where the document may be written to."""
        if self._signal_due and self._document and not self._templates and self._inserts.signal:
            self._signal_due = False
            self._insert(at, self._inserts.signal(frozenset([verdict.signal]), self.facts()))


def _live(name: bytes, attribute: bytes, found: list[Attribute]) -> bool:
    """Whether a browser looks at this attribute on this tag at all."""
    if name == b"link":
        rel = text_of(value_of(found, b"rel") or b"").lower().encode()
        return not FETCHING_LINKS.isdisjoint(rel.split())
    if name == b"input" and attribute == b"src":
        return text_of(value_of(found, b"type") or b"").lower() == "image"
    return True


def _invisible(found: list[Attribute]) -> bool:
    """A frame nobody sees needs no placeholder."""
    sizes = [value_of(found, b"width"), value_of(found, b"height")]
    if any(size is not None and size.strip() in (b"0", b"1", b"0px", b"1px") for size in sizes):
        return True
    if value_of(found, b"hidden") is not None:
        return True
    return _INVISIBLE_STYLE.search(value_of(found, b"style") or b"") is not None


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


__all__ = ["MARKER", "Held", "HtmlRewriter", "Placeholder", "VerdictsLike"]
