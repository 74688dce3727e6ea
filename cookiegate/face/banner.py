"""The banner: rendered once for each kind of page, then put together from pieces for each visitor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from markupsafe import escape

from .facts import BannerFacts
from .notices import NOTICES
from .squeeze import squeeze_markup

if TYPE_CHECKING:
    from .face import Face

RETURN, REFERRER, NONCE = "\ue000return\ue000", "\ue000referrer\ue000", "\ue000nonce\ue000"
MARK = "\ue000"
"""A private-use character that no text of ours contains: it marks where a visitor's own values go."""

KINDS = 512
"""More kinds of page than a site can have; beyond it the cache starts anew."""

Pieces = tuple[bytes | str, ...]
"""Markup as bytes, and between it the names of `VALUES`."""


class Banners:
    """All kinds of one site's banner. A call costs a dictionary look-up and a join."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self._kinds: dict[tuple[object, ...], Pieces] = {}

    def render(self, facts: BannerFacts) -> bytes:
        page = facts.policy
        flags = (page.inline_style, page.own_style, page.inline_script, page.own_script, page.form)
        kind = (flags, bool(page.nonce), facts.language, facts.notice, facts.signal, facts.override)
        pieces = self._kinds.get(kind)
        if pieces is None:
            if len(self._kinds) >= KINDS:
                self._kinds.clear()
            pieces = self._kinds[kind] = self._render_kind(facts)
        return b"".join([piece if isinstance(piece, bytes) else _value(piece, facts) for piece in pieces])

    def _render_kind(self, facts: BannerFacts) -> Pieces:
        face = self._face
        language = face.language(facts.language)
        view = face.view(language)
        statics = face.statics
        sheets = ["banner.css", "low.css"] if face.config.place == "bottom" else ["banner.css"]
        text = view.environment.get_template("banner.html").render(
            place=face.config.place,
            policy=facts.policy,
            nonce_value=NONCE if facts.policy.nonce else "",
            style="".join(map(statics.text, sheets)),
            style_urls=[statics.url(sheet) for sheet in sheets],
            fill=statics.text("fill.js").replace("\n", ""),
            script_url=statics.url("banner.js"),
            notice=view.texts.gettext(NOTICES[facts.notice]) if facts.notice in NOTICES else "",
            signal=facts.signal,
            override=facts.override,
            controller=face.controller_name,
            categories=view.categories,
            count=len(face.question.services),
            days=face.config.cookie_days,
            privacy_url=face.config.privacy_url,
            question=face.question.hash,
            return_to=RETURN,
            referrer=REFERRER,
        )
        parts = squeeze_markup(text).split(MARK)
        return tuple(part.encode() if place % 2 == 0 else part for place, part in enumerate(parts))


def _value(name: str, facts: BannerFacts) -> bytes:
    return VALUES[name](facts).encode("utf-8", "replace")


VALUES: dict[str, Callable[[BannerFacts], str]] = {
    "return": lambda facts: str(escape(facts.return_to)) if facts.private else "",
    "referrer": lambda facts: str(escape(facts.referrer)) if facts.private else "",
    "nonce": lambda facts: str(escape(facts.policy.nonce)),
}
