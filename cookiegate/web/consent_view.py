"""POST /_gate/consent: the one place where a visitor's choice changes."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, urlsplit

from flask import Request, Response, jsonify

from ..core.consent import Choice
from ..core.once_cookie import Once
from ..errors import BadRequest
from ..face.notices import NOTICES
from .crowd import Crowd
from .decision import Standing, decide, grants_more, takes_away
from .headers import Redirect
from .origin import is_own_post
from .ports import GatePort
from .recording import settle, with_record_id
from .reply_cookies import choice_cookie, expired_cookies, marks, once_cookie, spent_once_cookie
from .returning import SETTINGS, foreign_referrer, place_on_site, return_place, with_referrer
from .submission import read_submission
from .visitor import Visitor


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


CROSS_SITE = _("This choice did not come from a page of this site, so nothing was changed.")


class ConsentView:
    """One posted act. Raises BadRequest before anything has changed, or answers."""

    def __init__(self, gate: GatePort, request: Request, crowd: Crowd) -> None:
        public_url = gate.config.site.public_url
        if not is_own_post(request.environ, public_url):
            raise BadRequest(403, CROSS_SITE)
        self.gate = gate
        self.crowd = crowd
        self.visitor = Visitor(gate, request)
        self.act = read_submission(request)
        self.wants_json = "application/json" in request.headers.get("Accept", "")
        self.place = return_place(self.act.return_to, request.environ, public_url)
        self.referrer = foreign_referrer(self.act.referrer, request.environ, public_url)

    def answer(self) -> Response:
        act = self.act
        if act.always and self.visitor.signal_denies(act.always):
            act = self.act = replace(act, once=act.always, always="")
        if self._is_stale():
            return self._reply(None, "asked-again", status=409)
        if act.once:
            return self._load_once()
        choice = self._with_source(with_record_id(decide(act, self._standing())))
        more = grants_more(choice, self.visitor.choice, self.gate.question)
        if not act.statistics and settle(self.crowd, self.visitor, act, choice, grants=more):
            self._count(choice)
        return self._reply(choice, self._notice(choice))

    def _with_source(self, choice: Choice) -> Choice:
        """Where a visitor came from who says yes on the page that they arrived at: their cookie keeps it for
        their goals from now on."""
        counter = self.gate.counter
        if counter is None or not self.referrer or choice.channel or "analytics" not in choice.granted:
            return choice
        query = urlsplit(self.place).query
        source = counter.source_of(self.referrer, query, self.visitor.site)
        return choice if source is None else replace(choice, channel=source[0], campaign=source[1])

    def _count(self, choice: Choice) -> None:
        """An answer to the question is counted, never whose; single services and statistics are no answers."""
        visitor, act = self.visitor, self.act
        if self.gate.counter is None or not (act.choice or act.withdraw):
            return
        if takes_away(choice, visitor.choice, self.gate.question):
            event = "withdrawn"
        else:
            event = {"accept": "accept", "reject": "reject"}.get(act.choice, "custom")
        self.gate.counter.answered(visitor.environ, visitor.consent, event)

    def _standing(self) -> Standing:
        visitor = self.visitor
        return Standing(
            question=self.gate.question,
            choice=visitor.choice,
            signal=visitor.signal,
            today=self.gate.today,
            category_of=visitor.category_of,
        )

    def _is_stale(self) -> bool:
        """A grant given to an older question does not answer the present one; a refusal answers any."""
        return self.act.choice in ("accept", "save") and self.act.question != self.gate.question.hash

    def _load_once(self) -> Response:
        """Consent to one embed on one page: recorded, and kept in no choice."""
        current = self._standing().current
        settle(self.crowd, self.visitor, self.act, current, grants=True, once=self.act.once)
        return self._reply(None, "", once=Once(services=frozenset({self.act.once})))

    def _notice(self, choice: Choice) -> str:
        act, question = self.act, self.gate.question
        if act.statistics:
            return f"statistics-{act.statistics}"
        if act.choice != "reject" and self.visitor.signal and not choice.over_signal:
            return "signal-kept"
        if takes_away(choice, self.visitor.choice, question):
            return "withdrawn"
        if act.choice == "reject":
            return "rejected"
        if act.later:
            return "next-page"
        return "accepted" if choice.granted >= frozenset(question.categories) else "saved"

    def _reply(
        self, choice: Choice | None, notice: str, *, once: Once | None = None, status: int = 200
    ) -> Response:
        """A JSON answer for the banner's script; for everyone else a 303 to where they were."""
        as_json = self.wants_json
        response = self._json(notice, status) if as_json else self._redirect(choice, notice, once)
        if self.visitor.once is not None and "Set-Cookie" not in response.headers:
            # What was to be loaded once, and has not been, must not outlast another choice.
            response.headers.add("Set-Cookie", spent_once_cookie(self.gate))
        if choice is not None:
            response.headers.add("Set-Cookie", choice_cookie(self.gate, choice))
            for line in marks(self.gate, choice, self.visitor.environ.get("HTTP_COOKIE", "")):
                response.headers.add("Set-Cookie", line)
            self._take_away(response, choice)
        return response

    def _json(self, notice: str, status: int) -> Response:
        face, language = self.gate.face, self.visitor.language
        text = face.message(NOTICES[notice], language) if notice else ""
        response = jsonify(notice=text, hide=face.message("Hide this message", language))
        response.status_code = status
        return response

    def _redirect(self, choice: Choice | None, notice: str, once: Once | None) -> Response:
        settings = self.place.partition("?")[0] == SETTINGS
        once = once or Once()
        if settings or notice == "asked-again":
            once = replace(once, notice=notice)
        place = self._settings_place() if settings else self.place
        released = once.services or (choice is not None and (choice.granted or choice.services))
        if self.referrer and released and not settings:
            once = replace(once, referrer=True)
            place = with_referrer(place, self.referrer)
        response = Redirect(place)
        if once != Once():
            response.headers.add("Set-Cookie", once_cookie(self.gate, once))
        return response

    def _settings_place(self) -> str:
        back = place_on_site(self.act.back) or "/"
        return f"{SETTINGS}?saved=1&back={quote(back, safe='/')}"

    def _take_away(self, response: Response, choice: Choice) -> None:
        """Cookies of what is not allowed go, and what a cache or service worker kept of released pages."""
        consent = self.visitor.after(choice)
        for line in expired_cookies(self.visitor, consent):
            response.headers.add("Set-Cookie", line)
        if takes_away(choice, self.visitor.choice, self.gate.question):
            rule = self.gate.config.clear_storage
            storage = rule == "always" or (rule == "auto" and self.act.worker)
            response.headers["Clear-Site-Data"] = '"cache", "storage"' if storage else '"cache"'
