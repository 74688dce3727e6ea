"""From a choice and a visitor's act to the next choice. Pure: the day and the signal come in as arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..core.consent import SIGNALLED, Choice, Signal
from ..core.consent_cookie import fits
from ..core.question import Question
from ..errors import BadRequest
from .submission import Submission


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


UNKNOWN = _("This form names something that this site does not ask about, so nothing was changed.")
TOO_MANY = _("These are more single services than can be remembered. Please allow the whole category.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a visitor stands when the act arrives. `signal` is what the browser sends, overridden or not.

    `category_of` gives the category of a service id, or None for a host that nobody has named.
    """

    question: Question
    choice: Choice | None
    signal: Signal | None
    today: int
    category_of: Callable[[str], str | None]

    @property
    def current(self) -> Choice:
        return self.choice or Choice(question=self.question.hash, day=self.today, answered=False)


def decide(act: Submission, standing: Standing) -> Choice:
    """The choice after the act; raises BadRequest where it names what was not asked about.

    The day is the day of a new answer; releasing one service or objecting to statistics keeps the old one, so
    that visits never prolong a choice.
    """
    choice = _decided(act, standing)
    if not fits(choice.services):
        raise BadRequest(400, TOO_MANY)
    if not (choice.granted or choice.services):
        choice = replace(choice, record=None, over_signal=False)
    if "analytics" not in choice.granted:
        choice = replace(choice, counted_day=None, channel=None, campaign=None)
    return choice


def grants_more(new: Choice, old: Choice | None, question: Question) -> bool:
    """Whether `new` allows anything that `old` did not: then it must be recorded before it counts."""
    if old is None:
        return bool(new.granted or new.services)
    before = _allowed(old, question)
    over = new.over_signal and not old.over_signal
    return over or not (_everything(before) or _allowed(new, question) <= before)


def takes_away(new: Choice, old: Choice | None, question: Question) -> bool:
    """Whether anything that `old` allowed is no longer allowed."""
    if old is None:
        return False
    after = _allowed(new, question)
    return not (_everything(after) or _allowed(old, question) <= after)


def _allowed(choice: Choice, question: Question) -> frozenset[str]:
    """Categories as `category:`, and every service that they or the visitor's own exceptions release."""
    asked = frozenset(service.id for service in question.services if service.category in choice.granted)
    whole = frozenset(f"category:{name}" for name in choice.granted)
    every = frozenset({"everything"} if choice.granted >= frozenset(question.categories) else ())
    return asked | choice.services | whole | every


def _everything(allowed: frozenset[str]) -> bool:
    return "everything" in allowed


def _decided(act: Submission, standing: Standing) -> Choice:
    current = standing.current
    if act.statistics:
        return replace(current, statistics_off=act.statistics == "off")
    if act.always:
        if standing.category_of(act.always) is None and "." not in act.always:
            raise BadRequest(400, UNKNOWN)
        return replace(current, services=current.services | {act.always})
    if act.withdraw:
        return replace(
            current, granted=current.granted - act.withdraw, services=current.services - act.withdraw
        )
    if act.choice == "reject":
        return _answer(standing, frozenset(), frozenset(), act)
    if act.choice == "accept":
        return _answer(standing, frozenset(standing.question.categories), frozenset(), act)
    return _saved(act, standing)


def _saved(act: Submission, standing: Standing) -> Choice:
    """The switches. A category that was on and lost one of its services goes on as its remaining services."""
    question, current = standing.question, standing.current
    known = question.service_ids | current.services
    if not act.categories <= frozenset(question.categories) or not act.services <= known:
        raise BadRequest(400, UNKNOWN)
    granted, services = set[str](), set[str]()
    for category in question.categories:
        asked = {service.id for service in question.services if service.category == category}
        ticked = asked & act.services
        if category in act.categories and (category not in act.was or ticked == asked):
            granted.add(category)
        elif category in act.categories or category not in act.was:
            services |= ticked
    services |= act.services - question.service_ids
    return _answer(standing, frozenset(granted), frozenset(services), act)


def _answer(standing: Standing, granted: frozenset[str], services: frozenset[str], act: Submission) -> Choice:
    current = standing.current
    on_purpose = current.over_signal or (act.override and act.source == "settings")
    over = standing.signal is not None and on_purpose
    if standing.signal is not None and not over:
        granted -= SIGNALLED
        services = frozenset(id for id in services if standing.category_of(id) == "preferences")
    return Choice(
        question=standing.question.hash,
        day=standing.today,
        granted=granted,
        services=services,
        over_signal=over,
        statistics_off=current.statistics_off,
        counted_day=current.counted_day,
        channel=current.channel,
        campaign=current.campaign,
        record=current.record,
    )
