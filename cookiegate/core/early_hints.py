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
        links = gated_links((value for name, value in headers if name.lower() == "link"), url, base)
        if links:
            send([("Link", value) for value in links])

    return gated


def gated_links(links: Iterable[str], url: UrlVerdict | None, base: str = "") -> list[str]:
    """`Link` values without what leads to held hosts; all of them where `url` is None."""
    if url is None:
        return list(links)
    kept = (filter_link(value, url, base, []) for value in links)
    return [value for value in kept if value]
