"""What goes into one top-level page: the banner, the settings link, the signals, the referrer's hand-over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..core.html import PageFacts
from ..core.site_policy import NO_POLICY, SitePolicy, read_site_policy
from ..core.source_list import Origin
from ..core.urls import split_url
from ..face.facts import BannerFacts, PagePolicy

if TYPE_CHECKING:
    from ..core.consent import Consent
    from ..core.site import Site
    from ..face import Face

NOWHERE = Origin("https", "", "443")
"""For what a policy says of no origin."""

LONGEST_REFERRER = 1024
"""Characters of an external referrer that are handed on; browsers send an origin or a page's address."""


class Origins:
    """Where this request came from and what it asked for, as it stood before the request was edited.

    It is read then, and worked out only for a page that may hold it.
    """

    __slots__ = ("_path", "_query", "_referrer", "_site", "host", "scheme")

    def __init__(self, request: Mapping[str, Any], site: Site) -> None:
        self.scheme = request.get("wsgi.url_scheme", "http")
        self.host = request.get("HTTP_HOST") or request.get("SERVER_NAME", "")
        self._site = site
        self._path: str = request.get("SCRIPT_NAME", "") + request.get("PATH_INFO", "")
        self._query: str = request.get("QUERY_STRING", "")
        self._referrer: str = request.get("HTTP_REFERER", "")

    @property
    def target(self) -> str:
        """Path and query of the request, click identifiers and all."""
        path = quote(self._path.encode("latin-1"), "/:@!$&'()*+,;=~-._")
        return f"{path}?{self._query}" if self._query else path

    @property
    def referrer(self) -> str:
        """The page of another site that led here, else ""."""
        referrer = self._referrer
        target = split_url(referrer) if referrer and len(referrer) <= LONGEST_REFERRER else None
        return referrer if target is not None and not self._site.owns(target[0]) else ""


class Insertions:
    """The fragments of one page. `policies` are the values of the site's own enforced policies; `private`
    says that no shared cache may keep this page, so that it may hold what belongs to its visitor."""

    def __init__(
        self,
        face: Face,
        consent: Consent,
        origins: Origins,
        *,
        policies: list[str],
        private: bool,
        notice: str = "",
    ) -> None:
        self._face = face
        self._consent = consent
        self._origins = origins
        self._policies = policies
        self._private = private
        self._notice = notice

    def add_policy(self, policy: str) -> None:
        """Our own policy binds our own insertions too, where it asks for a nonce."""
        self._policies.append(policy)

    def banner(self, page: PageFacts) -> bytes:
        return self._face.banner(
            BannerFacts(
                private=self._private,
                return_to=self._origins.target if self._private else "",
                referrer=self._origins.referrer if self._private else "",
                policy=self.page_policy(page),
                language=page.lang,
                notice=self._notice,
                signal=self._consent.signal,
            )
        )

    def link(self, page: PageFacts) -> bytes:
        """What goes in before `</body>`: the settings link, and the script that fills the containers of
        embeds which were held above."""
        policy = self.page_policy(page)
        link = self._face.link(page.lang, policy=policy, signal=self._consent.signal)
        return link + self._face.embed_placeholder(page.held, page.lang, policy=policy)

    def link_without_script(self, page: PageFacts) -> bytes:
        """The same where the page's own script places the link, in the words that fit its visitor."""
        policy = self.page_policy(page)
        link = self._face.link(page.lang, policy=policy)
        return b"<noscript>%s</noscript>%s" % (
            link,
            self._face.embed_placeholder(page.held, page.lang, policy=policy),
        )

    def signal(self, vendors: frozenset[str], page: PageFacts) -> bytes:
        """Consent signals for the vendors of the script that follows, and for those of every service in the
        question: a tag manager may bring them in where no markup shows them."""
        policy = self._site_policy(page)
        if not policy.script:
            return b""
        return self._face.signal_block(vendors | self._face.asked_vendors, self._consent, policy.script_nonce)

    def first(self, page: PageFacts) -> bytes:
        policy = self._site_policy(page)
        return self._face.referrer_block(policy.script_nonce) if policy.script else b""

    def page_policy(self, page: PageFacts) -> PagePolicy:
        return _page_policy(self._site_policy(page))

    def _site_policy(self, page: PageFacts) -> SitePolicy:
        if not self._policies and not page.meta_csp:
            return NO_POLICY
        origin = Origin.of(self._origins.scheme, self._origins.host)
        return read_site_policy(self._policies, origin, metas=page.meta_csp)


def site_nonce(headers: Iterable[tuple[str, str]]) -> str:
    """The nonce that the site's own enforced policies give its scripts, or ""."""
    policies = [value for name, value in headers if name.lower() == "content-security-policy"]
    return read_site_policy(policies, NOWHERE).script_nonce if policies else ""


def _page_policy(policy: SitePolicy) -> PagePolicy:
    """The banner's style and script share one nonce: where the site's policies want two, script gives way."""
    agree = not policy.style_nonce or not policy.script_nonce or policy.style_nonce == policy.script_nonce
    return PagePolicy(
        nonce=policy.style_nonce or policy.script_nonce,
        inline_style=policy.style,
        own_style=policy.own_stylesheet,
        inline_script=policy.script and agree,
        own_script=policy.own_script and agree,
        form=policy.form,
    )
