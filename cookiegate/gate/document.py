"""What kind of answer a request wants, and whether a response is a page that can be rewritten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from ..core.html.encoding import says_stateful
from .reply import Headers

Place = Literal["top", "perhaps", "inside"]
"""In the browser: a top-level document; not said (an old browser, a robot); a frame or a fragment."""

FRAGMENT_MARKS = (
    "HTTP_X_REQUESTED_WITH",
    "HTTP_HX_REQUEST",
    "HTTP_TURBO_FRAME",
    "HTTP_X_PJAX",
    "HTTP_X_UP_VERSION",
)
"""Headers by which scripts ask for a piece of a page, for browsers that send no Sec-Fetch-Dest."""

HTML_DESTINATIONS = frozenset({"document", "iframe", "frame", "embed", "object", "fencedframe", "empty"})

UNREADABLE = ("utf-16", "utf-32", "2022", "ucs-2", "unicode", "utf-7", "hz-gb")
"""Parts of labels of encodings in which a byte below 0x80 need not be ASCII: their pages pass under the CSP alone."""

JSON_START = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*(?:[\]\"{\[\d-]|true|false|null))")
WHITESPACE = b"\t\n\x0c\r "
SNIFFED = frozenset({"", "unknown/unknown", "application/unknown", "*/*"})
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


def is_asked_by_script(request: Mapping[str, Any]) -> bool:
    """Whether a header says that a script asks for a piece of a page; shared caches do not tell these apart."""
    return not request.keys().isdisjoint(FRAGMENT_MARKS)


def place_of(request: Mapping[str, Any]) -> Place:
    """Where the answer to this request (CGI names) will stand."""
    if is_asked_by_script(request):
        return "inside"
    dest = request.get("HTTP_SEC_FETCH_DEST")
    if dest is None:
        return "perhaps"
    if dest == "empty" and request.get("HTTP_SEC_FETCH_MODE") == "navigate":
        # A service worker passes a navigation on: Chromium keeps the mode and empties the destination.
        return "perhaps"
    return "top" if dest == "document" else "inside"


def may_be_html(request: Mapping[str, Any]) -> bool:
    """Whether the answer may be HTML, a script's `fetch` included: then its coding matters to us."""
    return request.get("HTTP_SEC_FETCH_DEST", "empty") in HTML_DESTINATIONS


def is_html(content_type: str) -> bool:
    """Whether a response of this type is tokenised as HTML, in an encoding that keeps ASCII bytes apart."""
    kind, _, parameters = content_type.lower().partition(";")
    return kind.strip() == "text/html" and not any(name in parameters for name in UNREADABLE)


def is_sniffed(content_type: str) -> bool:
    """Whether a browser looks at the body to find out what it is (WHATWG MIME Sniffing, 7)."""
    return content_type.partition(";")[0].strip().lower() in SNIFFED


def looks_like_html(start: bytes) -> bool:
    """Whether a body without a type may be sniffed into a page. More generous than the standard's list."""
    return start.lstrip(WHITESPACE).startswith((b"<", b"\xef\xbb\xbf"))


def is_readable(start: bytes) -> bool:
    """Whether a page's first bytes let it be rewritten: no UTF-16, no stateful Japanese."""
    return not start.startswith(BYTE_ORDER_MARKS) and not says_stateful(start)


def is_json(start: bytes) -> bool:
    """Whether a body that is labelled as a page begins as JSON does."""
    return JSON_START.match(start) is not None


def described(headers: Headers) -> tuple[str, str, int | None]:
    """(Content-Type, Content-Encoding in lower case and "" for identity, Content-Length)."""
    content_type, coding, length = "", "", None
    for name, value in headers:
        lowered = name.lower()
        if lowered == "content-type":
            content_type = value
        elif lowered == "content-encoding":
            coding = value.strip().lower()
        elif lowered == "content-length" and value.isdecimal():
            length = int(value)
    return content_type, "" if coding == "identity" else coding, length
