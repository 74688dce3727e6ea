"""The pooled connections to the site: aiohttp's client, told to change nothing on its own."""

from __future__ import annotations

from typing import Any

import aiohttp

from .upstream import Upstream

CONNECT_SECONDS = 5
LONGEST_LINE = 16 * 1024
LONGEST_HEADER = 32 * 1024
"""Bytes of one header of a response; a site's own policy may be long."""
MOST_HEADERS = 256
LARGEST_MESSAGE = 16 * 1024 * 1024
"""Bytes of one WebSocket message."""
AUTOMATIC = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Opened(aiohttp.ClientWebSocketResponse):
    """A WebSocket to the site; `head` is what the site answered the handshake with."""

    def __init__(
        self,
        reader: Any,
        writer: Any,
        protocol: str | None,
        response: aiohttp.ClientResponse,
        *rest: Any,
        **more: Any,
    ) -> None:
        super().__init__(reader, writer, protocol, response, *rest, **more)
        self.head = response.raw_headers


def open_client(upstream: Upstream) -> aiohttp.ClientSession:
    """Within a running event loop. It keeps no cookies, follows nothing and decodes nothing."""
    connector = aiohttp.TCPConnector(limit=0, ssl=upstream.verify_tls, ttl_dns_cache=30, keepalive_timeout=15)
    return aiohttp.ClientSession(
        connector=connector,
        ws_response_class=Opened,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=AUTOMATIC,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        max_line_size=LONGEST_LINE,
        max_field_size=LONGEST_HEADER,
        max_headers=MOST_HEADERS,
        trust_env=False,
    )
