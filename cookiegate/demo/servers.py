"""Starts the servers, waits, and ends both."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from types import TracebackType

from .settings import DemoSettings

PATIENCE = 5.0
"""Seconds that a server has to end by itself."""
LOOK = 0.2


class Servers:
    """A context: all servers run inside it and neither outlives it."""

    def __init__(
        self,
        settings: DemoSettings,
        *,
        site: list[socket.socket],
        network: list[socket.socket],
        certificate: Sequence[str] = (),
    ) -> None:
        self._settings = settings
        self._sockets = {"site": site, "network": network}
        self._certificate = certificate
        self._running: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> Servers:
        for kind in ("network", "site"):
            self._running[kind] = self._start(kind)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in self._running.values():
            _wait_or_kill(process, deadline - time.monotonic())

    def add(self, kind: str, sockets: list[socket.socket]) -> None:
        """Start one more server, of a kind that `process` knows."""
        self._sockets[kind] = sockets
        self._running[kind] = self._start(kind)

    def wait(self) -> str:
        """Block until one of the servers ends by itself; its name."""
        while True:
            for kind, process in self._running.items():
                if process.poll() is not None:
                    return kind
            time.sleep(LOOK)

    def _start(self, kind: str) -> subprocess.Popen[str]:
        descriptors = [listener.fileno() for listener in self._sockets[kind]]
        process = subprocess.Popen(  # noqa: S603 - our own module and numbers
            [
                sys.executable,
                "-m",
                "cookiegate.demo.process",
                kind,
                ",".join(map(str, descriptors)),
                *self._certificate,
            ],
            stdin=subprocess.PIPE,
            pass_fds=descriptors,
            start_new_session=True,  # Ctrl-C reaches the command alone, which then ends its servers in order
            text=True,
        )
        for listener in self._sockets[kind]:
            listener.close()
        assert process.stdin is not None
        process.stdin.write(self._settings.to_json() + "\n")
        process.stdin.flush()
        return process


def _wait_or_kill(process: subprocess.Popen[str], seconds: float) -> None:
    try:
        process.wait(max(seconds, 0.1))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()
