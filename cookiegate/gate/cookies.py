"""The gate's own cookies in a request: which names they have here, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..config import Config
    from ..core.consent import Choice
    from ..core.consent_cookie import ConsentCodec

LOCAL = ("localhost", "127.0.0.1", "[::1]")
"""Hosts that browsers keep secure cookies of over plain http."""

DAY = 86_400
CONSENT = "gate"
ONCE = "gate-once"
PREVIEW = "gate-preview"


class CookieNames:
    """`__Host-` names; `__Secure-` for a choice shared over subdomains; bare ones on allowed plain http."""

    def __init__(self, *, domain: str = "", insecure: bool = False) -> None:
        prefix = "" if insecure else "__Host-"
        self.consent = ("" if insecure else "__Secure-" if domain else "__Host-") + CONSENT
        self.once = prefix + ONCE
        self.preview = prefix + PREVIEW
        self.refused = self.consent + "-no"
        """The mark of what script has last allowed: see `core.mark`."""
        self.refused_here = prefix + CONSENT + "-no"
        """The mark where no other host shares the choice: script with a tag writes it so."""
        self.ours = frozenset({self.consent, self.refused, self.refused_here, self.once, self.preview})

    def find(self, header: str) -> tuple[str | None, str | None]:
        """(consent value, one-shot value) of a Cookie header, None where absent.

        A name that comes twice counts as a value that no key has signed: fail closed, since a subdomain or a
        script may have planted the other one.
        """
        if CONSENT not in header:
            return None, None
        found: dict[str, str] = {}
        for pair in header.split(";"):
            name, _, value = pair.partition("=")
            name = name.strip(" \t")
            if name in self.ours:
                found[name] = "" if name in found else value.strip(" \t")
        return found.get(self.consent), found.get(self.once)

    def marks(self, header: str) -> dict[str, str]:
        """Each mark in a Cookie header by its name; one that comes twice lets nothing pass."""
        found: dict[str, str] = {}
        for pair in header.split(";"):
            name, _, value = (part.strip(" \t") for part in pair.partition("="))
            if name in (self.refused, self.refused_here):
                found[name] = f"{value[:12]}~" if name in found else value
        return found

    def preview_key(self, header: str) -> str:
        """The preview's key in a Cookie header, else ""."""
        if PREVIEW not in header:
            return ""
        pairs = (pair.partition("=") for pair in header.split(";"))
        return next((value.strip(" \t") for name, _, value in pairs if name.strip(" \t") == self.preview), "")

    @property
    def once_gone(self) -> str:
        """The `Set-Cookie` value that takes the one-shot cookie away."""
        secure = "; Secure" if self.once.startswith("__") else ""
        return f"{self.once}=; Max-Age=0; Path=/{secure}; HttpOnly; SameSite=Lax"


def choice_line(name: str, config: Config, codec: ConsentCodec, choice: Choice, now: float) -> str:
    """The `Set-Cookie` value of a choice. Its life counts from the end of the day of the answer (nobody is asked
    sooner than the setting says), grant and refusal alike; re-signing never renews it. Script must read it
    where pages are the same for everyone."""
    lifetime = max(0, (choice.day + 1 + config.cookie_days) * DAY - int(now))
    domain = f"; Domain={config.cookie_domain}" if config.cookie_domain else ""
    secure = "" if config.insecure_http else "; Secure"
    hidden = "" if config.cache == "shared" else "; HttpOnly"
    attributes = f"; Path=/{secure}{hidden}; SameSite=Lax"
    return f"{name}={codec.encode(choice)}; Max-Age={lifetime}{domain}{attributes}"


def storable(request: Mapping[str, Any], config: Config) -> bool:
    """Whether a browser keeps our cookie: over https, from its own machine, or where that is allowed."""
    authority = request.get("HTTP_HOST", "")
    host = authority.rpartition(":")[0] or authority
    secure = "https" in (request.get("wsgi.url_scheme"), request.get("HTTP_X_FORWARDED_PROTO"))
    local = host in LOCAL or host.endswith(".localhost")
    return config.insecure_http or secure or local or config.site.public_url.startswith("https:")
