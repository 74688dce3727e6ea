"""The Flask application of all embedded sites. It keeps no session and no state."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask, Request, Response, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from ..config import origins_of
from ..core.consent import Signal
from ..core.signals import signal_of
from ..errors import BadRequest
from ..face.about import render_about
from ..web.app import FAILED, TOO_LARGE, WRONG_METHOD, Pages
from ..web.crowd import Crowd
from ..web.headers import FOR_EVER, PAGE, harden
from ..web.pages import HTML, NO_PAGE
from . import consent
from .files import answer
from .frames import REFERRER, asked_service, frame_page, placeholders_json
from .markup import SHEET, banner_css, banner_json
from .origins import require_origin, share
from .scripts import Scripts
from .site import EmbeddedSite
from .views import Views

PREFIX = "/_gate/embed/"
NO_FILES: Mapping[str, str] = MappingProxyType({})
DEPENDS = "Accept-Language, Sec-GPC, DNT"
SCRIPT = "text/javascript; charset=utf-8"
SIGNALS = "granted-"
"""Begins the entity tag of the loader with the vendors' signals in it."""
SOON = "public, max-age=300, stale-while-revalidate=86400"
"""How long a tag's loader and the banner are kept: a published question is everywhere within minutes."""


def build_embed(
    sites: Mapping[str, EmbeddedSite],
    scripts: Scripts,
    *,
    pinned: Mapping[str, str] = NO_FILES,
) -> Flask:
    """Everything below `/_gate/embed/`. `pinned` are the scripts that tags name by their hash, of this release and
    of earlier ones."""
    app = Pages("cookiegate.embed", static_folder=None, template_folder=None)
    views = _Views(sites, scripts, pinned)
    app.get(PREFIX + "<site>.js")(views.loader)
    app.get(PREFIX + "<site>/banner")(views.banner)
    app.get(PREFIX + "<site>/held")(views.held)
    app.get(PREFIX + "<site>/frame/<service>")(views.frame)
    app.post(PREFIX + "<site>/consent")(views.consent)
    app.post(PREFIX + "<site>/seen")(views.seen)
    app.get(PREFIX + "<site>/settings")(views.about)
    app.get(PREFIX + "<site>/<name>")(views.static)
    app.after_request(harden)
    _add_errors(app, views)
    return app


