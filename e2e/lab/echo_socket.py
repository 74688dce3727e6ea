"""A WebSocket echo server (RFC 6455, text frames under 126 bytes), for a site's own sockets."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import socketserver
import ssl
import threading
from collections.abc import Iterator
from typing import Any

from .certificate import Certificate

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class EchoServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, certificate: Certificate) -> None:
        self._context = certificate.server_context()
        super().__init__(("127.0.0.1", 0), _Echo)
        self.port = self.server_address[1]

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(20)
        with self._context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no error here."""

    @contextlib.contextmanager
    def running(self) -> Iterator[EchoServer]:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()


class _Echo(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        key = self._handshake_key()
        accept = base64.b64encode(hashlib.sha1(key + MAGIC, usedforsecurity=False).digest())
        self.wfile.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        with contextlib.suppress(OSError, ssl.SSLError):
            while (head := self.rfile.read(2)) and head[0] & 15 == 1:
                mask = self.rfile.read(4)
                data = self.rfile.read(head[1] & 127)
                text = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
                self.wfile.write(bytes((0x81, len(text))) + text)

    def _handshake_key(self) -> bytes:
        key = b""
        while line := self.rfile.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"sec-websocket-key":
                key = value.strip()
        return key
