"""The measured site under gunicorn, in a process of its own that ends with the measurement.

`python -m tests.bench.server FD [STATE]` serves on an inherited listening socket, behind the gate where a
state folder is given. One worker, so that it is what the load waits for; all else as `cookiegate serve` has it.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(state: Path | None) -> Iterator[int]:
    """A server's port; it answers from the first connection on, since the socket listens before it starts."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        descriptor = listening.fileno()
        command = [sys.executable, "-m", "tests.bench.server", str(descriptor)]
        if state is not None:
            command.append(str(state))
        process = subprocess.Popen(command, cwd=ROOT, pass_fds=[descriptor])  # noqa: S603 - our own module
        try:
            yield listening.getsockname()[1]
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
