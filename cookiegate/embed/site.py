"""One embedded site: its gate, and what its script must know of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from ..config import Embed, origins_of
from ..core.consent import NECESSARY
from ..core.csp import gate_policy
from ..core.host_sources import host_sources
from ..core.services import Service
from ..face.signals import VENDORS
from ..face.texts import by_tag, first_part, negotiate
from ..gate import Gate

VERSION = 1
"""Of what loader and main script say to each other; a tag of an older version goes on being answered."""


@dataclass(frozen=True)
class EmbeddedSite:
    """`host` names it in addresses. `delivery` are the hosts of public libraries that pass."""

    host: str
    entry: Embed
    gate: Gate
    delivery: tuple[str, ...]

    @cached_property
    def origins(self) -> frozenset[str]:
        """The only pages that this site's visitors can be on."""
        return frozenset(origins_of(self.host, self.entry))

    @property
    def own(self) -> bool:
        """Whether the gate itself answers for its own site, on that site's own origin."""
        return False

    @property
    def shared(self) -> bool:
        """Whether the choice is kept by the service itself, for the site's whole domain."""
        return bool(self.gate.config.cookie_domain)

    def settings(self) -> dict[str, Any]:
        """What the loader starts with.

        Everything in it is public: it says what the site asks about, nothing of any visitor.
        """
        gate, config = self.gate, self.gate.config
        settings = {
            "version": VERSION,
            "site": self.host,
            "cookie": gate.cookie_names.consent,
            "mark": gate.cookie_names.refused_here if self._alone else gate.cookie_names.refused,
            "domain": "" if self._alone else config.cookie_domain,
            "whole": config.cookie_domain if self._alone else "",
            "shared": self.shared,
            "question": gate.question.hash,
            "days": config.cookie_days + 1,
            "categories": "".join(name[0] for name in gate.question.categories),
            "policy": self._policy if self.entry.policy == "meta" else "",
            "allow": host_sources((*config.allow, *self.delivery)),
            "services": {service.id: self._facts(service, name) for service, name in self._services},
            "vendors": [vendor for vendor in VENDORS if vendor in gate.face.asked_vendors],
            "marks": dict(self.entry.marks),
            "takeOver": self.entry.take_over,
            "dnt": config.dnt,
            "prompt": config.prompt_on_signal,
            "views": gate.counter is not None and self.entry.views,
            "link": self._link if config.settings_link else {},
        }
        needed = ("allow", "services", "vendors", "link")
        return {key: value for key, value in settings.items() if value or key in needed}

    @cached_property
    def _services(self) -> list[tuple[Service, str]]:
        """Those that the question names, and the necessary ones of every page, each with its category."""
        gate = self.gate
        asked = [(gate.catalogue.service(one.id), one.category) for one in gate.question.services]
        always = [(gate.catalogue.service(id), NECESSARY) for id in sorted(gate.catalogue.necessary_at(""))]
        return [(service, name) for service, name in asked + always if service and not service.shared]

    def _facts(self, service: Service, category: str) -> list[Any]:
        # The script looks for one kind of quotes, whichever stand there.
        calls = [re.sub('["`]', "'", call) for call in self.gate.catalogue.calls_of(service.id)]
        held = self.entry.policy == "meta" and not service.linked
        found = list(dict.fromkeys(calls)) if held else None
        facts = [category[0], _short(host_sources(service.hosts)), found, service.signal]
        while not facts[-1]:
            facts.pop()
        return facts

    @property
    def _alone(self) -> bool:
        """Whether one host alone shows pages though the choice is kept for the whole domain: no other one can write
        a mark that is its own."""
        hosts = {urlsplit(origin).hostname for origin in self.origins}
        return bool(self.gate.config.cookie_domain) and len(hosts) == 1 and not self.own

    @property
    def _policy(self) -> str:
        return gate_policy(self.gate.variants.site({}), own=self.gate.config.site.own)

    @property
    def _link(self) -> dict[str, list[str]]:
        """The words of the settings link by what a page's language may be called, in small letters: the whole tag, else
        its first part, else nothing, which is the first language. No name stands there that changes nothing."""
        face = self.gate.face
        offered = self.gate.config.site.languages or ("en",)
        ids = ("Cookies", "Cookie settings", "Opt-out signal honoured:")
        names = {"": offered[0]}
        for tag, language in sorted(by_tag(offered).items()):
            if negotiate([first_part(tag) if "-" in tag else ""], offered) != language:
                names[tag] = language
        return {tag: [face.message(id, language) for id in ids] for tag, language in names.items()}


def _short(sources: tuple[str, ...]) -> list[str]:
    """Without what the script adds by itself: `x` beside `*.x`, and `x/path/` beside `x/path`."""
    known = set(sources)
    return [
        source
        for source in sources
        if f"*.{source}" not in known and not (source.endswith("/") and source[:-1] in known)
    ]
