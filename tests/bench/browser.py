"""What a browser sends: the headers of a page's request and of a script's, as lines and as CGI names."""

from __future__ import annotations

import io
from typing import Any

AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
    "Safari/537.36"
)
COOKIES = "session=eyJfZnJlc2giOmZhbHNlfQ.Zz0aBw.q3v; csrftoken=4Jb1cYw; theme=dark"

COMMON = {
    "Host": "127.0.0.1",
    "User-Agent": AGENT,
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-GB,en;q=0.9,de;q=0.6",
    "Sec-CH-UA": '"Chromium";v="131", "Google Chrome";v="131", "Not_A Brand";v="24"',
    "Sec-CH-UA-Mobile": "?0",
    "Sec-CH-UA-Platform": '"Windows"',
    "Referer": "http://127.0.0.1/garden",
    "Sec-Fetch-Site": "same-origin",
}
PAGE = COMMON | {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Upgrade-Insecure-Requests": "1",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-User": "?1",
}
FETCH = COMMON | {"Accept": "*/*", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"}


def with_cookie(headers: dict[str, str], consent: str = "") -> dict[str, str]:
    """The site's own cookies, and the gate's where there is one."""
    return headers | {"Cookie": f"{COOKIES}; {consent}" if consent else COOKIES}


def lines(path: str, headers: dict[str, str]) -> bytes:
    """The head of a GET request on a connection that is kept."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1")


def environ(path: str, headers: dict[str, str]) -> dict[str, Any]:
    """The same as a WSGI server hands it on."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "RAW_URI": path,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "gunicorn",
        "REMOTE_ADDR": "203.0.113.77",
        "REMOTE_PORT": "50123",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
