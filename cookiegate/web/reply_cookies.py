"""The `Set-Cookie` lines of an answer: the choice, the one-shot, and the end of what was withdrawn."""

from __future__ import annotations

from ..core.consent import Choice, Consent
from ..core.once_cookie import LIFETIME, Once
from ..core.preview import LIFETIME as PREVIEW_LIFETIME
from ..core.set_cookie import expire_all
from ..gate.cookies import choice_line
from .ports import GatePort
from .visitor import Visitor


def choice_cookie(gate: GatePort, choice: Choice) -> str:
    return choice_line(gate.cookie_names.consent, gate.config, gate.codec, choice, gate.clock())


def once_cookie(gate: GatePort, once: Once) -> str:
    value = gate.once_codec.encode(once, int(gate.clock()))
    attributes = _attributes(gate)
    if gate.config.cache == "shared":
        attributes = attributes.replace("; HttpOnly", "")  # the page's script looks at it
    return f"{gate.cookie_names.once}={value}; Max-Age={LIFETIME}{attributes}"


def refusal_gone(gate: GatePort) -> str:
    """Takes away the mark of a refusal by script, which a signed choice takes the place of."""
    domain = f"; Domain={gate.config.cookie_domain}" if gate.config.cookie_domain else ""
    secure = "" if gate.config.insecure_http else "; Secure"
    return f"{gate.cookie_names.refused}=; Max-Age=0{domain}; Path=/{secure}; SameSite=Lax"


def spent_once_cookie(gate: GatePort) -> str:
    return f"{gate.cookie_names.once}=; Max-Age=0{_attributes(gate)}"


def preview_cookie(gate: GatePort, key: str) -> str:
    """Empty takes it away."""
    lifetime = PREVIEW_LIFETIME if key else 0
    return f"{gate.cookie_names.preview}={key}; Max-Age={lifetime}{_attributes(gate)}"


def _attributes(gate: GatePort) -> str:
    secure = "" if gate.config.insecure_http else "; Secure"
    return f"; Path=/{secure}; HttpOnly; SameSite=Lax"


def expired_cookies(visitor: Visitor, consent: Consent) -> list[str]:
    """Takes away the catalogued cookies that the browser sent and `consent` does not allow, from the host and
    its parent domains. What does not fit is left to the responses that follow."""
    if consent.everything:
        return []
    names = [
        name
        for category, name, service in visitor.optional_cookies()
        if not consent.allows(category, service)
    ]
    return expire_all(names, domains=visitor.site.parents(visitor.site.host))
