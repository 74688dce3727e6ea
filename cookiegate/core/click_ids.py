"""Click identifiers in URLs: query parameters that name one click, one mail recipient, one visitor.

They are cut out of a request and everything else in its query stays as it came, byte for byte; a redirect of
the site gets them back, so that the page that the visitor ends on has them still.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from typing import Any
from urllib.parse import unquote

from .address_scrub import header_key

Removed = tuple[str, ...]
"""The parameters taken out, each as it stood (`gclid=abc`), in order."""

QUERY_IN = ("RAW_URI", "REQUEST_URI")
"""Where WSGI servers repeat the path and query as sent."""


class ClickIds:
    """Built from parameter names; `url_headers` are the request headers that carry URLs of the site."""

    def __init__(self, names: Iterable[str], *, url_headers: Iterable[str] = ("Referer",)) -> None:
        self._names = frozenset(name.lower() for name in names)
        words = "|".join(sorted(map(re.escape, self._names), key=len, reverse=True))
        self._perhaps = re.compile(rf"(?i)(?:^|&)(?:{words})(?:[=&]|$)")
        self._in_text = re.compile(rf"(?i)(?<=[?&])(?:{words})=[^&#\s\"'<>\\]*&?")
        self._keys = frozenset(header_key(name) for name in url_headers)

    def strip(self, query: str) -> tuple[str, Removed]:
        """A query string without its click identifiers, and those; the very same object where it has none."""
        # A percent sign may spell a letter of a name: then each name is looked at.
        if not query or ("%" not in query and not self._perhaps.search(query)):
            return query, ()
        kept: list[str] = []
        removed: list[str] = []
        for part in query.split("&"):
            (removed if _name_of(part) in self._names else kept).append(part)
        return ("&".join(kept), tuple(removed)) if removed else (query, ())

    def strip_url(self, url: str) -> tuple[str, Removed]:
        """The same for a URL or a path with a query; a question mark goes with the last parameter."""
        address, mark, fragment = url.partition("#")
        path, _, query = address.partition("?")
        clean, removed = self.strip(query)
        if not removed:
            return url, ()
        return path + ("?" + clean if clean else "") + mark + fragment, removed

    def strip_environ(self, environ: MutableMapping[str, Any]) -> Removed:
        """Take them out of a request: query string, the server's copies of it, `Referer` and the like.

        Returns what the query itself lost; in the other places it is only dropped.
        """
        removed: Removed = ()
        query = environ.get("QUERY_STRING")
        if query:
            clean, removed = self.strip(query)
            if removed:
                environ["QUERY_STRING"] = clean
                for key in QUERY_IN:
                    if key in environ:
                        environ[key] = self.strip_url(environ[key])[0]
        for key in self._keys & environ.keys():
            if "?" in environ[key]:
                environ[key] = self.strip_url(environ[key])[0]
        return removed

    def strip_text(self, text: str) -> str:
        """A log line without click identifiers."""
        return self._in_text.sub("", text) if "=" in text else text


def restore_click_ids(location: str, removed: Removed) -> str:
    """A redirect's `Location` with `removed` put back, save those whose name it has already.

    For redirects inside the site only: the caller has to know where `location` leads.
    """
    if not removed:
        return location
    url, mark, fragment = location.partition("#")
    path, _, query = url.partition("?")
    present = {_name_of(part) for part in query.split("&")}
    back = [part for part in removed if _name_of(part) not in present]
    if not back:
        return location
    joined = "&".join([query, *back]) if query and not query.endswith("&") else query + "&".join(back)
    return f"{path}?{joined}{mark}{fragment}"


def _name_of(part: str) -> str:
    """A parameter's name in lower case, percent-encoding undone."""
    name = part.partition("=")[0]
    return (unquote(name) if "%" in name else name).lower()
