"""How the demo's operator has configured the gate: `COOKIEGATE_*` in a Flask configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .services import demo_services
from .settings import DemoSettings

if TYPE_CHECKING:
    from flask import Flask


def put_behind_gate(app: Flask, settings: DemoSettings) -> None:
    """What an operator writes: the configuration, and one line."""
    from ..flask_extension import CookieGate

    app.config.update(gate_settings(settings))
    CookieGate(app)


def gate_settings(settings: DemoSettings) -> dict[str, Any]:
    """In stand-in spelling each catalogued service is told its stand-in's hosts too."""
    return {
        "COOKIEGATE_SITE": {"name": "Longstile Walking Holidays", "own": list(settings.site_hosts)},
        "COOKIEGATE_CONTROLLER": {
            "name": "Longstile Walking Holidays Ltd",
            "registration": "Company number 00000000 (invented)",
            "address": "Old Chapel Yard, Garsby, North Yorkshire",
            "contact": "privacy@longstile.example",
            "complaint_url": "https://ico.org.uk/make-a-complaint/",
            "complaint_name": "the Information Commissioner’s Office",
        },
        "COOKIEGATE_PRIVACY_URL": "/privacy",
        "COOKIEGATE_STATE_DIR": str(settings.state_dir),
        "COOKIEGATE_SERVICES": sorted(name for service in demo_services() for name in service.catalogue),
        "COOKIEGATE_SERVICE": _services(settings),
        "COOKIEGATE_COOKIE": COOKIES,
        "COOKIEGATE_THEME": THEME,
        "COOKIEGATE_DEBUG_HEADER": True,
    }


THEME = {
    "background": "#fffdf8",
    "surface": "#f4efe2",
    "text": "#1d2a24",
    "edge": "#85806f",
    "button": "#2a5a43",
    "button-text": "#fffdf8",
    "radius": "1.4rem",
    "dark-background": "#1a2224",
    "dark-surface": "#222c2e",
    "dark-text": "#ebe7dc",
    "dark-edge": "#6f7d7b",
    "dark-button": "#93cdaa",
    "dark-button-text": "#10201a",
}

COOKIES = [
    {
        "name": "session",
        "category": "necessary",
        "purpose": "Your list of walks, and your sign-in",
        "lifetime": "until you close the browser",
    },
    {
        "name": "units",
        "category": "necessary",
        "purpose": "Miles or kilometres, kept when you press the button",
        "lifetime": "1 year",
    },
]


CAPTCHA = {"recaptcha": {"category": "preferences"}}
"""The form has a plain question beside its captcha, so the captcha is asked about, not called necessary."""


def _services(settings: DemoSettings) -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = {name: dict(table) for name, table in CAPTCHA.items()}
    if settings.real_hosts:
        return tables
    hosts = settings.hosts()
    for service in demo_services():
        for name, own in service.catalogue.items():
            tables.setdefault(name, {})["hosts"] = [hosts.name(host) for host in own]
    return tables
