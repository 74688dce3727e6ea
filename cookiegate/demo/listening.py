"""The loopback sockets of the two servers, bound before anything starts: a taken port is a clear line."""

from __future__ import annotations

import errno
import socket

USUAL_PORT = 8000
TRIES = 20


class PortTakenError(Exception):
    """Another program listens on `port`."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken by another program.")
        self.port = port


def listen(port: int | None) -> list[socket.socket]:
    """Sockets on 127.0.0.1 and, where the machine has it, ::1: browsers try both for `localhost`.

    `port` None is the usual one or the first free one after it. Raises PortTakenError, or OSError for a
    port that may not be used at all.
    """
    if port is not None:
        return _pair(port)
    for candidate in range(USUAL_PORT, USUAL_PORT + TRIES):
        try:
            return _pair(candidate)
        except PortTakenError:
            continue
    return _pair(0)


def port_of(sockets: list[socket.socket]) -> int:
    port: int = sockets[0].getsockname()[1]
    return port


def _pair(port: int) -> list[socket.socket]:
    four = _bound(socket.AF_INET, "127.0.0.1", port)
    if not socket.has_ipv6:
        return [four]
    try:
        return [four, _bound(socket.AF_INET6, "::1", port_of([four]))]
    except PortTakenError:
        four.close()
        raise
    except OSError:
        return [four]


def _bound(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((address, port))
        found.listen(128)
    except OSError as error:
        found.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(port) from None
        raise
    return found