class _Views:
    def __init__(
        self,
        sites: Mapping[str, EmbeddedSite],
        scripts: Scripts,
        pinned: Mapping[str, str],
    ) -> None:
        self._pinned = pinned
        self._sites = sites
        self._scripts = scripts
        self._seen = {host: Views() for host in sites}
        self._crowds = {host: Crowd() for host in sites}
        self._banners: dict[tuple[str, str, Signal | None], str] = {}
        self._loaders: dict[tuple[str, str], str] = {}
        self._held: dict[tuple[str, str], str] = {}

    def site(self, name: str) -> EmbeddedSite:
        site = self._sites.get(name.lower())
        if site is None:
            raise BadRequest(404, NO_PAGE)
        return site

    def loader(self, site: str) -> Response:
        name = f"{site}.js"
        if name in self._pinned:
            return answer(self._pinned[name], SCRIPT, FOR_EVER)
        found = self.site(site)
        if _has_granted(request) and found.settings()["vendors"] and not found.shared:
            return answer(self._text(found), SCRIPT, SOON, mark=SIGNALS)
        response = answer(self._text(found, self._banner(found)), SCRIPT, SOON)
        response.headers.add("Vary", DEPENDS)
        return response

    def _text(self, found: EmbeddedSite, banner: str = "") -> str:
        """Kept for each banner: those are as many as languages and signals. Without one, the form with signals."""
        text = self._loaders.get((found.host, banner))
        if text is None:
            settings, scripts = found.settings(), self._scripts
            text = scripts.loader(settings, banner) if banner else scripts.signalling_loader(settings)
            self._loaders[found.host, banner] = text
        return text

    def static(self, site: str, name: str) -> Response:
        """A script of an earlier release is answered with the present one: it knows what it talks to."""
        kind = name.partition(".")[0]
        text = self._scripts.text(kind) if name.endswith(".js") else None
        if text is not None:
            kept = name in self._pinned or name == self._scripts.files[kind]
            return answer(self._pinned.get(name, text), SCRIPT, FOR_EVER if kept else SOON)
        gate = self.site(site).gate
        if name == SHEET:
            return answer(banner_css(gate.face, gate.config.place), "text/css; charset=utf-8", SOON)
        file = gate.face.statics.file(name)
        if file is None:
            raise BadRequest(404, NO_PAGE)
        return answer(file.content.decode(), file.content_type, FOR_EVER)

    def banner(self, site: str) -> Response:
        """The markup and its style. The words depend on the page's language, then on the visitor's."""
        found = self.site(site)
        response = answer(self._banner(found), "application/json", SOON)
        response.headers.add("Vary", DEPENDS)
        return share(found, request, response)

    def _banner(self, found: EmbeddedSite) -> str:
        face = found.gate.face
        language = self._language(found, request.args.get("lang", ""))
        dnt = request.headers.get("DNT") if found.gate.config.dnt else None
        signal = signal_of(request.headers.get("Sec-GPC"), dnt)
        if signal is None and request.args.get("signal") in ("gpc", "dnt"):
            signal = "gpc" if request.args["signal"] == "gpc" else "dnt"
        key = (found.host, language, signal)
        text = self._banners.get(key)
        if text is None:
            text = self._banners[key] = banner_json(face, language, signal, found.gate.config.place)
        return text

    def held(self, site: str) -> Response:
        """What stands in the place of held frames, in the page's language, else the visitor's."""
        found = self.site(site)
        key = (found.host, self._language(found, request.args.get("lang", "")))
        if key not in self._held:
            self._held[key] = placeholders_json(found, key[1])
        response = answer(self._held[key], "application/json", SOON)
        response.headers.add("Vary", "Accept-Language")
        return share(found, request, response)

    def frame(self, site: str, service: str) -> Response:
        """The page that shows one frame inside a page of the site, and nowhere else."""
        found = self.site(site)
        if request.headers.get("Sec-Fetch-Dest") == "document":
            raise BadRequest(404, NO_PAGE)
        language = self._language(found, "")
        text, policy = frame_page(found, asked_service(found, service), self._scripts.frame, language)
        headers = {"Content-Security-Policy": policy, "Content-Type": HTML, "Referrer-Policy": REFERRER}
        return Response(text, headers=headers)

    def consent(self, site: str) -> Response:
        found = self.site(site)
        require_origin(found, request)
        return share(found, request, consent.answer(found, request, self._crowds[found.host]))

    def seen(self, site: str) -> Response:
        found = self.site(site)
        require_origin(found, request)
        return share(found, request, self._seen[found.host].answer(found, request))

    def about(self, site: str) -> Response:
        """Who asks, and about what: the same for everyone, since the site's cookie is out of reach here."""
        found = self.site(site)
        text = render_about(
            found.gate.face,
            self._language(found, request.args.get("lang", "")),
            site=origins_of(found.host, found.entry)[0],
            prefix=f"{PREFIX}{found.host}/",
        )
        return Response(text, headers={"Content-Security-Policy": PAGE, "Content-Type": HTML})

    def _language(self, site: EmbeddedSite, page: str) -> str:
        """Of the page, else of the visitor."""
        wanted = [tag for tag, quality in request.accept_languages if quality > 0]
        return site.gate.face.language(page[:35], *wanted)

    def refusal(self, error: BadRequest) -> Response:
        """One plain sentence, readable by the pages of the site that was asked about."""
        name = (request.view_args or {}).get("site", "")
        found = self._sites.get(str(name).lower())
        text = found.gate.face.message(error.sentence) if found else error.sentence
        response = jsonify(error=text, stale=error.status == 409)
        response.status_code = error.status
        return share(found, request, response) if found else response


def _has_granted(request: Request) -> bool:
    """Whether the loader is fetched by our script after a grant, or asked for again by who has that form of it.

    A cache in between may mix the two up: either does its work, the other way with one more request."""
    fetched = request.headers.get("Sec-Fetch-Dest") == "empty"
    return fetched or any(tag.startswith(SIGNALS) for tag in request.if_none_match.as_set(include_weak=True))


def _add_errors(app: Flask, views: _Views) -> None:
    @app.errorhandler(BadRequest)
    def refused(error: BadRequest) -> Response:
        return views.refusal(error)

    @app.errorhandler(HTTPException)
    def not_ours(error: HTTPException) -> Response:
        if isinstance(error, RequestEntityTooLarge):
            return views.refusal(BadRequest(413, TOO_LARGE))
        sentences = {404: NO_PAGE, 500: FAILED}
        status = error.code or 500
        return views.refusal(BadRequest(status, sentences.get(status, WRONG_METHOD)))
