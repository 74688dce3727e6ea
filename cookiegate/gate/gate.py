"""One site's configuration at work. Open one per process; it is safe for many threads."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..core.consent import Choice, Consent, Signal, consent_of
from ..core.consent_cookie import ConsentCodec
from ..core.counts import clean_label
from ..core.exclusions import Exclusions
from ..core.mark import Mark
from ..core.once_cookie import Once, OnceCodec
from ..core.preview import PreviewCodec
from ..core.question import Question
from ..core.signals import signal_of
from ..core.site import Registrable
from ..errors import BadConsentCookie
from .cookies import CookieNames, choice_line
from .edits import RequestEdits
from .exchange import Exchange
from .memo import Memo
from .shared import Head, SharedExchange
from .variant import Variants
from .watched import Watched

if TYPE_CHECKING:
    from ..config import Config
    from ..core.catalogue import Catalogue
    from ..counting import Counter
    from ..counting.counter import Source
    from ..face import Face
    from ..ledger import Ledger
    from ..metrics import Metrics
    from ..tally import Tally

PREFIX = "/_gate/"
WELL_KNOWN = "/.well-known/gpc.json"
DAY = 86_400
LONGEST_COOKIE = 200
"""Characters of a value that we sign at most."""


class Gate:
    """The parts, put together. `question` is the published one; `clock` gives seconds since 1970."""

    def __init__(
        self,
        config: Config,
        *,
        catalogue: Catalogue,
        question: Question,
        secret_keys: tuple[str, ...],
        ledger: Ledger,
        tally: Tally,
        face: Face,
        delivery: Iterable[str],
        registrable: Registrable,
        counter: Counter | None = None,
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.counter = counter
        self.metrics = metrics
        self.config = config
        self.catalogue = catalogue
        self.question = question
        self.ledger = ledger
        self.tally = tally
        self.face = face
        self.clock = clock
        self.codec = ConsentCodec(secret_keys)
        self.once_codec = OnceCodec(secret_keys)
        self.preview = PreviewCodec(secret_keys)
        self.cookie_names = CookieNames(domain=config.cookie_domain, insecure=config.insecure_http)
        self.exclusions = Exclusions(config.excluded_paths)
        self.edits = RequestEdits(config, secret_keys[0])
        self.variants = Variants(
            config,
            catalogue,
            question,
            delivery=delivery,
            registrable=registrable,
            our_cookies=self.cookie_names.ours,
        )
        self.nobody = consent_of(None, question)
        """Where a visitor stands of whom nothing is known."""
        self.head: Head | None = None
        """What begins each page where all are the same for everyone; None elsewhere."""
        self._registrable = registrable
        self.held_name: Memo[str, str] = Memo(self._held_name)
        """What something held is counted under: a service, else the registrable domain of its host, whose other
        parts may be made for one visitor."""
        self._decoded: Memo[str, Choice | None] = Memo(self._decode)
        self._consents: Memo[tuple[Choice | None, Signal | None, frozenset[str]], Consent] = Memo(
            self._consent
        )

    @property
    def today(self) -> int:
        """Days since 1970-01-01 UTC."""
        return int(self.clock()) // DAY

    def count_held(self, held: Mapping[tuple[str, str, str], int], consent: Consent) -> None:
        """Take up what one page had held: (kind of element, category, service or host) -> how many. Nothing of
        whoever turned statistics off."""
        if consent.statistics_off:
            return
        name_of = self.held_name
        self.tally.add("rewritten", ((kind, name_of(name), count) for (kind, _, name), count in held.items()))
        if self.metrics is not None:
            self.metrics.held_some(sum(held.values()))

    def _held_name(self, name: str) -> str:
        if "." not in name:
            return name
        match = self.catalogue.match_url(name, "/")
        if match is not None and match.service is not None:
            return match.service.id
        is_address = name.rpartition(".")[2].isdigit()
        return clean_label((None if is_address else self._registrable(name)) or name)

    def counted_cookie(self, choice: Choice, source: Source) -> str:
        """The `Set-Cookie` value that remembers that this visitor, who opted in, has been counted today, and
        the channel and campaign that they came by."""
        assert self.counter is not None
        channel, campaign = source
        today = replace(choice, counted_day=self.counter.calendar.today(), channel=channel, campaign=campaign)
        return choice_line(self.cookie_names.consent, self.config, self.codec, today, self.clock())

    def owns_path(self, path: str) -> bool:
        """Whether the gate itself answers below this path."""
        return path.startswith(PREFIX) or path == WELL_KNOWN

    def open(self, request: MutableMapping[str, Any]) -> Exchange:
        """Begin an exchange: the request (CGI names) is edited in place, as this visitor's consent says."""
        header = request.get("HTTP_COOKIE", "")
        cookie, once_value = self.cookie_names.find(header)
        if cookie is not None and self.head is not None and self._is_narrowed(cookie, header):
            cookie = ""  # by a script whose message has not arrived
        once = self.once(once_value) if once_value is not None else None
        consent = self.consent(request, cookie, once)
        if self.metrics is not None:
            self.metrics.opened(counts=not consent.statistics_off)
        variant = self.variants.of(request, consent)
        exchange: type[Exchange] = Exchange if self.head is None else SharedExchange
        if self._only_watches(request):
            exchange = Watched
        return exchange(
            self, request, consent, variant, once, cookie_sent=cookie is not None or once is not None
        )

    def _is_narrowed(self, cookie: str, header: str) -> bool:
        """Whether a script has taken away since what `cookie` grants."""
        choice = self.choice(cookie) if "-no=" in header else None
        if choice is None:
            return False
        marks = map(Mark.parse, self.cookie_names.marks(header).values())
        return any(mark.limit(choice) != choice for mark in marks)

    def _only_watches(self, request: MutableMapping[str, Any]) -> bool:
        """Whether nothing is enforced for this request: the site observes, and this is no preview."""
        if self.config.mode == "enforce":
            return False
        key = self.cookie_names.preview_key(request.get("HTTP_COOKIE", ""))
        return not self.preview.valid(key, self.today)

    def consent(
        self, request: MutableMapping[str, Any], cookie: str | None, once: Once | None = None
    ) -> Consent:
        """Where the visitor of this request stands; undecided for a cookie that is not ours and current."""
        choice = self.choice(cookie) if cookie is not None else None
        signal = signal_of(request.get("HTTP_SEC_GPC"), request.get("HTTP_DNT") if self.config.dnt else None)
        return self._consents((choice, signal, once.services if once else frozenset()))

    def choice(self, cookie: str) -> Choice | None:
        """The choice that a cookie's value carries, None where it is not ours, expired or from tomorrow."""
        choice = self._decoded(cookie) if len(cookie) <= LONGEST_COOKIE else None
        if choice is None or not self.codec.fresh(
            choice, today=self.today, lifetime_days=self.config.cookie_days
        ):
            return None
        return choice

    def once(self, value: str) -> Once | None:
        """What a one-shot cookie carries, or None where it is not ours or older than a minute."""
        try:
            return self.once_codec.decode(value, int(self.clock()))
        except BadConsentCookie:
            return None

    def _decode(self, cookie: str) -> Choice | None:
        try:
            return self.codec.decode(cookie)
        except BadConsentCookie:
            return None

    def _consent(self, key: tuple[Choice | None, Signal | None, frozenset[str]]) -> Consent:
        choice, signal, once = key
        return consent_of(choice, self.question, signal=signal, once=once)
