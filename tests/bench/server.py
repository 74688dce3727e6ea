"""The measured site under gunicorn, in a process of its own that ends with the measurement.

`python -m tests.bench.server FD [STATE]` serves on an inherited listening socket, behind the gate where a
state folder is given. One worker, so that it is what the load waits for; else as our own commands have it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Running:
    """A server that answers at `port` of this machine."""

    port: int
    pid: int

    def processor_seconds(self) -> float:
        """What the server and its worker have used so far; 0.0 where there is no /proc."""
        try:
            children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            return sum(map(_processor_seconds, [self.pid, *map(int, children)]))
        except OSError:
            return 0.0


def _processor_seconds(pid: int) -> float:
    """User and system time of one process (proc(5), fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(state: Path | None) -> Iterator[Running]:
    """A server; it answers from the first connection on, since the socket listens before it starts."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        descriptor = listening.fileno()
        command = [sys.executable, "-m", "tests.bench.server", str(descriptor)]
        if state is not None:
            command.append(str(state))
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=[descriptor])
        try:
            yield Running(listening.getsockname()[1], process.pid)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def main() -> None:
    from cookiegate.server import Server

    from .site import site

    descriptor, *state = sys.argv[1:]
    sys.argv[1:] = []  # gunicorn reads them for itself
    folder = Path(state[0]) if state else None
    Server(
        lambda: site(folder), bind=f"fd://{descriptor}", workers=1, loglevel="error", graceful_timeout=2
    ).run()


if __name__ == "__main__":
    main()
