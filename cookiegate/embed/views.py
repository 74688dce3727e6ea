"""POST …/seen: a page that somebody saw. Nothing in it tells one visitor from another; nothing is kept but counts."""

from __future__ import annotations

import os
import re
from hashlib import blake2b
from typing import Any, cast

from flask import Request, Response

from ..core.consent import OPTIONAL, Choice, Signal, consent_of
from ..counting import Outcome
from ..errors import BadRequest
from ..gate.edits import NETWORK
from ..web.allowance import Allowance
from ..web.submission import FORM_TYPES, UNREADABLE
from .site import EmbeddedSite

PATH = re.compile(r"/[^?#]{0,1023}")
ORIGIN = re.compile(r"https?://[^/?#\s]{1,253}")
LETTERS = {name[0]: name for name in OPTIONAL}
NETWORK_PER_SECOND, NETWORK_BURST, NETWORKS = 5, 100, 4096
SHARED_PER_SECOND, SHARED_BURST = 50, 1000


class Views:
    """For one site in one process. Each truncated network may have so many counted, and all together what is left."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._own = Allowance(per_second=NETWORK_PER_SECOND, burst=NETWORK_BURST, keys=NETWORKS)
        self._shared = Allowance(per_second=SHARED_PER_SECOND, burst=SHARED_BURST)

    def answer(self, site: EmbeddedSite, request: Request) -> Response:
        """204, whether it was counted or not. Raises BadRequest for whatever our own script would not send."""
        fields = request.form
        if request.mimetype not in FORM_TYPES or not PATH.fullmatch(fields.get("path", "")):
            raise BadRequest(400, UNREADABLE)
        counter = site.gate.counter
        if counter is not None and site.entry.views and self._admits(request.environ.get(NETWORK, b"")):
            consent = consent_of(_choice(site, fields), site.gate.question, signal=_signal(fields))
            facts = counter.facts(_view(request), consent, site.gate.variants.site({}))
            if facts is not None:
                counter.count(facts, Outcome(asked=fields.get("asked") == "1"))
        return Response(status=204, headers={"Cache-Control": "no-store"})

    def _admits(self, network: bytes) -> bool:
        hidden = blake2b(network, key=self._key, digest_size=8).digest()
        return (bool(network) and self._own.take(hidden)) or self._shared.take()


def _choice(site: EmbeddedSite, fields: Any) -> Choice | None:
    """As far as it is counted by: the page says which categories are granted, never by which choice."""
    state = fields.get("state", "")[:4]
    if not state.startswith("d"):
        return None
    granted = frozenset(LETTERS[letter] for letter in state[1:] if letter in LETTERS)
    return Choice(question=site.gate.question.hash, day=site.gate.today, granted=granted)


def _signal(fields: Any) -> Signal | None:
    signal = fields.get("signal", "")
    return cast("Signal", signal) if signal in ("gpc", "dnt") else None


def _view(request: Request) -> dict[str, Any]:
    """The request of the page itself, as far as the message and the present request tell it."""
    fields, source = request.form, request.form.get("from", "")
    return dict(request.environ) | {
        "PATH_INFO": fields["path"].encode("utf-8", "replace").decode("latin-1"),
        "SCRIPT_NAME": "",
        "QUERY_STRING": fields.get("query", "") if fields.get("query", "").isascii() else "",
        "HTTP_REFERER": f"{source}/" if ORIGIN.fullmatch(source) else "",
    }
