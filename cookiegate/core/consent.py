"""What a visitor decided (`Choice`), and where they stand in one exchange (`Consent`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from .question import Question

NECESSARY = "necessary"
OPTIONAL = ("preferences", "analytics", "marketing")
CATEGORIES = (NECESSARY, *OPTIONAL)
UNCLASSIFIED = "unclassified"
"""Not a category that can be granted alone: what nobody has named passes only where everything is granted."""

SIGNALLED = frozenset({"analytics", "marketing"})
"""What an opt-out signal (GPC, DNT) denies: RULES U01."""

Signal = Literal["gpc", "dnt"]
State = Literal["undecided", "denied", "partial", "granted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A decision as the signed cookie carries it.

    `day` counts days since 1970-01-01 UTC. `answered` is False where a visitor has only released single
    services from their placeholders and never answered the question itself. `record` exists only where
    something is granted; `counted_day`, and the `channel` and `campaign` of the last arrival, where analytics is:
    whoever declines cannot be told apart.
    """

    question: str
    day: int
    answered: bool = True
    granted: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    over_signal: bool = False
    statistics_off: bool = False
    counted_day: int | None = None
    channel: str | None = None
    campaign: str | None = None
    record: str | None = None


@dataclass(frozen=True)
class Consent:
    """Where one visitor stands in one exchange: the only thing that verdicts look at.

    `granted` holds optional categories, `services` single services (ids, or hosts for unclassified embeds)
    released by name, for good or for this one response. `everything` ungates the response altogether.
    """

    state: State
    question: Question
    granted: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    signal: Signal | None = None
    choice: Choice | None = None

    @property
    def everything(self) -> bool:
        return self.state == "granted"

    @property
    def statistics_off(self) -> bool:
        return self.choice is not None and self.choice.statistics_off

    def allows(self, category: str, service: str | None = None) -> bool:
        """Whether `service` (an id, or a bare host) of `category` may run. Asked-about services only: a
        service that the question did not name stays held until everything is granted."""
        if self.everything or category == NECESSARY:
            return True
        if service is not None and service in self.services:
            return True
        return category in self.granted and service in self.question.service_ids

    @property
    def asks(self) -> bool:
        """Whether the banner is shown: the question stands unanswered, by the visitor and by a signal."""
        return self.signal is None and (self.choice is None or not self.choice.answered)

    @cached_property
    def key(self) -> str:
        """The variant of a page that this consent sees: equal keys, equal bytes. Short, safe in an ETag."""
        if self.everything:
            return "all"
        letters = "".join(sorted(name[0] for name in self.granted))
        asked = "u" if self.asks else self.signal or "0"
        return ".".join([asked + letters, *sorted(self.services)])


def carried(choice: Choice | None, question: Question) -> Choice | None:
    """What of a valid choice stands under the present question. An answer to an earlier one is none; an objection to
    statistics answers no question, and lasts."""
    if choice is None or choice.question == question.hash:
        return choice
    if not choice.statistics_off:
        return None
    return Choice(question=question.hash, day=choice.day, answered=False, statistics_off=True)


def consent_of(
    choice: Choice | None,
    question: Question,
    *,
    signal: Signal | None = None,
    once: frozenset[str] = frozenset(),
) -> Consent:
    """Combine a valid choice with the request's opt-out signal and a placeholder's "load once".

    A signal denies analytics and marketing even over a stored grant, a service's own "always" included,
    unless that grant was made later, on purpose, on the settings page. "Load once" is such an act for one
    document. It never makes an undecided visitor's state worse than denied.
    """
    choice = carried(choice, question)
    honoured = None if choice is not None and choice.over_signal else signal
    granted = choice.granted & frozenset(question.categories) if choice else frozenset()
    services = choice.services if choice else frozenset()
    if honoured:
        granted -= SIGNALLED
        services &= frozenset(s.id for s in question.services if s.category not in SIGNALLED)
    services |= once
    answered = choice is not None and choice.answered
    if granted and granted == frozenset(question.categories) and not honoured:
        state: State = "granted"
    elif granted or services:
        state = "partial"
    else:
        state = "denied" if answered or honoured else "undecided"
    return Consent(state, question, granted, services, honoured, choice)
