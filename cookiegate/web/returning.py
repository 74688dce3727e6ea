"""Where a visitor goes back to: a place on this site, or its root. Never anywhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from .origin import is_own_url

SETTINGS = "/_gate/settings"
LONGEST = 8_000
"""Characters of an address; longer ones would not pass proxies."""
FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
SAFE = "%/:?#[]@!$&'()*+,;=-._~|^{}`\""


def place_on_site(address: str) -> str | None:
    """`address` as a path with query and fragment, in ASCII; None where it could lead elsewhere.

    Browsers read `//host`, `/\\host` and addresses with tabs inside as other hosts: all refused.
    """
    if not address.startswith("/") or len(address) > LONGEST or FORBIDDEN.search(address):
        return None
    if address.startswith("//"):
        return None
    path = address.partition("?")[0].partition("#")[0]
    if path.startswith("/_gate") and path != SETTINGS:
        return None
    return quote(address, safe=SAFE).replace('"', "%22")


def place_of_url(url: str, environ: Mapping[str, Any], public_url: str = "") -> str | None:
    """The same for an absolute URL of this site, such as a Referer."""
    if not is_own_url(url, environ, public_url):
        return None
    parts = urlsplit(url)
    return place_on_site((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def return_place(field: str, environ: Mapping[str, Any], public_url: str = "") -> str:
    """The form's own field, else the page that posted it, else the site's root."""
    return place_on_site(field) or place_of_url(environ.get("HTTP_REFERER", ""), environ, public_url) or "/"


def foreign_referrer(url: str, environ: Mapping[str, Any], public_url: str = "") -> str:
    """`url` where it is a web address of another site, fit for a fragment; else empty."""
    if len(url) > 2_000 or FORBIDDEN.search(url) or not url.startswith(("http://", "https://")):
        return ""
    return "" if is_own_url(url, environ, public_url) else url


def with_referrer(place: str, referrer: str) -> str:
    """`place` with the referrer in its fragment, which no server and no log ever sees."""
    joint = "&" if "#" in place else "#"
    return f"{place}{joint}gate-referrer={quote(referrer, safe='')}"
