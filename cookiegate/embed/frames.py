"""Held frames in a site's pages: what stands in their place, and the page that shows one of them.

A `<meta>` policy cannot be widened, but it does not reach into frames of frames: a page of the service, which the
policy lets pass, puts the frame into itself. Danger: that page is for the site's own pages around it alone
(`frame-ancestors`), and for the hosts of one service that the site asks about (`frame-src`), whatever its address says.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re

from ..core.consent import UNCLASSIFIED
from ..core.host_sources import host_sources
from ..core.services import Service
from ..errors import BadRequest
from ..face import Face, HeldFacts
from ..face.texts import direction
from ..web.headers import BASE
from ..web.pages import NO_PAGE
from .markup import parts_of
from .site import EmbeddedSite

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
REFERRER = "strict-origin"
"""Some players refuse to play for who does not say where they are; the host says nothing of the visitor."""


def asked_service(site: EmbeddedSite, id: str) -> Service:
    """A service that this site asks about, by its id. Raises BadRequest for every other."""
    service = site.gate.catalogue.service(id) if id in site.gate.question.service_ids else None
    if service is None:
        raise BadRequest(404, NO_PAGE)
    return service


def placeholders_json(site: EmbeddedSite, language: str) -> str:
    """The gate's own placeholder for each service as title and body, with its style and what may go wrong."""
    face = site.gate.face
    services = {one.id: _placeholder(face, one.id, language) for one in site.gate.question.services}
    data = {
        "lang": language,
        "dir": direction(language),
        "css": face.statics.text("held.css"),
        "failed": face.message("Your choice could not be saved.", language),
        "refused": face.message("This page does not let it be shown here.", language),
        "services": services,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _placeholder(face: Face, id: str, language: str) -> list[object]:
    known = face.catalogue.service(id)
    host = known.hosts[0].removeprefix("*.").partition("/")[0] if known and known.hosts else id
    facts = HeldFacts(service=id, host=host, category=UNCLASSIFIED, language=language)
    page = face.held_page(facts)
    title, body = TITLE.search(page), BODY.search(page)
    return [html.unescape(title[1]) if title else "", parts_of(body[1]) if body else []]


def frame_page(site: EmbeddedSite, service: Service, script: str, language: str) -> tuple[str, str]:
    """The page and its policy. `script` is the built one; what it loads stands behind the address's `#`."""
    face, sources = site.gate.face, host_sources(service.hosts)
    style = face.statics.text("frame.css")
    ancestors = "'self'" if site.own else " ".join(sorted(site.origins))
    hosts = " ".join(sources) or "'none'"
    policy = (
        f"{BASE}; script-src {_hash(script)}; style-src {_hash(style)}; "
        f"frame-src {hosts}; frame-ancestors {ancestors}"
    )
    return face.frame_page(service.name, sources, script, style, language), policy


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
