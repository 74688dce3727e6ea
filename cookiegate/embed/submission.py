"""What a page's script sends, validated: nothing else of the request decides anything."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Request

from ..core.consent import OPTIONAL, Signal
from ..errors import BadRequest
from ..web.submission import FORM_TYPES, UNREADABLE, Submission

SOURCES = frozenset({"banner", "settings", "api"})
CHOICES = frozenset({"accept", "reject", "save"})
NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
TOKEN = re.compile(r"[!-~]{0,200}")
MOST_NAMES = 100


@dataclass(frozen=True)
class Sent:
    """`token` is the choice that the page has stored, `seen` the names of cookies that its script can see."""

    act: Submission
    token: str
    language: str
    signal: Signal | None
    seen: tuple[str, ...]


def read_sent(request: Request) -> Sent:
    """Raises BadRequest for whatever our own script would not send."""
    fields = request.form
    choice, source = fields.get("choice", ""), fields.get("source", "banner")
    categories, token = frozenset(fields.getlist("category")), fields.get("token", "")
    readable = request.mimetype in FORM_TYPES and not request.files
    asks = choice in CHOICES or (not choice and fields.get("statistics", "") in ("on", "off"))
    if not (readable and asks and source in SOURCES and categories <= frozenset(OPTIONAL)):
        raise BadRequest(400, UNREADABLE)
    signal, statistics = fields.get("signal", ""), fields.get("statistics", "")
    if not TOKEN.fullmatch(token) or ";" in token or signal not in ("", "gpc", "dnt"):
        raise BadRequest(400, UNREADABLE)
    act = Submission(
        choice=choice,
        statistics="" if choice else statistics,
        categories=categories,
        override=fields.get("override") == "1",
        source="api" if source == "api" else "settings" if source == "settings" else "banner",
        question=fields.get("question", "")[:12],
    )
    seen = tuple(name for name in fields.getlist("seen")[:MOST_NAMES] if NAME.fullmatch(name))
    return Sent(act, token, fields.get("lang", "")[:35], signal or None, seen)  # type: ignore[arg-type]
