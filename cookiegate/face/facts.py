"""What a rendering depends on: facts of the page and of the visitor, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.consent import Consent, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePolicy:
    """What the site's own Content-Security-Policy lets our insertions do.

    The default is a site without one.
    """

    nonce: str = ""
    inline_style: bool = True
    style_attribute: bool = True
    own_style: bool = True
    inline_script: bool = True
    own_script: bool = True
    form: bool = True


NO_POLICY = PagePolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class BannerFacts:
    """One showing of the banner.

    `override`: a visitor who opens it on purpose may let their choice go before a signal.
    `private`: the page is for this visitor alone, so `return_to` (path and query, click ids kept) and
    `referrer` (an external URL, or "") may stand in the form. `notice` is a key of `NOTICES`.
    """

    private: bool = False
    return_to: str = ""
    referrer: str = ""
    policy: PagePolicy = NO_POLICY
    language: str = ""
    notice: str = ""
    signal: Signal | None = None
    override: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFacts:
    """One placeholder: the held `service` (a catalogue id, "" where nobody named the host), its `host` and
    `category`, and the address of the page around it (path and query, or "")."""

    service: str
    host: str
    category: str
    return_to: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFacts:
    """One showing of the settings page.

    `consent` is what is stored and signalled, without "load once". `signal_sent`: the browser sends a signal,
    honoured or overridden. `seen_cookies` are (category, name) of the visitor's optional cookies. `back` is
    a path on the site. `storable`: a choice can be stored over this connection.
    """

    consent: Consent
    signal_sent: bool = False
    seen_cookies: tuple[tuple[str, str], ...] = ()
    notice: str = ""
    back: str = "/"
    storable: bool = True
    language: str = ""
