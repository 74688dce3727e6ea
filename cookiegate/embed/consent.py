"""POST …/consent: a choice made in a page of an embedded site, recorded, signed and handed back to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Request, Response, jsonify

from ..core.consent import Choice
from ..core.cookie_header import cookie_names
from ..errors import BadRequest
from ..face.notices import NOTICES
from ..web.crowd import Crowd
from ..web.decision import UNKNOWN, Standing, decide, grants_more, takes_away
from ..web.recording import settle, with_record_id
from ..web.reply_cookies import expired_cookies
from ..web.submission import Submission
from ..web.visitor import Visitor
from .site import EmbeddedSite
from .submission import Sent, read_sent

DAY = 86_400


class EmbeddedVisitor(Visitor):
    """The visitor behind a page's message: their cookie and signal come as fields, their language as the page's."""

    def __init__(self, site: EmbeddedSite, request: Request, sent: Sent) -> None:
        environ = dict(request.environ)
        seen = [*sent.seen, *(cookie_names(request.headers.get("Cookie", "")) if site.own else ())]
        cookies = [f"{name}=" for name in seen if name not in site.gate.cookie_names.ours]
        environ["HTTP_COOKIE"] = "; ".join([f"{site.gate.cookie_names.consent}={sent.token}", *cookies])
        if sent.signal is not None:
            environ["HTTP_SEC_GPC" if sent.signal == "gpc" else "HTTP_DNT"] = "1"
        super().__init__(site.gate, Request(environ, populate_request=False))
        object.__setattr__(self, "_lang", sent.language)

    @property
    def language(self) -> str:
        wanted = [tag for tag, quality in self.request.accept_languages if quality > 0]
        return self.gate.face.language(getattr(self, "_lang", ""), *wanted)


def answer(site: EmbeddedSite, request: Request, crowd: Crowd) -> Response:
    """Raises BadRequest before anything has changed, or answers with the signed choice."""
    sent = read_sent(request)
    visitor = EmbeddedVisitor(site, request, sent)
    gate, act = site.gate, _act(visitor, sent)
    standing = Standing(
        question=gate.question,
        choice=visitor.choice,
        signal=visitor.signal,
        today=gate.today,
        category_of=visitor.category_of,
    )
    if act.once:
        # Consent to one embed on one page: recorded, and kept in no choice.
        settle(crowd, visitor, act, standing.current, grants=True, once=act.once)
        return jsonify(once=act.once)
    # Single services go on, and none comes: those are released by their placeholders.
    act = replace(act, services=act.services & standing.current.services)
    choice = with_record_id(decide(act, standing))
    grants = grants_more(choice, visitor.choice, gate.question)
    known = act.statistics or (sent.again and choice == visitor.choice)
    if not known and settle(crowd, visitor, act, choice, grants=grants) and act.choice:
        _count(visitor, act, choice)
    token, age = gate.codec.encode(choice), _age(site, choice)
    response = jsonify(_reply(visitor, choice, act) | {"token": token, "age": age})
    if site.own or (site.shared and _below(request.host, gate.config.cookie_domain)):
        response.headers.add("Set-Cookie", _cookie(site, token, age))
    if site.own:
        for line in expired_cookies(visitor, visitor.after(choice)):
            response.headers.add("Set-Cookie", line)
    return response


def _act(visitor: EmbeddedVisitor, sent: Sent) -> Submission:
    """What is to be done. Raises BadRequest where the site does not ask that, or no longer."""
    act, question = sent.act, visitor.gate.question
    for name in filter(None, (act.once, act.always)):
        if name not in question.service_ids:
            raise BadRequest(400, UNKNOWN)
    if act.always and visitor.signal_denies(act.always):
        return replace(act, once=act.always, always="")
    if (act.choice in ("accept", "save") or act.always) and act.question != question.hash:
        # A grant given to an older question does not answer the present one; a refusal answers any.
        raise BadRequest(409, NOTICES["asked-again"])
    if act.choice == "save" and act.source == "api" and visitor.choice is not None:
        # Categories that a script sets leave single services as they are.
        return replace(act, services=visitor.choice.services)
    return act


def _count(visitor: EmbeddedVisitor, act: Submission, choice: Choice) -> None:
    """An answer to the question is counted, never whose."""
    counter, question = visitor.gate.counter, visitor.gate.question
    if counter is None:
        return
    gone = takes_away(choice, visitor.choice, question)
    event = "withdrawn" if gone else {"accept": "accept", "reject": "reject"}.get(act.choice, "custom")
    counter.answered(visitor.environ, visitor.consent, event)


def _reply(visitor: EmbeddedVisitor, choice: Choice, act: Submission) -> dict[str, Any]:
    gate = visitor.gate

    def text(notice: str) -> str:
        return gate.face.message(NOTICES[notice], visitor.language)

    consent = visitor.after(choice)
    gone = [name for category, name, id in visitor.optional_cookies() if not consent.allows(category, id)]
    known = [gate.catalogue.service(one.id) for one in gate.question.services]
    for service in known:
        if service is not None and not consent.allows(service.category, service.id):
            gone += service.cookies
    return {
        "notice": text(_notice(visitor, choice, act)),
        "later": text("next-page"),
        "lost": text("no-cookie"),
        "kept": text("rejected"),
        "hide": gate.face.message("Hide this message", visitor.language),
        "wipe": sorted(set(gone)),
    }


def _notice(visitor: EmbeddedVisitor, choice: Choice, act: Submission) -> str:
    question = visitor.gate.question
    if act.statistics:
        return f"statistics-{act.statistics}"
    if act.choice != "reject" and visitor.signal and not choice.over_signal:
        return "signal-kept"
    if takes_away(choice, visitor.choice, question):
        return "withdrawn"
    if act.choice == "reject":
        return "rejected"
    return "accepted" if choice.granted >= frozenset(question.categories) else "saved"


def _age(site: EmbeddedSite, choice: Choice) -> int:
    """Seconds that the choice lasts, grant and refusal alike."""
    end = (choice.day + 1 + site.gate.config.cookie_days) * DAY
    return max(0, end - int(site.gate.clock()))


def _below(host: str, domain: str) -> bool:
    name = host.rpartition(":")[0] or host
    return name == domain or name.endswith("." + domain)


def _cookie(site: EmbeddedSite, token: str, age: int) -> str:
    """Set by a server, it keeps its whole life in Safari too. The site's own script must read it."""
    config = site.gate.config
    secure = "" if config.insecure_http else "; Secure"
    name = site.gate.cookie_names.consent
    domain = f"; Domain={config.cookie_domain}" if config.cookie_domain else ""
    return f"{name}={token}; Max-Age={age}{domain}; Path=/{secure}; SameSite=Lax"
