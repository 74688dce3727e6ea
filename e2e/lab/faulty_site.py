"""A site that goes wrong in ways that no web framework can: it speaks HTTP, or what passes for it, by hand."""

from __future__ import annotations

import contextlib
import socketserver
import threading
import time
from collections.abc import Iterator

HUNG_SECONDS = 60
NONSENSE = 100 * 1024 * 1024
PIECE = 256 * 1024


class FaultySite:
    """`fault` names what happens to the next requests: "" for none. A killed site listens no more."""

    def __init__(self, page: bytes) -> None:
        self.page = page
        self.fault = ""
        self.sent = 0
        """Bytes of nonsense that were taken from it."""
        self.over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self.port = int(self._server.server_address[1])

    @contextlib.contextmanager
    def running(self) -> Iterator[FaultySite]:
        thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        thread.start()
        try:
            yield self
        finally:
            self.kill()

    def kill(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def head(self, length: int) -> bytes:
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n"
            "Set-Cookie: _ga=GA1.1; Path=/\r\nLink: <https://preconnect.stranger.example>; rel=preconnect\r\n\r\n"
        ).encode()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    site: FaultySite

    def handle_error(self, request: object, client_address: object) -> None:
        """Broken connections are what this is for."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        while (line := self.rfile.readline(65_536)) and not self.server.site.over.is_set():
            while self.rfile.readline(65_536) not in (b"\r\n", b""):
                pass
            answer = getattr(self, "answer_" + self.server.site.fault.replace(" ", "_").replace("-", "_"))
            if not answer(line.split()[1]):
                return

    def answer_(self, path: bytes) -> bool:
        body = self.server.site.page if path == b"/" else b""
        self.wfile.write(self.server.site.head(len(body)) + body)
        return True

    def answer_hung(self, path: bytes) -> bool:
        self.server.site.over.wait(HUNG_SECONDS)
        return False

    def answer_hung_in_the_middle(self, path: bytes) -> bool:
        body = self.server.site.page
        self.wfile.write(self.server.site.head(len(body)) + body[: len(body) // 2])
        self.server.site.over.wait(HUNG_SECONDS)
        return False

    def answer_truncating(self, path: bytes) -> bool:
        body = self.server.site.page
        self.wfile.write(self.server.site.head(len(body)) + body[: len(body) // 2])
        return False

    def answer_drip(self, path: bytes) -> bool:
        body = self.server.site.page
        self.wfile.write(self.server.site.head(len(body)))
        for start in range(0, len(body), 64):
            self.wfile.write(body[start : start + 64])
            time.sleep(0.01)
        return True

    def answer_one_endless_header(self, path: bytes) -> bool:
        return self._nonsense(b"HTTP/1.1 200 OK\r\nX-Nonsense: ", b"a" * PIECE)

    def answer_endless_headers(self, path: bytes) -> bool:
        return self._nonsense(b"HTTP/1.1 200 OK\r\n", b"X-Nonsense: aaaaaaaaaaaaaaaaaa\r\n" * (PIECE // 32))

    def answer_noise(self, path: bytes) -> bool:
        return self._nonsense(
            b"", b"<script src=https://script.stranger.example/script.js></script>" * (PIECE // 64)
        )

    def _nonsense(self, begin: bytes, piece: bytes) -> bool:
        site = self.server.site
        self.wfile.write(begin)
        site.sent = 0
        while site.sent < NONSENSE:
            self.wfile.write(piece)
            site.sent += len(piece)
        return False
