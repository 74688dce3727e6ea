"""One request and its response, for whatever edge carries them.

The request is a mapping of CGI names (RFC 3875, as in PEP 3333) and is edited in place before the site sees
it; the response is gated before its first byte. Facts about the visitor die with this object.

Danger: a fault of ours must neither break a page nor open it. Each step here falls back to the closed side:
a request that cannot be edited loses the headers in question, a response whose headers cannot be gated goes
out under the policy of an undecided visitor.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import MutableMapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..core.cache_headers import kind_of, private_headers
from ..core.click_ids import Removed, restore_click_ids
from ..core.consent import Consent
from ..core.early_hints import gated_hints
from ..core.html import HtmlRewriter, Inserts
from ..core.link_header import UrlVerdict
from ..core.response_headers import HeaderRules, gate_headers
from ..core.set_cookie import expire_all
from ..core.urls import split_url
from ..core.validators import edit_conditions, may_be_page
from .body import Body, Rewriter
from .codings import DECODERS
from .cookies import storable
from .document import (
    described,
    is_asked_by_script,
    is_html,
    is_json,
    is_readable,
    is_sniffed,
    looks_like_html,
    may_be_html,
    place_of,
)
from .edits import THROTTLE
from .faults import closed_headers, guarded, where
from .insertions import Insertions, Origins, site_nonce
from .reply import Headers, Reply
from .variant import Variant
from .view import Held, View

if TYPE_CHECKING:
    from ..core.once_cookie import Once
    from .gate import Gate

log = logging.getLogger("cookiegate")

BODILESS = frozenset({"204", "205", "304"})
REDIRECTS = frozenset({"301", "302", "303", "307", "308"})
QUERY_PLACES = ("QUERY_STRING", "RAW_URI", "REQUEST_URI", "HTTP_REFERER")
NO_STORE = [("Cache-Control", "no-store")]


class Exchange:
    """Made by `Gate.open`. `swallowed`: a call to a collection path that the edge answers with 204 itself."""

    __slots__ = (
        "_by_script", "_cookie_sent", "_dest", "_excluded", "_gate", "_gone_cookies", "_gone_ids",
        "_method", "_once", "_origins", "_page_wanted", "_place", "_recode", "_storable", "_tag", "_view",
        "consent", "swallowed", "variant",
    )  # fmt: skip

    def __init__(
        self,
        gate: Gate,
        request: MutableMapping[str, Any],
        consent: Consent,
        variant: Variant,
        once: Once | None,
        *,
        cookie_sent: bool,
    ) -> None:
        self.consent = consent
        self.variant = variant
        self._gate = gate
        self._once = once
        self._storable = storable(request, gate.config)
        self._cookie_sent = cookie_sent
        self._dest: str = request.get("HTTP_SEC_FETCH_DEST", "")
        self._method: str = request.get("REQUEST_METHOD", "GET")
        self._place = place_of(request)
        self._page_wanted = may_be_page(request)
        self._by_script = is_asked_by_script(request)
        # A page has two forms, with insertions and without; one that is shown once has a tag of its own.
        form = "once" if once is not None else "in" if self._place == "inside" else "top"
        self._tag = f"{variant.tag}.{form}"
        self._recode = "gzip" in request.get("HTTP_ACCEPT_ENCODING", "")
        self._origins = Origins(request, variant.site) if self._place != "inside" else None
        self._gone_cookies: tuple[str, ...] = ()
        self._gone_ids: Removed = ()
        self._excluded = request.get("PATH_INFO", "") in gate.exclusions
        self.swallowed = self._is_collection(request)
        self._view: View | None = View(gate, request, consent, variant.site)
        self._edit(request)
        request["cookiegate.consent"] = consent

    # -- the request

    def _is_collection(self, request: MutableMapping[str, Any]) -> bool:
        """Whether the site's own path is a tracker's, and that tracker not granted."""
        if self.consent.everything:
            return False
        path = request.get("PATH_INFO", "")
        query = request.get("QUERY_STRING", "")
        match = self._gate.catalogue.collects(f"{path}?{query}" if query else path)
        if match is None:
            return False
        return not self.consent.allows(match.category, match.service.id if match.service else None)

    def _edit(self, request: MutableMapping[str, Any]) -> None:
        edits, consent = self._gate.edits, self.consent
        self._gone_cookies = guarded(request, ("HTTP_COOKIE",), edits.cookies, request, self.variant) or ()
        guarded(request, (THROTTLE,), edits.token, request, self._gate.today)
        guarded(request, edits.address_places, edits.address, request, consent)
        guarded(request, ("HTTP_USER_AGENT",), edits.agent, request, consent)
        self._gone_ids = guarded(request, QUERY_PLACES, edits.clicks, request, consent) or ()
        if may_be_html(request):
            edits.codings(request)
        edit_conditions(request, self._tag, page=self._page_wanted)
        send_hints = request.get("wsgi.early_hints")
        verdict = self.hint_verdict
        if send_hints is not None and verdict is not None:
            request["wsgi.early_hints"] = gated_hints(send_hints, verdict)

    @property
    def hint_verdict(self) -> UrlVerdict | None:
        """What decides about the links of an early hint; None where everything is granted."""
        return None if self.consent.everything else self.variant.verdicts.url

    # -- the response

    def empty_headers(self) -> Headers:
        """Of the 204 that answers a swallowed call."""
        return [*NO_STORE, *self._expiries()]

    def reply(self, status: str, headers: Headers) -> Reply:
        """The response to send, from the site's status line and headers."""
        try:
            return self._gated(status, headers)
        except Exception as error:
            log.error(
                "A response could not be gated and goes out under the strictest policy (%s).", where(error)
            )
            return Reply(status, closed_headers(headers), None)

    def _gated(self, status: str, headers: Headers) -> Reply:
        if self._excluded:
            return Reply(status, private_headers(headers, kind_of(described(headers)[0])), None)
        code = status[:3]
        content_type, coding, length = described(headers)
        html = is_html(content_type) or (self._page_wanted and is_sniffed(content_type))
        parts = self._insertions(headers) if html and code != "206" else None
        rewritten = html and code not in BODILESS and code != "206" and self._rewrites(parts, coding)
        rules = self._rules(parts, headers)
        gated = gate_headers(headers, rules, page=self._page_wanted, rewritten=rewritten, tag=self._tag)
        out = gated.headers
        if code in REDIRECTS and self._gone_ids:
            out = [self._with_ids(pair) for pair in out]
        if self._gone_cookies and self._page_wanted:
            out += self._expiries()
        if self._once is not None and self._place != "inside" and code not in REDIRECTS:
            out += self._once_used()
        if self._view is not None and self._is_view(code, html):
            out += self._view.happens(asked=rewritten and parts is not None and self._asks)
        body = None
        if rewritten and self._method != "HEAD":
            look = self._sniff if is_sniffed(content_type) else self._look
            rewriter = self._rewriter(parts)
            body = Body(rewriter, coding=coding, recode=self._recode, look=look, done=self._done)
        else:
            self._end({})
        notice = self._notice(len(gated.cookies), len(gated.held)) if self._gate.config.debug_header else None
        return Reply(status, out, body, length=length, notice=notice)

    # -- counting

    def _is_view(self, code: str, html: bool) -> bool:
        """Whether this answer is a page that somebody sees: a document of its own, whole or from their cache."""
        if self._method != "GET" or self._place == "inside":
            return False
        return (code == "200" and html) or (code == "304" and self._place == "top")

    def _done(self, held: Held) -> None:
        """The body is complete."""
        if held:
            self._gate.count_held(held, self.consent)
        self._end(held)

    def _end(self, held: Held) -> None:
        if self._view is not None:
            self._view.ends(held)

    def _rules(self, parts: Insertions | None, headers: Headers) -> HeaderRules:
        variant = self.variant
        shared = variant.inside_rules if self._place == "inside" else variant.shared_rules
        rules = shared if self._shareable else variant.private_rules
        nonced_policy = self.variant.nonced_policy
        if nonced_policy is None:
            return rules
        # The site's own nonce, or one of ours that only our insertions carry. A response that is used again
        # would come with yesterday's nonce in its body: no validator of it ever matches.
        nonce = site_nonce(headers) or secrets.token_urlsafe(16)
        self._tag = f"nonce.{secrets.token_hex(4)}"
        policy = nonced_policy(nonce=nonce)
        if parts is not None:
            parts.add_policy(policy)
        return replace(rules, policy=policy)

    @property
    def _shareable(self) -> bool:
        """Whether what this visitor gets is what everyone without a choice and a signal gets."""
        if self._cookie_sent or self._by_script:
            return False
        return self.consent.signal is None and self.consent.state == "undecided"

    def _is_private(self, headers: Headers) -> bool:
        if not self._shareable or self._gate.config.cache == "private":
            return True
        for name, value in headers:
            if name.lower() == "cache-control":
                lowered = value.lower()
                if "no-store" in lowered or "private" in lowered:
                    return True
        return False

    def _rewrites(self, parts: Insertions | None, coding: str) -> bool:
        if coding and coding not in DECODERS:
            return False
        return parts is not None or not self.consent.everything

    def _insertions(self, headers: Headers) -> Insertions | None:
        """None where nothing may go in: a fragment, a frame, the answer to a POST."""
        if self._origins is None or self._method not in ("GET", "HEAD"):
            return None
        policies = [value for name, value in headers if name.lower() == "content-security-policy"]
        notice = (self._once.notice if self._once else "") or ("" if self._storable else "cannot-store")
        private = self._is_private(headers)
        return Insertions(
            self._gate.face, self.consent, self._origins, policies=policies, private=private, notice=notice
        )

    def _look(self, start: bytes, rewriter: Rewriter) -> Rewriter | None:
        """What becomes of a body by its first bytes. JSON under a page's label gets nothing inserted, and is
        left alone where no browser will show it as a page."""
        if not is_readable(start):
            return None
        if is_json(start):
            return None if not self._page_wanted or self._by_script else self._rewriter(None)
        return rewriter

    def _sniff(self, start: bytes, rewriter: Rewriter) -> Rewriter | None:
        return self._look(start, rewriter) if looks_like_html(start) else None

    def _rewriter(self, parts: Insertions | None) -> HtmlRewriter:
        inserts = None if parts is None else self._inserts(parts)
        variant = self.variant
        show = self._gate.face.placeholder_url
        return HtmlRewriter(
            variant.verdicts,
            inserts,
            shown=variant.shown,
            placeholder=show,
            memo=variant.memo,
            released=self.consent.everything,
        )

    def _inserts(self, parts: Insertions) -> Inserts:
        consent, once = self.consent, self._once
        granted = consent.everything or bool(consent.granted or consent.services)
        return Inserts(
            banner=parts.banner if self._asks or (once and once.notice) else None,
            link=parts.link if self._gate.config.settings_link else None,
            signal=parts.signal if granted else None,
            first=parts.first if once is not None and once.referrer else None,
            sure=self._place == "top",
        )

    @property
    def _asks(self) -> bool:
        consent = self.consent
        if consent.signal is not None and self._gate.config.prompt_on_signal:
            return consent.choice is None or not consent.choice.answered
        return consent.asks

    def _with_ids(self, pair: tuple[str, str]) -> tuple[str, str]:
        """A redirect inside the site keeps the click identifiers that the site itself was not shown."""
        if pair[0].lower() != "location":
            return pair
        target = split_url(pair[1])
        if target is not None and not self.variant.site.owns(target[0]):
            return pair
        return (pair[0], restore_click_ids(pair[1], self._gone_ids))

    def _expiries(self) -> Headers:
        """`Set-Cookie` headers that take away catalogued cookies which the browser sent ungranted."""
        ours = self._gate.cookie_names.ours
        names = [name for name in self._gone_cookies if name not in ours]
        site = self.variant.site
        domains = site.parents(site.host)
        return [("Set-Cookie", value) for value in expire_all(names, domains=domains)]

    def _once_used(self) -> Headers:
        return [("Set-Cookie", self._gate.cookie_names.once_gone), *NO_STORE]

    def _notice(self, cookies: int, links: int) -> Any:
        policy = int(bool(self.variant.policy))

        def render(body: Body | None) -> str:
            held = links + (sum(body.held.values()) if body is not None else 0)
            return f"held={held}; cookies={cookies + len(self._gone_cookies)}; csp={policy}"

        return render
