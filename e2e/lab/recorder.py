"""Every host of the world but the site: a TLS and a plain listener that write down who called.

A connection without a request (a preconnect) is an event too, under the name that its handshake gave.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .answers import Answer, answer
from .certificate import Certificate

Answers = Callable[[str, str, str], Answer]
"""(host, path, the request's `Accept`) -> what a stand-in answers."""


@dataclass(frozen=True)
class Call:
    """One event: a request, or (with `method` "CONNECT") a bare connection."""

    method: str
    host: str
    path: str = ""
    query: str = ""
    referrer: str = ""
    cookies: str = ""
    body: bytes = b""
    at: float = field(default_factory=time.monotonic, compare=False)

    @property
    def fields(self) -> dict[str, str]:
        return {key: values[0] for key, values in parse_qs(self.query, keep_blank_values=True).items()}

    @property
    def vector(self) -> str:
        """The name in the last part of the path: `pixel` of `/pixel.png`."""
        last = self.path.rsplit("/", 1)[-1]
        return last.rpartition(".")[0] or last

    def __str__(self) -> str:
        return f"{self.method} {self.host}{self.path}{'?' + self.query if self.query else ''}"


class Recorder:
    """Two listeners on loopback; `port` speaks TLS, `plain_port` does not."""

    def __init__(self, certificate: Certificate, answers: Answers | None = None) -> None:
        self.answers = answers or (lambda host, path, _accept: answer(host, path))
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        context = certificate.server_context()
        context.sni_callback = self._hello
        self._servers = [_Listener(self, context), _Listener(self, None)]
        self.port, self.plain_port = (server.server_address[1] for server in self._servers)

    @contextlib.contextmanager
    def running(self) -> Iterator[Recorder]:
        threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
            for server in self._servers
        ]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            for server in self._servers:
                server.shutdown()
                server.server_close()

    def add(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()

    @property
    def calls(self) -> list[Call]:
        """Everything so far, bare connections too."""
        with self._lock:
            return list(self._calls)

    @property
    def requests(self) -> list[Call]:
        return [call for call in self.calls if call.method != "CONNECT"]

    @property
    def hosts(self) -> set[str]:
        """The hosts that anything at all reached."""
        return {call.host for call in self.calls}

    @property
    def vectors(self) -> set[str]:
        return {call.vector for call in self.requests}

    def to(self, host: str, path: str | None = None) -> list[Call]:
        return [call for call in self.requests if call.host == host and path in (None, call.path)]

    def settle(self, quiet: float = 0.3, least: float = 0.0, most: float = 5.0) -> None:
        """Wait until nothing has arrived for `quiet` seconds, at least `least` and at most `most`."""
        start = time.monotonic()
        while (now := time.monotonic()) - start < most:
            last = max([start, *(call.at for call in self.calls[-1:])])
            if now - start >= least and now - last >= quiet:
                return
            time.sleep(0.03)

    def wait_for(self, vectors: Iterable[str], timeout: float = 8.0) -> None:
        """Return once every name in `vectors` has called, or at the time-out: the caller asserts."""
        wanted = set(vectors)
        deadline = time.monotonic() + timeout
        while not wanted <= self.vectors and time.monotonic() < deadline:
            time.sleep(0.03)

    def _hello(self, _socket: object, name: str | None, _context: ssl.SSLContext) -> None:
        self.add(Call("CONNECT", name or "?"))


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, recorder: Recorder, context: ssl.SSLContext | None) -> None:
        self.recorder = recorder
        self._context = context
        super().__init__(("127.0.0.1", 0), _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """The handshake belongs to the connection's own thread, not to the accepting one."""
        if self._context is None:
            super().finish_request(request, client_address)
            return
        request.settimeout(20)
        with self._context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser drops connections when a page goes away: nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    server: _Listener
    connection: socket.socket

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        host = self.headers.get("Host", "").split(":")[0]
        length = int(self.headers.get("Content-Length") or 0)
        self.server.recorder.add(
            Call(
                self.command,
                host,
                url.path,
                url.query,
                self.headers.get("Referer", ""),
                self.headers.get("Cookie", ""),
                self.rfile.read(length) if length else b"",
            )
        )
        reply = self.server.recorder.answers(host, url.path, self.headers.get("Accept", ""))
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_POST = do_HEAD = do_PUT = do_GET  # noqa: N815 - http.server's own naming

    def do_OPTIONS(self) -> None:
        self.send_response(204)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "*")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """The recorder's list is the log."""
