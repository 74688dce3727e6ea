"""The headers of one response, gated: what reaches other hosts goes, the policy and the cache rules come in.

Pure functions over a list of (name, value) pairs. A header that is not named here stays where it stood. Among
those that stay on purpose: `SourceMap` (fetched by developer tools alone), `Alt-Svc` (another way to the same
site), `Location` (a redirect is the visitor's own journey; its target is a new request).

`Permissions-Policy` is added as a header of its own: a browser reads several as one dictionary (RFC 9651) in
which the last of equal keys counts, so the site's own features stay exactly as written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from .cache_headers import Headers, Kind, kind_of, private_headers, same_page_headers, shared_page_headers
from .consent import UNCLASSIFIED
from .data_url import shows_document
from .link_header import UrlVerdict, filter_link, refresh_targets
from .set_cookie import as_session, parse_set_cookie
from .validators import mark
from .verdicts import Verdict

NO_TOPICS = ("Permissions-Policy", "browsing-topics=()")
BODY_BOUND = frozenset(
    {
        "accept-ranges",
        "content-digest",
        "content-length",
        "content-md5",
        "digest",
        "repr-digest",
    }
)
"""Headers that speak of the site's bytes; they go from a body that is rewritten."""

DROPPED = frozenset(
    {
        "accept-ch",
        "accept-ch-lifetime",
        "critical-ch",
        "nel",
        "observe-browsing-topics",
        "report-to",
        "reporting-endpoints",
        "sec-shared-storage-writable",
        "speculation-rules",
        "supports-loading-mode",
    }
)
DROPPED_PREFIX = "attribution-reporting-"

_CARRIED = Verdict(True, UNCLASSIFIED, None, "")
"""On a document that a URL carries in itself: what that one reaches, nobody has looked at."""
_REPORT_URI = re.compile(r"(?i)((?:^|[;,])\s*)report-uri(?=\s)([^;,]*)")


class CookieVerdict(Protocol):
    """What is asked of a verdict about one `Set-Cookie`."""

    @property
    def keep(self) -> bool: ...
    @property
    def session_only(self) -> bool: ...


class CookieRule(Protocol):
    def __call__(self, name: str, *, httponly: bool, from_server: bool) -> CookieVerdict: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRules:
    """What a variant does to headers; build it once per variant.

    `url` and `cookie` are the verdicts, None where everything is granted. `policy` is our CSP ("" for none).
    `tag` names the variant in entity tags. `shareable`: what this visitor gets is what everyone without a
    choice and without a signal gets; `shares_pages`: whether a shared cache may then keep a page.
    `same_pages`: every visitor gets the same page, so that its cache headers stay the site's own.
    """

    url: UrlVerdict | None
    cookie: CookieRule | None
    policy: str
    tag: str
    shareable: bool
    shares_pages: bool = True
    same_pages: bool = False


class GatedHeaders(NamedTuple):
    """`cookies` are the names of dropped Set-Cookie headers, `held` the verdicts on dropped links."""

    headers: Headers
    cookies: tuple[str, ...]
    held: tuple[Verdict, ...]


def gate_headers(
    headers: Headers,
    rules: HeaderRules,
    *,
    base: str = "",
    page: bool = True,
    rewritten: bool = False,
    tag: str = "",
) -> GatedHeaders:
    """One response's headers for one variant; `headers` is not changed.

    `base` is the page's own URL. `page=False` says that a response without a type (a 304 has none) is no
    page, because the request was for none. `rewritten`: the body's bytes are not the site's. `tag` stands in
    for the variant's where one variant has several forms of a page (with a banner, and as a fragment).
    """
    cookies: list[str] = []
    held: list[Verdict] = []
    content_type = _content_type(headers)
    kind: Kind = "inert" if not page and not content_type else kind_of(content_type)
    if rules.url is None or rules.cookie is None:
        gated = list(headers)
    else:
        gated = _without_trackers(headers, rules.url, rules.cookie, base, cookies, held)
        gated += [("Content-Security-Policy", rules.policy), NO_TOPICS] if rules.policy else [NO_TOPICS]
    if rewritten:
        gated = [pair for pair in gated if pair[0].lower() not in BODY_BOUND]
    if kind != "inert":
        gated = _cached(_tagged(gated, tag or rules.tag, weak=rewritten), rules, kind)
    return GatedHeaders(gated, tuple(cookies), tuple(held))


