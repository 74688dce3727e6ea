"""Proof of a choice: appended durably before the visitor is answered."""

from __future__ import annotations

import logging
import secrets
from dataclasses import replace

from ..core.consent import Choice
from ..core.question import Question, text_hash
from ..errors import BadRequest, LedgerError
from ..face.notices import NOTICES
from ..gate.edits import NETWORK
from ..ledger import Record
from ..ledger.record import Action
from .crowd import Crowd
from .decision import grants_more, takes_away
from .submission import Submission
from .visitor import Visitor

log = logging.getLogger("cookiegate")


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


TOO_MANY = _(
    "Too many choices have come from your network, so nothing was changed. Please try again in a minute."
)


def with_record_id(choice: Choice) -> Choice:
    """Whoever granted something can ask for their receipt; whoever declined cannot be told apart."""
    if not (choice.granted or choice.services) or choice.record:
        return choice
    return replace(choice, record=secrets.token_urlsafe(9))


def action_of(new: Choice, old: Choice | None, question: Question) -> Action:
    had = old is not None and bool(old.granted or old.services)
    if grants_more(new, old, question):
        return "change" if had else "grant"
    return "withdrawal" if takes_away(new, old, question) else "change" if had else "refusal"


def settle(
    crowd: Crowd, visitor: Visitor, act: Submission, new: Choice, *, grants: bool, once: str = ""
) -> bool:
    """Record the act, so that it may take effect; False where the store is to be spared it.

    A grant that is not recorded is not given: BadRequest. A refusal needs no record.
    """
    admitted = crowd.admits(visitor.environ.get(NETWORK, b""))
    if grants and not admitted:
        raise BadRequest(429, TOO_MANY)
    if admitted and not record(visitor, act, new, once=once) and grants:
        raise BadRequest(503, NOTICES["not-recorded"])
    return admitted


def record(visitor: Visitor, act: Submission, new: Choice, *, once: str = "") -> bool:
    """Whether the act stands in the ledger now. A failure is logged without anything of the visitor."""
    gate, old = visitor.gate, visitor.choice
    text = gate.face.shown_text(visitor.language)
    services = new.services | ({once} if once else frozenset())
    entry = Record(
        time=int(gate.clock()),
        question=gate.question.hash,
        text=text_hash(text),
        categories={name: name in new.granted for name in gate.question.categories},
        services=tuple(sorted(services)),
        source=act.source,
        language=visitor.language,
        action="grant" if once else action_of(new, old, gate.question),
        id=new.record or (old.record if old else None),
    )
    try:
        gate.ledger.append(entry, question=gate.question, text=text)
    except LedgerError as error:
        log.error("A choice could not be recorded: %s", error)
        if gate.metrics is not None:
            gate.metrics.refused.inc()
        return False
    if gate.metrics is not None and not new.statistics_off:
        gate.metrics.choices.inc()
    return True
