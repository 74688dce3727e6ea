"""Headers on both legs of the way. What belongs to one connection stays there (RFC 9110, 7.6.1)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from ..asgi.protocol import RawHeaders, Scope
from ..core.set_cookie import parse_set_cookie, without_domain
from ..gate.codings import decodable
from .upstream import Upstream

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
SOCKET = frozenset(
    {b"sec-websocket-key", b"sec-websocket-version", b"sec-websocket-extensions", b"sec-websocket-protocol"}
)
"""Of a WebSocket's handshake; each leg makes its own."""
ACCEPTED = frozenset({b"sec-websocket-accept", *SOCKET, b"date", b"server", b"content-length"})
"""Of the answer to it."""
OURS = frozenset(
    {b"host", b"expect", b"accept-encoding", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"}
)
FROM_PAGE = frozenset({b"origin", b"referer"})
PLACES = frozenset({b"location", b"content-location", b"access-control-allow-origin"})
BODILESS = frozenset({204, 304})

Text = list[tuple[str, str]]


def upstream_headers(scope: Scope, upstream: Upstream) -> Text:
    """What the site is sent. Whatever was in front of the gate has been truncated and checked by now."""
    raw: RawHeaders = scope["headers"]
    dropped = (
        HOP_BY_HOP | _named_by_connection(raw) | (SOCKET if scope["type"] == "websocket" else frozenset())
    )
    found = {name: value for name, value in raw if name in OURS}
    host = _text(found.get(b"host", b""))
    own = own_origin(scope)
    out: Text = [("Host", host if upstream.keeps_host and host else upstream.authority)]
    for name, value in raw:
        if name in dropped or name in OURS:
            continue
        text = _text(value)
        if name in FROM_PAGE and not upstream.keeps_host and (text == own or text.startswith(own + "/")):
            text = upstream.origin + text[len(own) :]
        out.append((name.decode("latin-1"), text))
    if b"accept-encoding" in found:
        out.append(("accept-encoding", decodable(_text(found[b"accept-encoding"]))))
    return [*out, *_forwarded(scope, found, own.partition(":")[0], host)]


def own_origin(scope: Scope) -> str:
    """The site's origin as this visitor knows it."""
    scheme = "https" if scope.get("scheme") in ("https", "wss") else "http"
    return f"{scheme}://{next((_text(value) for name, value in scope['headers'] if name == b'host'), '')}"


def visitor_headers(
    raw: Iterable[tuple[bytes, bytes]], status: int, upstream: Upstream, own: str
) -> RawHeaders:
    """What the visitor is sent of the site's head, before the gate sees it. `own`: see `own_origin`."""
    headers = [(name.lower(), value) for name, value in raw]
    dropped = HOP_BY_HOP | _named_by_connection(headers)
    if status in BODILESS:
        dropped |= {b"content-length"}
    out: RawHeaders = []
    for name, value in headers:
        if name in dropped:
            continue
        if name in PLACES:
            value = _mapped(value, upstream, own if name == b"access-control-allow-origin" else "")
        elif name == b"set-cookie" and not upstream.keeps_host:
            value = _for_visitor(value, own)
        out.append((name, value))
    return out


def accepted_headers(raw: Iterable[tuple[bytes, bytes]], upstream: Upstream, own: str) -> RawHeaders:
    """As `visitor_headers`, of the answer that opens a WebSocket: cookies, above all."""
    return [pair for pair in visitor_headers(raw, 101, upstream, own) if pair[0] not in ACCEPTED]


def _forwarded(scope: Scope, found: dict[bytes, bytes], scheme: str, host: str) -> Text:
    client = (scope.get("client") or ("",))[0]
    hops = [_text(found[b"x-forwarded-for"])] if b"x-forwarded-for" in found else []
    hops += [client] if client else []
    return [
        *([("x-forwarded-for", ", ".join(hops))] if hops else []),
        ("x-forwarded-proto", _text(found.get(b"x-forwarded-proto", b"")) or scheme),
        ("x-forwarded-host", _text(found.get(b"x-forwarded-host", b"")) or host),
    ]


def _named_by_connection(headers: RawHeaders) -> frozenset[bytes]:
    named = [value for name, value in headers if name == b"connection"]
    if not named:
        return frozenset()
    return frozenset(token.strip().lower() for value in named for token in value.split(b","))


def _mapped(value: bytes, upstream: Upstream, own: str) -> bytes:
    """An address of the site under `own`, since the visitor knows it by another name; "" makes it a path."""
    text = value.decode("latin-1")
    for scheme in ("http", "https"):
        origin = f"{scheme}://{upstream.authority}"
        rest = text[len(origin) :]
        if text.lower().startswith(origin) and rest[:1] in ("", "/", "?", "#"):
            path = rest if own or rest.startswith("/") else "/" + rest
            return (own + path).encode("latin-1")
    return value


def _for_visitor(value: bytes, own: str) -> bytes:
    """A cookie for a domain that the visitor's host is not in becomes one of that host alone."""
    text = value.decode("latin-1")
    domain = parse_set_cookie(text).attributes.get("domain", "").lstrip(".").lower()
    name = urlsplit(own).hostname or ""
    if not domain or name == domain or name.endswith("." + domain):
        return value
    return without_domain(text).encode("latin-1")


def _text(value: bytes) -> str:
    """As the client writes it again, byte for byte where it was UTF-8."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
