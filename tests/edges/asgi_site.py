"""The ASGI edge under the tests of the WSGI edge: a WSGI site carried through `cookiegate.asgi` and back.

server (WSGI call of a test) -> scope -> cookiegate.asgi.GateMiddleware -> scope -> the test's WSGI site
"""

from __future__ import annotations

import asyncio
import io
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from cookiegate.asgi import GateMiddleware
from cookiegate.asgi.protocol import Message, Receive, Scope, Send
from cookiegate.gate import Gate

FROM_NAMES = {"CONTENT_TYPE": "content-type", "CONTENT_LENGTH": "content-length"}


class AsgiSite:
    """Called as a WSGI application is; all between is ASGI."""

    def __init__(self, app: Any, *, gate: Gate, pages: Any) -> None:
        self.gate = gate
        self._site = GateMiddleware(AsWsgi(app), gate=gate, pages=pages)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        scope = scope_of(environ)
        messages = [
            m
            for m in asyncio.run(run(self._site, scope, environ["wsgi.input"].read()))
            if not _hint(m, environ)
        ]
        environ["REMOTE_ADDR"] = (scope["client"] or ("",))[0]
        start = messages[0]
        status = HTTPStatus(start["status"])
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
        start_response(f"{status.value} {status.phrase}", headers)
        assert not messages[-1].get("more_body", False)
        return [m["body"] for m in messages[1:] if m["body"]]


def _hint(message: Message, environ: dict[str, Any]) -> bool:
    if message["type"] != "http.response.early_hint":
        return False
    environ["wsgi.early_hints"]([("Link", link.decode()) for link in message["links"]])
    return True


async def run(app: Any, scope: Scope, body: bytes = b"") -> list[Message]:
    """One request to its end: every message that reached the server."""
    sent: list[Message] = []
    asked = False

    async def receive() -> Message:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()  # the visitor stays
        asked = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def scope_of(environ: dict[str, Any]) -> Scope:
    headers = [
        (FROM_NAMES.get(key, key[5:].lower().replace("_", "-")).encode(), str(value).encode("latin-1"))
        for key, value in environ.items()
        if key.startswith("HTTP_") or (key in FROM_NAMES and value)
    ]
    path = environ.get("PATH_INFO", "/").encode("latin-1")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": environ["REQUEST_METHOD"],
        "scheme": environ["wsgi.url_scheme"],
        "path": path.decode(),
        "raw_path": quote(path).encode(),
        "query_string": environ.get("QUERY_STRING", "").encode("latin-1"),
        "headers": headers,
        "client": (environ["REMOTE_ADDR"], 50_000),
        "server": (environ["SERVER_NAME"], int(environ["SERVER_PORT"])),
        "extensions": {"http.response.early_hint": {}} if "wsgi.early_hints" in environ else {},
    }


class AsWsgi:
    """A test's WSGI application as the ASGI application behind the gate."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive()).get("body", b"")
        for message in self._events(environ_of(scope, body)):
            await send(message)

    def _events(self, environ: dict[str, Any]) -> list[Message]:
        hints: list[Message] = []
        bodies: list[Message] = []
        head: list[Message] = []

        def early_hints(headers: list[tuple[str, str]]) -> None:
            hints.append({"type": "http.response.early_hint", "links": [v.encode() for _, v in headers]})

        def write(piece: bytes) -> None:
            bodies.append({"type": "http.response.body", "body": piece, "more_body": True})

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            head[:] = [{"type": "http.response.start", "status": int(status[:3]), "headers": raw}]
            return write

        if "http.response.early_hint" in scope_extensions(environ):
            environ["wsgi.early_hints"] = early_hints
        chunks = self._app(environ, start_response)
        for chunk in chunks:
            write(chunk)
        if hasattr(chunks, "close"):
            chunks.close()
        if len(bodies) == 1:
            bodies[0]["more_body"] = False
        else:
            bodies.append({"type": "http.response.body", "body": b""})
        return hints + head + bodies


def scope_extensions(environ: dict[str, Any]) -> Any:
    return environ["asgi.scope"].get("extensions", {})


def environ_of(scope: Scope, body: bytes) -> dict[str, Any]:
    """What an application behind ASGI sees, in the names that the tests ask by."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REMOTE_ADDR": (scope["client"] or ("",))[0],
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "asgi.scope": scope,
    }
    for name, value in scope["headers"]:
        environ["HTTP_" + name.decode().upper().replace("-", "_")] = value.decode("latin-1")
    return environ | {key: value for key, value in scope.items() if key.startswith("cookiegate.")}
