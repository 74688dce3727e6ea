"""Early hints (103, RFC 8297): `Link` headers that a server sends before the response, past every other rule.

A WSGI server that can send them hands the application a function, `wsgi.early_hints`; the application gets
this one in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .cache_headers import Headers
from .link_header import UrlVerdict, filter_link

SendHints = Callable[[Headers], None]


def gated_hints(
    send: SendHints, url: UrlVerdict, base: str = ""
) -> Callable[[Iterable[tuple[str, str]]], None]:
    """`send` for links that load from no held host. Other headers in a hint are for no browser; they go."""

    def gated(headers: Iterable[tuple[str, str]]) -> None:
        links = [
            (name, filter_link(value, url, base, [])) for name, value in headers if name.lower() == "link"
        ]
        kept = [pair for pair in links if pair[1]]
        if kept:
            send(kept)

    return gated
