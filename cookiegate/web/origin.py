"""Where a request comes from: cross-site protection by header, without a session or a token.

`Sec-Fetch-Site` is set by the browser and cannot be forged by a page (W3C Fetch Metadata); browsers without
it send `Origin` with every POST (RFC 6454). A token would need a cookie before any choice was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit


def is_own_post(environ: Mapping[str, Any], public_url: str = "") -> bool:
    """Whether a page of this very site sent this POST. `Origin: null` never counts."""
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return bool(site == "same-origin")
    return is_own_url(environ.get("HTTP_ORIGIN", ""), environ, public_url)


def is_own_url(url: str, environ: Mapping[str, Any], public_url: str = "") -> bool:
    """Whether an absolute URL has this site's host and port, and https where the site has: by its public URL,
    else by this connection. An http connection says nothing: a proxy in front may speak https."""
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme, parts.netloc.lower()
    except ValueError:
        return False
    encrypted = public_url.startswith("https:") or environ.get("wsgi.url_scheme") == "https"
    if scheme not in (("https",) if encrypted else ("http", "https")) or not host:
        return False
    own = {environ.get("HTTP_HOST", "").lower(), urlsplit(public_url).netloc.lower()} - {""}
    return host in own
