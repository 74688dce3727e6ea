"""Small parts of each request: the consent cookie and the visitor's address."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cookiegate.core.address import truncate
from cookiegate.core.consent import Choice
from cookiegate.gate import Gate
from cookiegate.opening import open_gate
from cookiegate.request_data import load_address_scrub

from .browser import PAGE, environ, with_cookie
from .report import Figure, Section, progress
from .rounds import Call, turn_about
from .site import everything, settings

PROXIED = {
    "X-Forwarded-For": "203.0.113.77, 10.2.3.4",
    "X-Real-IP": "203.0.113.77",
    "Forwarded": 'for=203.0.113.77;proto=https, for="[2001:db8:1:2::3]:443"',
}


def measure(*, quick: bool) -> list[Section]:
    progress("the consent cookie and the visitor's address")
    with TemporaryDirectory() as folder:
        gate, _ = open_gate(settings(Path(folder)))
        parts = _cookie_parts(gate) | _address_parts()
        times = turn_about(*parts.values(), seconds=0.1 if quick else 0.6)
        gate.ledger.close()
    figures = tuple(
        Figure(name=name, value=time.median, unit="us", note=f"least {time.least:.2f}")
        for name, time in zip(parts, times, strict=True)
    )
    return [Section("Consent cookie and address, a request (processor time; medians)", figures)]


def _cookie_parts(gate: Gate) -> dict[str, Call]:
    declined = gate.codec.encode(Choice(question=gate.question.hash, day=gate.today))
    accepted = gate.codec.encode(everything(gate))
    forged = accepted[:-4] + "AAAA"
    header = with_cookie(PAGE, f"{gate.cookie_names.consent}={accepted}")["Cookie"]
    return {
        "consent cookie of who declined, read for the first time": lambda: gate.codec.decode(declined),
        "consent cookie of who accepted, read for the first time": lambda: gate.codec.decode(accepted),
        "consent cookie seen before (its age is checked again)": lambda: gate.choice(accepted),
        "forged consent cookie, seen before": lambda: gate.choice(forged),
        "finding it in the Cookie header": lambda: gate.cookie_names.find(header),
    }


def _address_parts() -> dict[str, Call]:
    scrub = load_address_scrub().scrub_environ
    direct = environ("/", with_cookie(PAGE))
    proxied = environ("/", with_cookie(PAGE | PROXIED))
    plain: dict[str, Any] = {key: value for key, value in direct.items() if key != "REMOTE_ADDR"}
    return {
        "one IPv4 address truncated": lambda: truncate("203.0.113.77"),
        "one IPv6 address truncated": lambda: truncate("2001:db8:1:2:3:4:5:6"),
        "whole environ, visitor connected directly": lambda: scrub(dict(direct)),
        "whole environ, three proxy headers": lambda: scrub(dict(proxied)),
        "(of which the copy of the environ, made for the measurement)": lambda: dict(plain),
    }
