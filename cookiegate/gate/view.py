"""One exchange as far as it is counted: known when it begins, and told once, at its end."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from ..core.consent import Consent
from ..core.site import Site
from ..counting import Outcome
from .reply import Headers

if TYPE_CHECKING:
    from .gate import Gate

Held = Mapping[tuple[str, str, str], int]
"""(kind of element, category, service or host) -> how many of it were held."""


class View:
    """Of whoever turned statistics off, and where nothing is counted, nothing is ever told."""

    __slots__ = ("_consent", "_facts", "_gate", "_outcome")

    def __init__(self, gate: Gate, request: MutableMapping[str, Any], consent: Consent, site: Site) -> None:
        counter = gate.counter
        self._gate = gate
        self._consent = consent
        self._facts = counter.facts(request, consent, site) if counter is not None else None
        self._outcome: Outcome | None = None

    def happens(self, *, asked: bool) -> Headers:
        """This answer is a page that somebody sees. Returns what keeps it in the cookie of a visitor who opted in."""
        counter, choice, facts = self._gate.counter, self._consent.choice, self._facts
        if counter is None or facts is None:
            return []
        if choice is None or not counter.is_somebody(facts):
            self._outcome = Outcome(asked=asked)
            return []
        new, source = counter.new_periods(self._consent), counter.source_kept(facts)
        self._outcome = Outcome(asked=asked, new=new, source=source)
        known = choice.channel, choice.campaign
        if not new and source in (None, known):
            return []
        return [("Set-Cookie", self._gate.counted_cookie(choice, source or known))]

    def ends(self, held: Held) -> None:
        """The answer is complete."""
        outcome, self._outcome = self._outcome, None
        if outcome is None or self._facts is None or self._gate.counter is None:
            return
        if held:
            name_of = self._gate.held_name
            outcome.held = [(category, name_of(name), number) for (_, category, name), number in held.items()]
        self._gate.counter.count(self._facts, outcome)
