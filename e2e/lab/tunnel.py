"""A proxy for browsers that map no host names: each name leads to the server of the lab that stands for it."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable, Iterator
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

PORTION = 65_536
PATIENCE = 30.0


class _Tunnel(StreamRequestHandler):
    def handle(self) -> None:
        line = self.rfile.readline(1000).decode("latin-1").split()
        while self.rfile.readline(1000).strip():
            pass
        if len(line) != 3 or line[0] != "CONNECT":
            self.wfile.write(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            return
        port: int = self.server.port_of(line[1].rpartition(":")[0])  # type: ignore[attr-defined]
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)) as other:
            self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            _pass_on(self.connection, other)


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    """Bytes both ways, until either side ends or nothing has come for a while."""
    to: dict[Any, socket.socket] = {one: other, other: one}
    while True:
        ready, _, _ = select.select([one, other], [], [], PATIENCE)
        if not ready:
            return
        for side in ready:
            data = side.recv(PORTION)
            if not data:
                return
            to[side].sendall(data)


@contextlib.contextmanager
def running_tunnel(port_of: Callable[[str], int]) -> Iterator[str]:
    """The address of a proxy for https; `port_of` says where on loopback a host is."""
    ThreadingTCPServer.daemon_threads = True
    with ThreadingTCPServer(("127.0.0.1", 0), _Tunnel) as server:
        server.block_on_close = False
        server.port_of = port_of  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
