"""Real servers for the stores, each a process of the tests' own on a free loopback port, ended by its pid."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").exists() else []
NOBODY = "postgres"
"""PostgreSQL refuses to run as root; its package makes this user."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Postgres:
    """One server with an empty database at `address`; `kill` and `start` play a crash."""

    def __init__(self, folder: Path) -> None:
        assert BINARIES, "PostgreSQL is missing: apt-get install postgresql"
        self.folder = folder
        self.port = free_port()
        self.address = f"postgresql://counts@127.0.0.1:{self.port}/postgres"
        self._user = NOBODY if os.geteuid() == 0 else None
        if self._user:
            found = pwd.getpwnam(self._user)
            os.chown(folder, found.pw_uid, found.pw_gid)
        self._run(
            "initdb", "-D", str(folder / "data"), "-U", "counts", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        self.start()

    def _run(self, name: str, *arguments: str) -> None:
        command = [str(BINARIES[-1] / name), *arguments]
        subprocess.run(command, check=True, capture_output=True, user=self._user, cwd="/", timeout=60)

    def start(self) -> None:
        options = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"]
        command = [
            str(BINARIES[-1] / "postgres"),
            "-D",
            str(self.folder / "data"),
            "-p",
            str(self.port),
            *options,
        ]
        self.process = subprocess.Popen(
            command, user=self._user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        ready = [str(BINARIES[-1] / "pg_isready"), "-h", "127.0.0.1", "-p", str(self.port)]
        end = time.monotonic() + 30
        while subprocess.run(ready, capture_output=True).returncode != 0:
            assert self.process.poll() is None, "PostgreSQL ended"
            assert time.monotonic() < end, "PostgreSQL did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """Without a chance to write anything down."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
        shutil.rmtree(self.folder / "data", ignore_errors=True)


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    server = Postgres(folder)
    try:
        yield server
    finally:
        server.stop()