def _cached(headers: Headers, rules: HeaderRules, kind: Kind) -> Headers:
    if rules.same_pages and kind == "page":
        return same_page_headers(headers)
    if not rules.shareable or (kind == "page" and not rules.shares_pages):
        return private_headers(headers, kind)
    return shared_page_headers(headers) if kind == "page" else headers


def _tagged(headers: Headers, tag: str, *, weak: bool) -> Headers:
    """With the site's entity tags marked, so that they answer for this variant alone."""
    tagged = []
    for pair in headers:
        if pair[0].lower() != "etag":
            tagged.append(pair)
        elif marked := mark(pair[1], tag, weak=weak):
            tagged.append((pair[0], marked))
    return tagged


def _without_trackers(
    headers: Headers, url: UrlVerdict, cookie: CookieRule, base: str, cookies: list[str], held: list[Verdict]
) -> Headers:
    """What stays; `cookies` and `held` collect what goes."""
    kept: Headers = []
    for pair in headers:
        name = pair[0].lower()
        if name == "set-cookie":
            value = _set_cookie(pair[1], cookie, cookies)
        elif name in _EDITED:
            value = _EDITED[name](pair[1], url, base, held)
        elif name in DROPPED or name.startswith(DROPPED_PREFIX):
            continue
        else:
            kept.append(pair)
            continue
        if value:
            kept.append((pair[0], value))
    return kept


def _set_cookie(value: str, cookie: CookieRule, dropped: list[str]) -> str:
    """As it came, without a lifetime, or "". Taking a cookie away is always allowed."""
    parsed = parse_set_cookie(value)
    if parsed.deletes:
        return value
    verdict = cookie(parsed.name, httponly=parsed.httponly, from_server=True)
    if not verdict.keep:
        dropped.append(parsed.name)
        return ""
    return as_session(value) if verdict.session_only and not parsed.is_session else value


def _refresh(value: str, url: UrlVerdict, base: str, held: list[Verdict]) -> str:
    for target in refresh_targets(value):
        verdict = url(target, base) if target else None
        if verdict is None and shows_document(target):
            verdict = _CARRIED
        if verdict is not None and verdict.hold:
            held.append(verdict)
            return ""
    return value


def _site_policy(value: str, url: UrlVerdict, base: str, held: list[Verdict]) -> str:
    """The site's own policy enforces on, but its violation reports do not go to a held host."""
    if "report-uri" not in value.lower():
        return value

    def own_reports(match: re.Match[str]) -> str:
        targets = match[2].split()
        kept = []
        for target in targets:
            verdict = url(target, base)
            if verdict is None or not verdict.hold:
                kept.append(target)
            else:
                held.append(verdict)
        if len(kept) == len(targets):
            return match[0]
        return f"{match[1]}report-uri {' '.join(kept)}" if kept else match[1].rstrip(" \t")

    return _REPORT_URI.sub(own_reports, value)


def _dns_prefetch(value: str, url: UrlVerdict, base: str, held: list[Verdict]) -> str:
    """`on` makes a browser look up the host of every link on an https page; off is the default there."""
    return "" if value.strip().lower() == "on" else value


_EDITED: dict[str, Callable[[str, UrlVerdict, str, list[Verdict]], str]] = {
    "link": filter_link,
    "refresh": _refresh,
    "content-security-policy": _site_policy,
    "content-security-policy-report-only": _site_policy,
    "x-dns-prefetch-control": _dns_prefetch,
}


def _content_type(headers: Headers) -> str:
    for name, value in headers:
        if name.lower() == "content-type":
            return value
    return ""
