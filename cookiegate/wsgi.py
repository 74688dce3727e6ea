"""The gate around any WSGI application.

    from cookiegate.wsgi import GateMiddleware
    app = GateMiddleware(app)                       # reads cookiegate.toml beside the working directory

PEP 3333 is kept to the letter: `write()`, generators that call `start_response` late, `exc_info`, `close()`,
`wsgi.file_wrapper` (left to the server for whatever is not rewritten), HEAD, and the first byte of a stream.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .gate import Exchange, Gate, Reply
from .live_gate import Settings, standing

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]


class GateMiddleware:
    """A WSGI application behind the gate.

    `config` is a `Config`, the path of a `cookiegate.toml`, None for the default search, or a function that
    reads one; a file is read again when it changes. A `gate` that is already open may be given instead;
    `pages` then serves its own pages below `/_gate/`.
    """

    def __init__(
        self,
        app: WSGIApplication,
        config: Settings = None,
        *,
        gate: Gate | None = None,
        pages: WSGIApplication | None = None,
    ) -> None:
        self.app = app
        self._current = standing(config, gate, pages)

    @property
    def gate(self) -> Gate:
        """The one that answers now: it follows its settings."""
        return self._current()[0]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        gate, pages = self._current()
        if gate.owns_path(environ.get("PATH_INFO", "")):
            return pages(environ, start_response)
        exchange = gate.open(environ)
        if exchange.swallowed:
            start_response("204 No Content", exchange.empty_headers())
            return ()
        return _Responder(exchange, environ, start_response).run(self.app)


class _Responder:
    """One response: headers are held back until the first piece of a rewritten body settles them."""

    def __init__(self, exchange: Exchange, environ: WSGIEnvironment, start: StartResponse) -> None:
        self._exchange = exchange
        self._environ = environ
        self._start = start
        self._reply: Reply | None = None
        self._server_write: Callable[[bytes], object] | None = None
        self._exc_info: Any = None

    def run(self, app: WSGIApplication) -> Iterable[bytes]:
        chunks = app(self._environ, self._start_response)
        if self._reply is not None and self._reply.body is None:
            return chunks
        return _Chunks(self._pieces(chunks), getattr(chunks, "close", None))

    def _start_response(
        self, status: str, headers: Headers, exc_info: Any = None
    ) -> Callable[[bytes], object]:
        if exc_info is not None and self._reply is not None and self._reply.sent:
            # The head is gone: PEP 3333 wants the original exception, which the server's own call raises.
            return self._start(status, headers, exc_info)
        self._reply = self._exchange.reply(status, headers)
        self._exc_info = exc_info
        if self._reply.is_settled:
            return self._send_head(self._reply)
        return self._write

    def _send_head(self, reply: Reply) -> Callable[[bytes], object]:
        reply.sent = True
        if self._exc_info is None:
            self._server_write = self._start(reply.status, reply.headers)
        else:
            self._server_write = self._start(reply.status, reply.headers, self._exc_info)
        return self._server_write

    def _write(self, data: bytes) -> None:
        """The `write()` of PEP 3333, for a body that is rewritten."""
        assert self._reply is not None
        piece = self._fed(self._reply, data, whole=False) if data else b""
        if piece and self._server_write is not None:
            self._server_write(piece)

    def _fed(self, reply: Reply, data: bytes, *, whole: bool) -> bytes:
        piece = reply.feed(data, whole=whole)
        if reply.is_settled and not reply.sent:
            self._send_head(reply)
        return piece

    def _pieces(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        alone = isinstance(chunks, (list, tuple)) and len(chunks) == 1
        for chunk in chunks:
            if not chunk:
                continue
            if self._reply is None:
                raise AssertionError("the application sent a body before it called start_response")
            piece = self._fed(self._reply, chunk, whole=alone)
            if piece:
                yield piece
        if self._reply is not None:
            piece = self._reply.end()
            if not self._reply.sent:
                self._send_head(self._reply)
            if piece:
                yield piece


class _Chunks:
    """An iterable of pieces that closes what the application returned, as PEP 3333 asks."""

    def __init__(self, pieces: Iterator[bytes], close: Callable[[], object] | None) -> None:
        self._pieces = pieces
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        if self._close is not None:
            self._close()
