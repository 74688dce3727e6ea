"""A site under another name: its own addresses in text are rewritten on their way, for `cookiegate try`.

Not for production: whatever builds an address out of parts escapes it. There a site gets its public name.
"""

from __future__ import annotations

import re

from ..asgi.protocol import App, Message, Receive, Scope, Send

TEXT = re.compile(
    rb"text/(?:html|css|javascript|plain|xml)|application/(?:json|javascript|xml|xhtml|manifest)|image/svg",
    re.I,
)
UPGRADE = re.compile(rb"(?i)upgrade-insecure-requests\s*;?\s*")
DROPPED = frozenset(
    {b"strict-transport-security", b"content-length", b"content-md5", b"digest", b"accept-ranges"}
)


class LinkMap:
    """`theirs` is the site's authority (`www.example.com`), `ours` the one it is shown under (`localhost:8010`)."""

    def __init__(self, app: App, theirs: str, ours: str) -> None:
        self._app = app
        self._pattern = re.compile(
            rb"(https?:)?(\\?/\\?/)" + re.escape(theirs.encode()) + rb"(?::443|:80)?(?![\w.-])", re.IGNORECASE
        )
        self._ours = ours.encode()
        self.reach = len(theirs) + 20
        """Bytes in which an address ends: so many are held back."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # The addresses are looked for in plain text.
        scope["headers"] = [
            pair for pair in scope["headers"] if pair[0] not in (b"accept-encoding", b"range")
        ]
        scope["headers"].append((b"accept-encoding", b"identity"))
        await self._app(scope, receive, _Mapped(self, send))

    def mapped(self, text: bytes, end: int) -> tuple[bytes, int]:
        """`text` up to about `end` with addresses replaced, and how far that went."""
        out: list[bytes] = []
        done = 0
        for match in self._pattern.finditer(text):
            if match.start() >= end:
                break
            out += [text[done : match.start()], b"http:" if match[1] else b"", match[2], self._ours]
            done = match.end()
        stop = max(done, end)
        return b"".join([*out, text[done:stop]]), stop


class _Mapped:
    def __init__(self, links: LinkMap, send: Send) -> None:
        self._links = links
        self._send = send
        self._text = False
        self._rest = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": self._head(message["headers"])}
        elif self._text and message["type"] == "http.response.body":
            message = {
                **message,
                "body": self._body(message.get("body", b""), message.get("more_body", False)),
            }
        await self._send(message)

    def _head(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        found = dict(headers)
        self._text = bool(TEXT.match(found.get(b"content-type", b""))) and b"content-encoding" not in found
        out = []
        for name, value in headers:
            if name == b"content-security-policy":
                value = UPGRADE.sub(b"", value)
            if name not in DROPPED or (name != b"strict-transport-security" and not self._text):
                out.append((name, value))
        return out

    def _body(self, data: bytes, more: bool) -> bytes:
        text = self._rest + data
        piece, stop = self._links.mapped(text, max(0, len(text) - self._links.reach) if more else len(text))
        self._rest = text[stop:]
        return piece
