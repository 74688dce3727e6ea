"""What a page's script sends, validated: nothing else of the request decides anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import Request

from ..core.consent import OPTIONAL, Signal
from ..core.consent_cookie import SERVICE
from ..errors import BadRequest
from ..web.submission import FORM_TYPES, UNREADABLE, Source, Submission

SOURCES = frozenset({"banner", "settings", "api"})
CHOICES = frozenset({"accept", "reject", "save"})
NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
TOKEN = re.compile(r"[!-~]{0,200}")
MOST_NAMES = 100


@dataclass(frozen=True)
class Sent:
    """`token` is the choice that the page has stored, `seen` the names of cookies that its script can see, `again`
    whether this only repeats what a mark says."""

    act: Submission
    token: str
    language: str
    signal: Signal | None
    seen: tuple[str, ...]
    again: bool


def read_sent(request: Request) -> Sent:
    """Raises BadRequest for whatever our own script would not send."""
    fields = request.form
    choice, source = fields.get("choice", ""), fields.get("source", "banner")
    categories, token = frozenset(fields.getlist("category")), fields.get("token", "")
    readable = request.mimetype in FORM_TYPES and not request.files
    if not (readable and categories <= frozenset(OPTIONAL) and _asks(fields)):
        raise BadRequest(400, UNREADABLE)
    signal, statistics = fields.get("signal", ""), fields.get("statistics", "")
    if not TOKEN.fullmatch(token) or ";" in token or signal not in ("", "gpc", "dnt"):
        raise BadRequest(400, UNREADABLE)
    act = Submission(
        choice=choice,
        statistics="" if choice else statistics,
        categories=categories,
        once=fields.get("once", ""),
        always=fields.get("always", ""),
        services=frozenset(fields.getlist("service")) if choice == "save" else frozenset(),
        override=fields.get("override") == "1",
        source=cast(Source, source),
        question=fields.get("question", "")[:12],
    )
    seen = tuple(name for name in fields.getlist("seen")[:MOST_NAMES] if NAME.fullmatch(name))
    language, again = fields.get("lang", "")[:35], fields.get("again") == "1"
    return Sent(act, token, language, signal or None, seen, again)  # type: ignore[arg-type]


def _asks(fields: Mapping[str, str]) -> bool:
    """Whether it is one act, from where such acts come."""
    choice, source = fields.get("choice", ""), fields.get("source", "banner")
    named = [fields[name] for name in ("once", "always") if fields.get(name)]
    if named:
        (name, *more), others = named, choice or fields.get("statistics")
        return source == "placeholder" and not (more or others) and bool(SERVICE.fullmatch(name))
    return source in SOURCES and (
        choice in CHOICES or (not choice and fields.get("statistics", "") in ("on", "off"))
    )
