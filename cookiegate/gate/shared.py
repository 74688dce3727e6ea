"""An exchange whose pages are the same bytes for every visitor: `cache = "shared"`.

What a page holds, and its headers, never depend on the choice; its own script, first in the head, puts the policy of
this visitor into it and releases what they granted. The request, and the cookies of the answer, still follow the
visitor's choice where a request comes this far.

Danger: a page either carries that script, or the policy of an undecided visitor as a header. Which of the two is
known once its first bytes are, so the head waits for them; everything that is in doubt gets the header.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from ..core.cache_headers import private_headers
from ..core.consent import Consent
from ..core.html import HtmlRewriter, Inserts, PageFacts
from ..core.html.held_tag import by_name
from ..core.link_header import UrlVerdict
from ..core.response_headers import HeaderRules, gate_headers
from .body import Body, Rewriter
from .codings import DECODERS
from .document import described, is_html, is_json, is_readable, is_sniffed, looks_like_html
from .exchange import BODILESS, Exchange
from .insertions import Insertions, Origins
from .reply import Headers, Reply
from .variant import Variant

if TYPE_CHECKING:
    from ..face.facts import PagePolicy
    from .gate import Gate

ENOUGH = 1024
"""Bytes by which a page is known: browsers look for its encoding in as many."""
DOCUMENT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>(?:[\t\n\f\r ]+|<!--(?>(?:[^-]+|-(?!->))*)-->|<\?[^>]*>)*)"
    rb"<(?:!doctype|html|head|body|meta|title|frameset|!--)(?=[\t\n\f\r />-]|\Z)",
    re.IGNORECASE,
)
"""How a page begins, and no fragment of one; a comment of which no end is in sight counts as a page's."""
SUBRESOURCES = frozenset({"script", "style", "image", "font", "empty", "manifest", "track"})
"""Destinations at which a policy of the response's own decides nothing."""


class Head(Protocol):
    """What begins the head of such a page: see `embed.own`. `page` is the site's own policy."""

    def head(self, page: PagePolicy, variant: Variant, /) -> bytes: ...


class SharedExchange(Exchange):
    """Of a visitor with any choice; `plain` is the variant that everybody sees."""

    __slots__ = ("_as_page", "_head", "_head_due", "_is_document", "_own_tag", "_plain")

    def __init__(
        self,
        gate: Gate,
        request: MutableMapping[str, Any],
        consent: Consent,
        variant: Variant,
        *more: Any,
        **named: Any,
    ) -> None:
        self._plain = gate.variants.of(request, gate.nobody)
        assert gate.head is not None
        self._head = gate.head
        self._is_document = False
        self._head_due = False
        super().__init__(gate, request, consent, variant, *more, **named)
        # Pages out of a cache are never seen here: their own script counts every one.
        self._view = None
        if self._origins is None:
            self._origins = Origins(request, variant.site)
        if self._fetches:
            # A page that the site's own code makes for one choice would be kept for everyone.
            request["cookiegate.consent"] = gate.nobody

    @property
    def _fetches(self) -> bool:
        return self._method in ("GET", "HEAD")

    def _edit(self, request: MutableMapping[str, Any]) -> None:
        self._own_tag, tag = self._tag, f"{self._plain.tag}.same"
        marked = f'{tag}"' in request.get("HTTP_IF_NONE_MATCH", "")
        self._as_page = self._fetches and (self._page_wanted or marked)
        if self._as_page:
            self._tag, self._page_wanted = tag, True
        elif self._fetches and self._dest in SUBRESOURCES:
            self._tag = self._own_tag = f"{self._plain.tag}.in"
        super()._edit(request)

    @property
    def hint_verdict(self) -> UrlVerdict | None:
        return self._plain.verdicts.url

    def _gated(self, status: str, headers: Headers) -> Reply:
        content_type, coding, length = described(headers)
        html = is_html(content_type) or (self._as_page and is_sniffed(content_type))
        if self._excluded or not self._fetches or not html:
            self._tag = self._own_tag
            return super()._gated(status, headers)
        self._tag = f"{self._plain.tag}.same"
        code = status[:3]
        rewritten = code not in BODILESS and code != "206" and (not coding or coding in DECODERS)
        # A 304 speaks of what was rewritten too.
        gated = gate_headers(headers, self._page_rules, rewritten=code != "206", tag=self._tag)
        out = self._for_this_visitor(gated.headers)
        if rewritten and self._method == "GET":
            return self._page(status, out, headers, coding, length, sniffed=is_sniffed(content_type))
        if code not in BODILESS and self._method == "GET":
            self._close(out)
            out = private_headers(out, "page")
        return Reply(status, out, None, length=length)

    @property
    def _page_rules(self) -> HeaderRules:
        rules = self._plain.shared_rules
        return replace(rules, cookie=self.variant.verdicts.cookie, policy="", same_pages=True)

    def _rules(self, parts: Insertions | None, headers: Headers) -> HeaderRules:
        """What is no page, and obeys no policy of its own where it is used, is the same for everyone too."""
        if self._fetches and self._dest in SUBRESOURCES:
            return replace(self._plain.shared_rules, cookie=self.variant.verdicts.cookie)
        return super()._rules(parts, headers)

    def _for_this_visitor(self, headers: Headers) -> Headers:
        """Cookies that go are said to go, where this answer is the visitor's alone."""
        gone = self._expiries() if self._page_wanted else []
        return private_headers([*headers, *gone], "page") if gone else headers

    def _page(
        self, status: str, out: Headers, site: Headers, coding: str, length: int | None, *, sniffed: bool
    ) -> Reply:
        policies = [value for name, value in site if name.lower() == "content-security-policy"]
        assert self._origins is not None
        parts = Insertions(
            self._gate.face, self._gate.nobody, self._origins, policies=policies, private=False
        )

        def look(start: bytes, rewriter: Rewriter) -> Rewriter | None:
            if not is_readable(start) or (sniffed and not looks_like_html(start)):
                return None
            self._is_document = self._head_due = DOCUMENT.match(start) is not None and not is_json(start)
            return self._held(self._same_inserts(parts)) if self._is_document else rewriter

        body = Body(
            self._held(None),
            coding=coding,
            recode=self._recode,
            look=look,
            least=ENOUGH,
            done=self._done,
            lost=lambda: self._early(parts, PageFacts()) if self._head_due else b"",
        )
        notice = self._notice(0, 0) if self._gate.config.debug_header else None
        return Reply(status, out, body, length=length, notice=notice, settle=self._settle)

    def _same_inserts(self, parts: Insertions) -> Inserts:
        link = parts.link_without_script if self._gate.config.settings_link else None
        return Inserts(early=lambda page: self._early(parts, page), link=link, sure=True)

    def _early(self, parts: Insertions, page: PageFacts) -> bytes:
        self._head_due = False
        return self._head.head(parts.page_policy(page), self._plain)

    def _held(self, inserts: Inserts | None) -> HtmlRewriter:
        plain = self._plain
        return HtmlRewriter(
            plain.verdicts,
            inserts,
            shown=plain.shown,
            placeholder=self._gate.face.placeholder_url,
            memo=plain.memo_by_name,
            mark=by_name,
        )

    def _settle(self, headers: Headers) -> None:
        if not self._is_document:
            self._close(headers)

    def _close(self, headers: Headers) -> None:
        """What cannot carry the script stays held, and is sent whole each time: a 304 of it would have to bring the
        policy again."""
        headers[:] = [pair for pair in headers if pair[0].lower() != "etag"]
        headers.append(("Content-Security-Policy", self._plain.policy))
