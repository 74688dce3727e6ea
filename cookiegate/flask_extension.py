"""The gate around a Flask application.

    from cookiegate import CookieGate
    CookieGate(app)                  # or CookieGate().init_app(app) in an application factory

Configuration comes from `COOKIEGATE_*` in `app.config`, or from the file that `COOKIEGATE_CONFIG` names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .config import from_flask
from .core.consent import Consent
from .core.counts import clean_label
from .counting.counter import PAGE
from .gate import Gate
from .wsgi import GateMiddleware

if TYPE_CHECKING:
    from flask import Flask


class CookieGate:
    """Puts `app` behind the gate; the open `Gate` is at `.gate`.

    Templates get `gate_allows(category, service=None)`, and `gate_settings_link` for a site that places the
    "Cookie settings" link itself (the gate then adds none).
    """

    def __init__(self, app: Flask | None = None) -> None:
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Wrap `app.wsgi_app`. Raises `ConfigError` where a setting cannot be used, with nothing wrapped."""
        self._edge = GateMiddleware(app.wsgi_app, lambda: from_flask(app.config))
        app.wsgi_app = self._edge  # type: ignore[method-assign]
        app.extensions["cookiegate"] = self
        app.context_processor(self._template_names)
        app.before_request(_name_page)

    @property
    def gate(self) -> Gate:
        """The one that answers now: it follows the file that `COOKIEGATE_CONFIG` names."""
        return self._edge.gate

    def _template_names(self) -> dict[str, Any]:
        link = Markup(self.gate.face.link().decode())  # noqa: S704 - rendered and escaped by us
        return {"gate_allows": allows, "gate_settings_link": link}


def _name_page() -> None:
    """A page counts under the route that its developer wrote, which holds nothing of the request."""
    from flask import request

    if request.url_rule is not None:
        request.environ[PAGE] = clean_label(request.url_rule.rule)


def consent() -> Consent:
    """Where the visitor of the current Flask request stands. RuntimeError where no gate is in front."""
    from flask import request

    found = request.environ.get("cookiegate.consent")
    if not isinstance(found, Consent):
        raise RuntimeError("This request did not come through the gate: call CookieGate(app) first.")
    return found


def allows(category: str, service: str | None = None) -> bool:
    """Whether the visitor of the current Flask request granted `category`, or `service` of it."""
    here = consent()
    return here.allows(category, service) if service else category in here.granted or here.everything
