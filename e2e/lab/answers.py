"""What the stand-in third parties answer: plausible bodies that show, in the page, that they ran.

The last part of a path names the vector and its extension the kind of body: `/pixel.png`, `/async.js`.
"""

from __future__ import annotations

import base64
import struct
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
SCRIPTS = Path(__file__).parent / "vendors"
TTF_HEAD = struct.pack(">IHHHH", 0x00010000, 0, 0, 0, 0)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


TYPES = {
    "js": "text/javascript",
    "css": "text/css",
    "png": "image/gif",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "sse": "text/event-stream",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "woff2": "font/woff2",
}

VENDOR_SCRIPTS = {
    ("www.googletagmanager.com", "/gtag/js"): "gtag.js",
    ("www.googletagmanager.com", "/gtm.js"): "gtm.js",
    ("connect.facebook.net", "/en_US/fbevents.js"): "fbevents.js",
}


def answer(host: str, path: str) -> Answer:
    """The response of third party `host` to a GET of `path` (no query)."""
    if path == "/from" or path == "/":
        return _html("<!doctype html><html lang=en><title>Elsewhere</title><p>A foreign page.")
    vendor = VENDOR_SCRIPTS.get((host, path))
    if vendor:
        return _answer("js", (SCRIPTS / vendor).read_bytes())
    name, _, extension = unquote(path.rsplit("/", 1)[-1]).rpartition(".")
    if extension not in TYPES:
        return Answer(204, _headers("text/plain"), b"")
    return _answer(extension, _body(name, extension))


def _body(name: str, extension: str) -> bytes:
    match extension:
        case "js":
            return f'(self.ran = self.ran || []).push("{name}");\n'.encode()
        case "css":
            return b"body { --third-party: 1 }\n"
        case "png":
            return PIXEL
        case "html":
            return f"<!doctype html><title>{name}</title><p>{name}".encode()
        case "json":
            return b'{"ok": true}'
        case "sse":
            return b"retry: 600000\ndata: hello\n\n"
        case "svg":
            return b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
        case _:
            return TTF_HEAD


def _answer(extension: str, body: bytes) -> Answer:
    return Answer(200, _headers(TYPES[extension]), body)


def _html(text: str) -> Answer:
    return _answer("html", text.encode())


def _headers(content_type: str) -> dict[str, str]:
    return {
        "Content-Type": content_type,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": "no-store",
        "Set-Cookie": "third_party=1; SameSite=None; Secure; Path=/; Max-Age=86400",
    }
