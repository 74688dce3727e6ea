"""A request as the gate edits it (CGI names, RFC 3875), out of an ASGI scope and back into it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .protocol import RawHeaders, Scope

SECURE = ("https", "wss")
PLAIN_NAMES = {"HTTP_CONTENT_TYPE": "CONTENT_TYPE", "HTTP_CONTENT_LENGTH": "CONTENT_LENGTH"}
OURS = "cookiegate."
BY_FILE = ("http.response.pathsend", "http.response.zerocopysend", "http.response.push")
"""Ways past the body that is rewritten, and past what a page was found to load: applications have others."""


@lru_cache(maxsize=512)
def cgi_name(name: bytes) -> str:
    """`b"x-real-ip"` as `HTTP_X_REAL_IP`."""
    key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
    return PLAIN_NAMES.get(key, key)


def request_of(scope: Scope) -> dict[str, Any]:
    """The request with CGI names; repeated headers are joined, as a WSGI server joins them."""
    server = scope.get("server") or ("", None)
    client = scope.get("client") or ("", 0)
    root = scope.get("root_path", "")
    path: str = scope["path"]
    request: dict[str, Any] = {
        "REQUEST_METHOD": scope.get("method", "GET"),
        "SCRIPT_NAME": _bytes_as_text(root),
        "PATH_INFO": _bytes_as_text(path.removeprefix(root) if root else path),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": server[0] or "localhost",
        "SERVER_PORT": str(server[1] or (443 if scope.get("scheme") in SECURE else 80)),
        "SERVER_PROTOCOL": "HTTP/" + scope.get("http_version", "1.1"),
        "REMOTE_ADDR": client[0] or "",
        "REMOTE_PORT": str(client[1]),
        "wsgi.url_scheme": "https" if scope.get("scheme") in SECURE else "http",
    }
    for name, value in scope["headers"]:
        key = cgi_name(name)
        text = value.decode("latin-1")
        if key in request:
            text = f"{request[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        request[key] = text
    return request


def write_back(scope: Scope, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Put what the gate has changed from `before` to `after` into the scope; nothing else is touched."""
    scope["headers"] = _edited(scope["headers"], before, after)
    query = after.get("QUERY_STRING", "")
    if query != before["QUERY_STRING"]:
        scope["query_string"] = query.encode("latin-1")
    address = after.get("REMOTE_ADDR", "")
    if address != before["REMOTE_ADDR"]:
        scope["client"] = (address, 0) if address else None
    for key, value in after.items():
        if key.startswith(OURS):
            scope[key] = value


def without_shortcuts(scope: Scope) -> None:
    """Take the server's offers to send files and pushes by itself out of the scope."""
    extensions = scope.get("extensions")
    if extensions and any(name in extensions for name in BY_FILE):
        scope["extensions"] = {key: value for key, value in extensions.items() if key not in BY_FILE}


def _edited(headers: RawHeaders, before: dict[str, Any], after: dict[str, Any]) -> RawHeaders:
    """Untouched headers byte for byte; of an edited one, one line with what is left."""
    kept: RawHeaders = []
    written: set[str] = set()
    for pair in headers:
        key = cgi_name(pair[0])
        text = after.get(key)
        if text is None or key in written:
            continue
        if text == before[key]:
            kept.append(pair)
        else:
            written.add(key)
            kept.append((pair[0], text.encode("latin-1")))
    return kept


def _bytes_as_text(path: str) -> str:
    """A decoded path as PEP 3333 spells it: each byte one character."""
    return path if path.isascii() else path.encode("utf-8", "surrogateescape").decode("latin-1")
