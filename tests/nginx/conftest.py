"""Debian's nginx on loopback, started from the documented files with other ports and folders, ended by its id."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NGINX = "/usr/sbin/nginx"
USER = "user root;" if os.geteuid() == 0 else ""
"""Else nginx's workers could not read a folder of the tests."""
MAIN = """daemon off; {user} pid {folder}/nginx.pid; error_log {folder}/main.log;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  types {{ text/html html; text/javascript js; image/svg+xml svg; }}
{text}
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, alive: Callable[[], bool]) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert alive(), "it ended before it listened"
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")


@contextlib.contextmanager
def nginx(folder: Path, text: str, port: int) -> Iterator[None]:
    """nginx with `text` in its http block; it listens on `port`."""
    folder.mkdir(exist_ok=True)
    file = folder / "nginx.conf"
    file.write_text(MAIN.format(folder=folder, text=text, user=USER))
    checked = subprocess.run([NGINX, "-t", "-c", str(file)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen([NGINX, "-c", str(file)], stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, lambda: process.poll() is None)
        yield
    finally:
        process.terminate()
        process.wait(10)


class Site(ThreadingHTTPServer):
    """A site in this process: `answer(handler)` answers each request; `asked` holds their heads."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Callable[[Handler], None]) -> None:
        self.answer = answer
        self.asked: list[dict[str, str]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections that break are part of the tests."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        self.server.asked.append(
            {"path": self.path, "method": self.command, **{k.lower(): v for k, v in self.headers.items()}}
        )
        self.server.answer(self)

    do_POST = do_HEAD = do_PURGE = do_GET  # noqa: N815 - http.server's own naming

    def reply(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is written."""


@contextlib.contextmanager
def site(answer: Callable[[Handler], None]) -> Iterator[Site]:
    server = Site(answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def gate(folder: Path, origin: str, settings: str) -> Iterator[Any]:
    """`cookiegate proxy` in front of `origin`; gives the running command (`.port`, `.process`)."""
    from tests.proxy.test_command import Command, ended

    (folder / "cookiegate.toml").write_text(settings)
    command = Command(folder, "--upstream", origin)
    with ended(command):
        wait_for_port(command.port, lambda: command.process.poll() is None)
        yield command


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("nginx")
