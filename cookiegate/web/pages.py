"""The gate's pages that are only looked at: settings, placeholders, receipt, static files and statements."""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime

from flask import Request, Response, jsonify

from .. import __version__
from ..core.consent import UNCLASSIFIED
from ..errors import BadRequest, LedgerError
from ..face import HeldFacts, SettingsFacts
from ..face.asked import CATEGORY_NAMES
from ..metrics import CONTENT_TYPE
from .headers import FOR_EVER, HELD, PAGE, Redirect
from .ports import GatePort
from .reply_cookies import preview_cookie, spent_once_cookie
from .returning import SETTINGS, place_of_url, place_on_site
from .visitor import Visitor

HOST = re.compile(r"[a-z0-9](?:[a-z0-9.:-]{0,251}[a-z0-9])?")
HTML = "text/html; charset=utf-8"
GPC_SINCE = "2026-11-23"
"""The day since which the gate honours the signal."""


def _(message: str) -> str:
    """Marks a text for extraction; it is translated where it is shown."""
    return message


NO_RECORD = _("There is no record of your choice: nothing is recorded that could be traced to you.")
NO_LEDGER = _("The records cannot be read at the moment. Please try again later.")
NO_PAGE = _("There is no such page.")


def settings(gate: GatePort, request: Request) -> Response:
    visitor = Visitor(gate, request)
    notice = visitor.once.notice if visitor.once else ""
    if "saved" in request.args and not visitor.sent_cookie and visitor.storable:
        notice = "no-cookie"
    facts = SettingsFacts(
        consent=visitor.consent,
        signal_sent=visitor.signal is not None,
        seen_cookies=tuple((category, name) for category, name, _ in visitor.optional_cookies()),
        notice=notice,
        back=_back(gate, request),
        storable=visitor.storable,
        language=visitor.language,
    )
    response = _page(gate.face.settings_page(facts), PAGE)
    if visitor.once is not None:
        response.headers.add("Set-Cookie", spent_once_cookie(gate))
    return response


def held(gate: GatePort, request: Request) -> Response:
    """Its own Referer is the page around the frame: where the visitor goes back to."""
    host, category = request.args.get("host", ""), request.args.get("category", "")
    service = request.args.get("service", "")
    known = gate.catalogue.service(service) if service else None
    if request.headers.get("Sec-Fetch-Dest") == "document":
        # Opened by itself it would lend the site's name to whatever host a link names.
        raise BadRequest(404, NO_PAGE)
    if known is None and not HOST.fullmatch(host):
        raise BadRequest(400, NO_PAGE)
    around = place_of_url(request.headers.get("Referer", ""), request.environ, gate.config.site.public_url)
    facts = HeldFacts(
        service=known.id if known else "",
        host=host,
        category=category if category in CATEGORY_NAMES else UNCLASSIFIED,
        return_to=around or "",
        language=Visitor(gate, request).language,
    )
    return _page(gate.face.held_page(facts), HELD)


def receipt(gate: GatePort, request: Request) -> Response:
    """The visitor's own record, by the id in their signed cookie: nobody else's can be asked for."""
    choice = Visitor(gate, request).choice
    try:
        found = gate.ledger.receipt(choice.record) if choice is not None and choice.record else None
    except LedgerError:
        raise BadRequest(503, NO_LEDGER) from None
    if found is None:
        raise BadRequest(404, NO_RECORD)
    response = jsonify(found)
    response.headers["Content-Disposition"] = 'attachment; filename="cookie-choice.json"'
    return response


def static(gate: GatePort, name: str) -> Response:
    file = gate.face.statics.file(name)
    if file is None:
        raise BadRequest(404, NO_PAGE)
    headers = {"Cache-Control": FOR_EVER, "Content-Type": file.content_type}
    return Response(file.content, headers=headers)


def gpc() -> Response:
    """The statement of support that the GPC specification asks for, section 5."""
    response = jsonify(gpc=True, lastUpdate=GPC_SINCE)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def health(gate: GatePort) -> Response:
    """Whether the gate answers, with its version and the question that it asks."""
    now = datetime.fromtimestamp(gate.clock(), UTC).isoformat(timespec="seconds")
    return jsonify(status="ok", version=__version__, question=gate.question.hash, time=now)


def metrics(gate: GatePort, request: Request) -> Response:
    """For the operator's monitoring alone: without the token there is no such page."""
    said = request.headers.get("Authorization", "").encode()
    if gate.metrics is None or not hmac.compare_digest(said, f"Bearer {gate.config.metrics_token}".encode()):
        raise BadRequest(404, NO_PAGE)
    return Response(gate.metrics.text(), headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})


def preview(gate: GatePort, request: Request) -> Response:
    """Begin or end the preview in this browser. Nothing of a visitor changes, so a link may do it."""
    key = request.args.get("key", "")
    if "end" not in request.args and not gate.preview.valid(key, gate.today):
        raise BadRequest(404, NO_PAGE)
    response = Redirect("/")
    response.headers.add("Set-Cookie", preview_cookie(gate, "" if "end" in request.args else key))
    return response


def ready(gate: GatePort) -> Response:
    """Whether visitors should be sent here: a gate that cannot record a choice gives no grant."""
    writable = gate.ledger.ready()
    response = jsonify(status="ok" if writable else "the consent records cannot be written")
    response.status_code = 200 if writable else 503
    return response


def sentence(gate: GatePort, request: Request, error: BadRequest) -> Response:
    """One plain sentence, as a page or, for the banner's script, as JSON."""
    visitor = Visitor(gate, request)
    if "application/json" in request.headers.get("Accept", ""):
        response = jsonify(error=gate.face.message(error.sentence, visitor.language))
    else:
        text = gate.face.sentence_page(error.sentence, back=_back(gate, request), language=visitor.language)
        response = _page(text, PAGE)
    response.status_code = error.status
    return response


def _page(text: str, policy: str) -> Response:
    return Response(text, headers={"Content-Security-Policy": policy, "Content-Type": HTML})


def _back(gate: GatePort, request: Request) -> str:
    """The page that the visitor came from, on this site; through our own pages it travels in the query."""
    asked = place_on_site(request.args.get("back", ""))
    if asked is None:
        asked = place_of_url(request.headers.get("Referer", ""), request.environ, gate.config.site.public_url)
    return asked if asked and asked.partition("?")[0] != SETTINGS else "/"
