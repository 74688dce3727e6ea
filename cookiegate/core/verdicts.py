"""The verdict table: what passes and what is held, for one site and one consent.

A `Verdicts` is built per variant (site, catalogue, consent key) and kept; it is asked for every URL, cookie
and inline script of a page, so its answers are remembered in a bounded cache: by host alone, since paths and
queries may hold what belongs to one visitor, and by the hash of an inline script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

from .consent import NECESSARY, UNCLASSIFIED, Consent
from .host_sources import host_sources
from .host_table import HostEntry, HostSet
from .page_data import is_page_data
from .urls import split_url

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .services import CookieMatch, Match
    from .site import Site

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")

_ODD_PATH = re.compile(r"[%\\\x00-\x20]|/\.")
"""What `split_url` resolves in a path, but for the fragment."""

_SECOND = "/\\\t\n\r"
"""What may follow a first slash in a URL that leads to another host; also the empty string."""

REMEMBERED = 4096
"""Hosts, and scripts, whose answer is kept before the cache starts anew."""


class Verdict(NamedTuple):
    """The answer about one third-party thing.

    `service` is a catalogue id, or None for a host nobody named; `host` is the third party's host ("" for an
    inline script held by a snippet rule). `signal` names the vendor family ("google", "microsoft", "clarity",
    "meta") whose consent signal must precede this tag, else "".
    """

    hold: bool
    category: str
    service: str | None
    host: str
    signal: str = ""


class CookieVerdict(NamedTuple):
    """The answer about one cookie of the site's own domain.

    `session_only`: it is kept, but must not outlive the browser's session. `declared`: somebody named it, the
    operator or the catalogue.
    """

    keep: bool
    category: str
    service: str | None
    session_only: bool
    declared: bool


class Verdicts:
    """`allow` and `delivery` are host patterns that pass under any consent. `necessary` are the ids of
    necessary services that pass on this page (`Catalogue.necessary_at`); None is those enabled for
    every page. Services that are not among `named` are called by the host alone; None names every one."""

    def __init__(
        self,
        catalogue: Catalogue,
        site: Site,
        consent: Consent,
        *,
        allow: Iterable[str] = (),
        delivery: Iterable[str] = (),
        unknown: Literal["hold", "allow"] = "hold",
        necessary: frozenset[str] | None = None,
        named: frozenset[str] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._collects = catalogue.collects
        self._site = site
        self._consent = consent
        self._passing = HostSet((*allow, *delivery))
        self._unknown_passes = unknown == "allow"
        self._necessary = catalogue.necessary_at("") if necessary is None else necessary
        self._named = named
        self._by_host: dict[str, Verdict | HostEntry | None] = {}
        self._by_service: dict[tuple[str, str | None], Verdict] = {}
        self._by_script: dict[tuple[int, int], Verdict | None] = {}

    def url(self, url: str, base: str = "") -> Verdict | None:
        """None where the site's own or no network host is reached; otherwise whether the third party
        passes. A tracker's path on a host of the site (`metrics.example.com/gtm.js`) is the tracker's."""
        if url.startswith("https://"):
            start = 8
        else:
            start = 2 if url.startswith("//") else 7 if url.startswith("http://") else 0
        if start and (end := url.find("/", start)) > start:
            # A host in the cache is spelt as `split_url` spells it: the same bytes here need no second look.
            host = url[start:end]
            answer = self._by_host.get(host, self)
            if isinstance(answer, Verdict):
                return answer
            if answer is not self and not _ODD_PATH.search(url, end):
                path = url[end:].partition("#")[0] if "#" in url else url[end:]
                if isinstance(answer, HostEntry):
                    return self._by_path(host, answer, path)
                return self._collected(host, path)
        elif url[:1] == "/" and url[1:2] not in _SECOND and not base:
            return None
        target = split_url(url, base)
        if target is None:
            return None
        host, path = target
        try:
            answer = self._by_host[host]
        except KeyError:
            answer = self._remember(host)
        if answer is None:
            return self._collected(host, path)
        if isinstance(answer, HostEntry):
            return self._by_path(host, answer, path)
        return answer

    def _collected(self, host: str, path: str) -> Verdict | None:
        match = self._collects(path)
        return None if match is None else self._verdict(host, match)

    def _by_path(self, host: str, entry: HostEntry, path: str) -> Verdict:
        service, rule = entry.decide(path)
        key = (host, service)
        verdict = self._by_service.get(key)
        if verdict is None:
            verdict = self._by_service[key] = self._verdict(host, self._catalogue.named(service, rule))
        return verdict

    def _own(self, host: str) -> bool:
        return self._site.owns(host) or host in self._passing

    def _remember(self, host: str) -> Verdict | HostEntry | None:
        if len(self._by_host) >= REMEMBERED:
            self._by_host.clear()
            self._by_service.clear()
        answer = self._by_host[host] = self._decide(host)
        return answer

    def _decide(self, host: str) -> Verdict | HostEntry | None:
        if self._site.owns(host):
            return None
        entry = self._catalogue.find_host(host)
        if host in self._passing:
            named = self._verdict(host, self._catalogue.named(*entry.decide("/")) if entry else None)
            return named._replace(hold=False)
        if entry is None:
            return self._verdict(host, None)
        return entry if entry.rules else self._verdict(host, self._catalogue.named(*entry.decide("/")))

    def _verdict(self, host: str, match: Match | None) -> Verdict:
        if match is None or match.service is None:
            category = match.category if match else UNCLASSIFIED
            passes = self._passes(category, host) or (category == UNCLASSIFIED and self._unknown_passes)
            return Verdict(not passes, category, None, host)
        service = match.service
        hold = not self._passes(match.category, service.id)
        category = UNCLASSIFIED if service.dormant else match.category
        name = service.id if self._named is None or service.id in self._named else None
        return Verdict(hold, category, name, host, service.signal)

    def _passes(self, category: str, name: str) -> bool:
        """`name` is a service's id or, where there is none, a host."""
        consent = self._consent
        if category == NECESSARY:
            return consent.everything or name in consent.services or name in self._necessary
        return consent.allows(category, name)

    def inline(self, text: bytes) -> Verdict | None:
        """None where no rule knows the script; held where any tracker in it is. Unknown hosts never hold
        one.

        A site sends the same scripts page after page. Of one that was seen, only Python's keyed hash is kept:
        it may hold what belongs to one visitor.
        """
        key = (hash(text), len(text))
        try:
            return self._by_script[key]
        except KeyError:
            if len(self._by_script) >= REMEMBERED:
                self._by_script.clear()
            verdict = self._by_script[key] = self._decide_inline(text)
            return verdict

    def _decide_inline(self, text: bytes) -> Verdict | None:
        released: Verdict | None = None
        for match in self._catalogue.inline_matches(text, self._own):
            verdict = self._verdict("", match)
            if verdict.hold:
                return None if is_page_data(text) else verdict
            released = released if released is not None and released.signal else verdict
        return released

    def cookie(self, name: str, *, httponly: bool, from_server: bool) -> CookieVerdict:
        """Whether a cookie is kept: on its way to the browser (`from_server`), or on its way to the site."""
        match = self._catalogue.match_cookie(name)
        if match is not None:
            keep = self._keeps(match)
            return CookieVerdict(keep, match.category, match.service, False, True)
        if self._consent.everything or not from_server:
            return CookieVerdict(True, UNCLASSIFIED, None, False, False)
        # Script can set and read what is not HttpOnly: an undeclared one waits for the operator's word.
        return CookieVerdict(httponly, UNCLASSIFIED, None, httponly, False)

    def _keeps(self, match: CookieMatch) -> bool:
        # A service that is not enabled sets no cookie by script; what the site's own server sets in its name
        # (a firewall's, a payment's) is the site's.
        if match.category == NECESSARY or self._consent.everything:
            return True
        if match.service is not None:
            return self._passes(match.category, match.service)
        return match.category in self._consent.granted

    def granted_hosts(self) -> tuple[str, ...]:
        """Source expressions for the policy of this variant: services named in the question and granted,
        single services and hosts released, necessary ones that are enabled. `allow` and `delivery` are
        not among them."""
        consent = self._consent
        patterns = [name for name in consent.services if _HOST.fullmatch(name)]
        for id in {*consent.question.service_ids, *consent.services, *self._necessary}:
            service = self._catalogue.service(id)
            if service is not None and not service.shared and self._passes(service.category, id):
                patterns += service.hosts
        return host_sources(patterns)
