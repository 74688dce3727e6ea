"""The gate's own pages, a small WSGI application, run on threads of their own: the ledger's disk must not
stop the event loop."""

from __future__ import annotations

import asyncio
import io
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from ..gate.reply import Headers
from .protocol import Receive, Scope, Send
from .responder import encoded
from .scope import write_back

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

THREADS = 4
LARGEST_BODY = 64 * 1024
"""Bytes that are read of a form; the pages themselves refuse less."""


class OwnPages:
    """`answer` carries one request to a WSGI application and its answer back, whole."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "cookiegate")

    async def answer(
        self, pages: WSGIApplication, scope: Scope, request: dict[str, Any], receive: Receive, send: Send
    ) -> None:
        body = await _read(receive)
        if body is None:
            return
        before = dict(request)
        loop = asyncio.get_running_loop()
        status, headers, answer = await loop.run_in_executor(self._threads, _call, pages, request, body)
        write_back(scope, before, request)
        await send({"type": "http.response.start", "status": status, "headers": encoded(headers)})
        await send({"type": "http.response.body", "body": answer})


def _call(pages: WSGIApplication, request: dict[str, Any], body: bytes) -> tuple[int, Headers, bytes]:
    head: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, _exc_info: object = None) -> Any:
        head[:] = [(status, headers)]
        return lambda _piece: None

    chunks = pages(_environ(request, body), start_response)
    try:
        answer = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    status, headers = head[0]
    return int(status[:3]), headers, answer


def _environ(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The very mapping, since the pages edit it for the access log."""
    request.update(
        {
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
    )
    return request


async def _read(receive: Receive) -> bytes | None:
    """The request's body, cut where it is longer than any form of ours; None where the visitor has gone."""
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > LARGEST_BODY or not message.get("more_body", False):
            return b"".join(pieces)
