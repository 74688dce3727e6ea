"""A variant: everything about a response that depends only on the site's host and the visitor's consent.

Few exist for a site (undecided, denied, each mixture of grants), so each is built once and kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from ..core.consent import Consent
from ..core.csp import OPEN_POLICY, gate_policy
from ..core.html import SiteMemory
from ..core.question import Question
from ..core.response_headers import HeaderRules
from ..core.site import Registrable, Site
from ..core.verdicts import Verdicts
from .memo import Memo

if TYPE_CHECKING:
    from ..config import Config
    from ..core.catalogue import Catalogue


REPORT = "/_gate/report"
"""Where browsers tell what the policy has held."""


class NoncedPolicy(Protocol):
    def __call__(self, *, nonce: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Variant:
    """`policy` is our Content-Security-Policy, "" where everything is granted; `tag` marks entity tags.

    `shown` judges what a page only shows, None where `verdicts` do. `memo` remembers judged markup,
    `memo_by_name` where that is marked by name. `necessary` are the ids of necessary services that pass on this page.
    `keeps_incoming` answers for a cookie's name in a request. `shared_rules` and `private_rules` are what
    it does to response headers: shared where everyone without a choice and a signal gets the same, inside
    where that has no banner: a cache that does not tell frames from the page on top must not keep it.
    `nonced_policy` makes the policy of one response where inline script needs a nonce; None elsewhere.
    """

    site: Site
    verdicts: Verdicts
    shown: Verdicts | None
    memo: SiteMemory
    memo_by_name: SiteMemory
    necessary: frozenset[str]
    policy: str
    tag: str
    keeps_incoming: Callable[[str], bool]
    shared_rules: HeaderRules
    inside_rules: HeaderRules
    private_rules: HeaderRules
    nonced_policy: NoncedPolicy | None


class Variants:
    """All variants of one configuration, made when first asked for."""

    def __init__(
        self,
        config: Config,
        catalogue: Catalogue,
        question: Question,
        *,
        delivery: Iterable[str],
        registrable: Registrable,
        our_cookies: frozenset[str],
    ) -> None:
        self._config = config
        self._catalogue = catalogue
        self._question = question
        self._delivery = tuple(delivery)
        self._registrable = registrable
        self._our_cookies = our_cookies
        self._own = tuple(config.site.own)
        self._host = config.site.host
        self._by_path = any(service.paths for service in catalogue.services.values() if service.enabled)
        self._everywhere = catalogue.necessary_at("")
        self._epoch = _epoch(config, question)
        self._sites: Memo[str, Site] = Memo(self._site, size=64)
        self._kept: dict[tuple[str, str, frozenset[str]], Variant] = {}

    def site(self, request: Mapping[str, Any]) -> Site:
        """The site of a request: the configured one, else the one that the `Host` header names."""
        return self._sites(self._host or request.get("HTTP_HOST") or request.get("SERVER_NAME", ""))

    def of(self, request: Mapping[str, Any], consent: Consent) -> Variant:
        """The variant that answers `request` for `consent`."""
        site = self.site(request)
        path = request.get("PATH_INFO", "") if self._by_path else ""
        necessary = self._catalogue.necessary_at(path) if self._by_path else self._everywhere
        key = (site.host, consent.key, necessary)
        variant = self._kept.get(key)
        if variant is None:
            if len(self._kept) >= 128:
                self._kept = {}
            variant = self._kept[key] = self._make(site, consent, necessary)
        return variant

    def _site(self, host: str) -> Site:
        return Site(host, own=self._own, registrable=self._registrable)

    def _make(self, site: Site, consent: Consent, necessary: frozenset[str]) -> Variant:
        config, question = self._config, self._question
        table = partial(
            Verdicts,
            self._catalogue,
            site,
            consent,
            allow=config.allow,
            delivery=self._delivery,
            necessary=necessary,
            named=question.service_ids | necessary if config.cache == "shared" else None,
        )
        lenient = config.unknown == "hold-active"
        verdicts = table(unknown="allow" if config.unknown == "allow" else "hold")
        make_policy = partial(
            gate_policy,
            site,
            own=self._own,
            allow=(*config.allow, *self._delivery),
            granted_hosts=verdicts.granted_hosts(),
            report_uri=REPORT if config.reports else "",
            shown_from_anywhere=lenient,
        )
        policy = "" if consent.everything else make_policy()
        if policy and config.unknown == "allow":
            policy = OPEN_POLICY
        ours = self._our_cookies

        def keeps(name: str) -> bool:
            return name not in ours and verdicts.cookie(name, httponly=False, from_server=False).keep

        rules = HeaderRules(
            url=None if consent.everything else verdicts.url,
            cookie=None if consent.everything else verdicts.cookie,
            policy=policy,
            tag=f"{consent.key}.{self._epoch}",
            shareable=False,
            shares_pages=config.cache != "private",
        )
        return Variant(
            site,
            verdicts,
            table(unknown="allow") if lenient else None,
            SiteMemory(),
            SiteMemory(),
            necessary,
            policy,
            rules.tag,
            Memo(keeps, size=512),
            replace(rules, shareable=True),
            replace(rules, shareable=True, shares_pages=False),
            rules,
            None if consent.everything or config.inline_scripts == "rules" else make_policy,
        )


def _epoch(config: Config, question: Question) -> str:
    """Six digits that change with whatever changes rewritten bytes: settings, question, release."""
    from .. import __version__

    text = f"{__version__} {question.hash} {config!r}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:6]
