"""The gate's own site as an embedded one: what its fully cached pages begin with, and what their script asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import escape

from ..config import Embed
from ..core.csp import SHOWN_POLICY
from ..core.host_sources import host_sources
from ..face.facts import PagePolicy
from ..gate import Gate
from .app import PREFIX, build_embed
from .scripts import Scripts
from .site import EmbeddedSite

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from ..gate.variant import Variant

UNCLOSED = (
    "(function(s){self.cookiegate||document.head.prepend(Object.assign(document.createElement('meta'),"
    "{httpEquiv:'Content-Security-Policy',"
    "content:s.parentNode.querySelector('noscript').textContent.split('\"')[3]}));s.remove()})(document.currentScript)"
)
"""Where the script did not come (a filter, a broken line), its page gets what a page without script has."""


class OwnSite(EmbeddedSite):
    @property
    def own(self) -> bool:
        return True

    @property
    def shared(self) -> bool:
        """The gate sets the cookie itself, so that browsers keep it for as long as it is meant to last."""
        return True

    def settings(self) -> dict[str, Any]:
        settings = super().settings() | {"shared": True, "once": self.gate.cookie_names.once}
        unknown = self.gate.config.unknown
        if unknown == "hold-active":
            settings["shown"] = SHOWN_POLICY
        elif unknown == "allow":
            settings.pop("policy", None)
        return settings


class OwnPages:
    """`pages` answers below `/_gate/embed/`."""

    def __init__(self, gate: Gate, delivery: Iterable[str]) -> None:
        origin = gate.config.site.public_url
        host = urlsplit(origin).hostname or ""
        self._site = OwnSite(host, Embed(origins=(origin,)), gate, tuple(delivery))
        self._source = f"{PREFIX}{host}.js"
        self._usual = gate.catalogue.necessary_at("")
        self.pages: WSGIApplication = build_embed({host: self._site}, Scripts(own=True))

    def head(self, page: PagePolicy, variant: Variant) -> bytes:
        """The policy for browsers without script, the script, and what stands in for it where it does not come.

        Where the site's own policy lets no script of ours run, the policy alone, for everyone.
        """
        policy = self._policy(variant)
        # Script reads it as it stands: a policy has no character that would have to be written otherwise.
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        if not page.own_script:
            return meta.encode()
        nonce = f' nonce="{escape(page.nonce)}"' if page.nonce else ""
        also = " ".join(self._also(variant))
        named = f' data-also="{escape(also)}"' if also else ""
        text = f"<noscript>{meta}</noscript>" if policy else ""
        text += f'<script src="{self._source}"{named}{nonce}></script>'
        if policy and page.inline_script:
            text += f"<script{nonce}>{UNCLOSED}</script>"
        return text.encode()

    def _policy(self, variant: Variant) -> str:
        """As the undecided visitor's header, without what a `<meta>` cannot say."""
        if self._site.gate.config.unknown == "allow":
            return ""
        return "; ".join(part for part in variant.policy.split("; ") if not part.startswith("report-uri"))

    def _also(self, variant: Variant) -> tuple[str, ...]:
        """Hosts of services that are necessary on this page and not on every one."""
        found: list[str] = []
        for id in sorted(variant.necessary - self._usual):
            service = self._site.gate.catalogue.service(id)
            found += service.hosts if service is not None else ()
        return host_sources(found)
