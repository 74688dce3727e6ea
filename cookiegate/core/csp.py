"""The gate's own Content-Security-Policy: where a page may load from, until everything is granted.

It narrows *where*, never *how*: inline script, `eval`, wasm, blob workers, `srcdoc`, `data:` images and the
site's sockets go on working, and forms and links lead wherever they led. It goes out beside the site's own
policies, never merged with them; a browser enforces each.

A scheme-less source matches the page's scheme or its secure form, but no socket (CSP Level 3, 6.7.2.8), so
sockets have sources of their own. IPv6 addresses cannot be written in a policy: there `'self'` stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

BUDGET = 1900
"""Bytes of the policy at most: nginx answers 502 when all headers, the site's too, come near 4 kB."""

HOW = "'self' 'unsafe-inline' 'unsafe-eval'"
SCHEMES = "data: blob:"

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_SOURCE = re.compile(
    rf"(?P<scheme>(?:https?|wss?)://)?(?P<wild>\*\.)?(?P<host>{_LABEL}(?:\.{_LABEL})*)(?P<port>:(?:[0-9]{{1,5}}|\*))?"
    r"(?P<path>/[A-Za-z0-9_.~/-]*)?",
    re.IGNORECASE,
)
_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}\Z")
_REPORT = re.compile(r"(?:/(?!/)|https?://)[!#-+\--:=?-~]{1,300}\Z")
_NONCE = re.compile(r"[A-Za-z0-9+/_=-]{8,128}\Z")


class SiteLike(Protocol):
    """What the policy needs of a site: its registrable domain, or its host where that is an address."""

    @property
    def domain(self) -> str: ...


def gate_policy(
    site: SiteLike,
    *,
    own: Iterable[str] = (),
    allow: Iterable[str] = (),
    granted_hosts: Iterable[str] = (),
    report_uri: str = "",
    nonce: str = "",
    shown_from_anywhere: bool = False,
) -> str:
    """The header's value. `own` are more domains of the site; `allow` hosts that the operator lets pass (with
    those of `delivery`); `granted_hosts` those of granted services. Entries are `host` or `*.host`, with a
    path where one service of many on a host is meant (`www.google.com/recaptcha/`).

    `shown_from_anywhere` opens images, styles, fonts and media. `nonce` forbids inline script without it.
    What is no host is left out, so no text from outside can add a directive. Too long a list loses entries
    from its end, sockets of third parties first (`left_out` names them): what does not fit stays held.
    """
    shown = SHOWN_POLICY if shown_from_anywhere else ""
    spent = len(report_uri) + len(nonce) + len(shown)
    fitting, _ = _fitted(site, own, allow, granted_hosts, spent, bool(nonce))
    rest = " ".join(fitting)
    policy = f"default-src {HOW} {SCHEMES} {rest}".rstrip()
    if nonce and _NONCE.match(nonce):
        policy += f"; script-src 'self' 'unsafe-eval' 'nonce-{nonce}' {SCHEMES} {rest}".rstrip()
    policy += shown
    if report_uri and _REPORT.match(report_uri):
        policy += f"; report-uri {report_uri}"
    return policy


SHOWN_POLICY = "".join(
    f"; {kind}-src * {more}{SCHEMES}"
    for kind, more in (("img", ""), ("style", "'unsafe-inline' "), ("font", ""), ("media", ""))
)
"""Where unknown images, styles, fonts and media pass: here too a policy cannot say "all but trackers"."""

OPEN_POLICY = f"default-src * {HOW} {SCHEMES} ws: wss:"
"""Where unknown third parties pass: a policy cannot say "all but trackers". It still forbids what it always does,
and keeps a page from being told apart from a gated one by its absence."""


def left_out(
    site: SiteLike, *, own: Iterable[str] = (), allow: Iterable[str] = (), granted_hosts: Iterable[str] = ()
) -> list[str]:
    """The sources that `gate_policy` has no room for, for `check` to name; also entries that are no host."""
    return _fitted(site, own, allow, granted_hosts, 0, False)[1]


def site_sources(domain: str) -> list[str]:
    """A domain of the site's own on every port, its subdomains too, by http and by socket."""
    host = _host(domain)
    if not host:
        return []
    # What stands below a single label (`a.localhost` below `localhost`) is another site, as `Site.owns` says.
    names = [host] if _IPV4.match(host) or "." not in host else [host, f"*.{host}"]
    return [f"{scheme}{name}:*" for scheme in ("", "ws://", "wss://") for name in names]


def _fitted(
    site: SiteLike,
    own: Iterable[str],
    allow: Iterable[str],
    granted: Iterable[str],
    spent: int,
    twice: bool,
) -> tuple[list[str], list[str]]:
    """Sources that fit, in order, and what does not."""
    wanted = dict.fromkeys(source for domain in (site.domain, *own) for source in site_sources(domain))
    left: list[str] = []
    thirds: dict[str, None] = {}
    for entry in (*allow, *granted):
        source = _third_party(entry)
        if source:
            thirds[source] = None
        else:
            left.append(entry)
    sockets = [f"wss://{source}" for source in thirds if "/" not in source]
    room = BUDGET - spent - 100
    if twice:
        room = room // 2 - 100
    fitting = []
    for source in (*wanted, *thirds, *sockets):
        room -= len(source) + 1
        if room >= 0:
            fitting.append(source)
        else:
            left.append(source)
            room = -1
    return fitting, left


def _third_party(entry: str) -> str:
    """`host` or `*.host` in lower case, with a scheme, port or path where given; "" for anything else."""
    match = _SOURCE.fullmatch(entry.strip().rstrip("."))
    if match is None:
        return ""
    path = match["path"] or ""
    return match[0].removesuffix(path).lower() + path


def _host(domain: str) -> str:
    match = _SOURCE.fullmatch(domain.strip().rstrip("."))
    return match["host"].lower() if match and not match["scheme"] and not match["path"] else ""
