"""The `Set-Cookie` lines of an answer: the choice, the one-shot, and the end of what was withdrawn."""

from __future__ import annotations

from ..core.consent import Choice, Consent
from ..core.mark import Mark
from ..core.once_cookie import LIFETIME, Once
from ..core.preview import LIFETIME as PREVIEW_LIFETIME
from ..core.set_cookie import expire_all
from ..gate.cookies import DAY, choice_line
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


def marks(gate: GatePort, choice: Choice, header: str) -> list[str]:
    """What script goes by beside the signed choice, of which it is the measure: for pages that are the same for
    everyone, and wherever a script with a tag has left one. `header` is the request's Cookie header."""
    names, config = gate.cookie_names, gate.config
    found = names.marks(header)
    if config.cache == "shared":
        found.setdefault(names.refused, "")
    life = max(0, (choice.day + 1 + config.cookie_days) * DAY - int(gate.clock()))
    secure = "" if config.insecure_http else "; Secure"
    domain = f"; Domain={config.cookie_domain}" if config.cookie_domain else ""
    return [
        f"{name}={Mark.parse(text).after(choice)}; Max-Age={life}"
        f"{'' if name == names.refused_here else domain}; Path=/{secure}; SameSite=Lax"
        for name, text in found.items()
    ]


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
