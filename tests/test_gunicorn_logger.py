"""A real gunicorn on loopback: whatever arrives, no line of either log names the peer in full."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PEER = "127.0.0.77"
"""Any address of 127/8 is ours to send from; this one stands nowhere else in a log."""

CLIENT = "203.0.113.77"
CLIENT6 = "2001:db8:1:2::77"
FORMAT = (
    '%(h)s "%(r)s" %(q)s "%(f)s" "%(a)s" [%({x-forwarded-for}i)s|%({x-own}i)s|%({cookie}i)s|%({user-agent}i)s'
    "|%({remote_addr}e)s|%({remote_port}e)s|%({raw_uri}e)s|%({http_forwarded}e)s|%({set-cookie}o)s"
    "|%({gunicorn.socket}e)s] %(s)s"
)
APP = """
def app(environ, start_response):
    if environ["PATH_INFO"] == "/fails":
        raise RuntimeError("no luck with " + environ["REMOTE_ADDR"])
    start_response("200 OK", [("Content-Length", "2"), ("Set-Cookie", "visitor=abc123")])
    return [b"ok"]
"""


class Server:
    def __init__(self, folder: Path) -> None:
        (folder / "site_app.py").write_text(APP)
        self.access, self.error = folder / "access.log", folder / "error.log"
        command = [sys.executable, "-m", "gunicorn", "-b", "127.0.0.1:0", "--chdir", str(folder)]
        command += ["--logger-class", "cookiegate.gunicorn_logger.GateLogger", "--log-level", "debug"]
        command += ["--access-logfile", str(self.access), "--access-logformat", FORMAT]
        command += ["--error-logfile", str(self.error), "--no-control-socket", "site_app:app"]
        self.process = subprocess.Popen(command)
        self.port = self._port()

    def _port(self) -> int:
        for _ in range(200):
            found = self.error.exists() and re.search(
                r"Listening at: http://127\.0\.0\.1:(\d+)", self.error.read_text()
            )
            if found:
                return int(found[1])
            time.sleep(0.05)
        raise AssertionError("gunicorn did not start")

    def send(self, request: bytes) -> bytes:
        with socket.create_connection(
            ("127.0.0.1", self.port), timeout=10, source_address=(PEER, 0)
        ) as connection:
            connection.sendall(request)
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        return answer

    def logs(self) -> str:
        return self.access.read_text() + self.error.read_text()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("gunicorn"))
    yield running
    running.stop()


def _wait_for(server: Server, text: str) -> str:
    for _ in range(100):
        if text in server.logs():
            return server.logs()
        time.sleep(0.02)
    raise AssertionError(f"{text!r} is not in the logs:\n{server.logs()}")


def test_access_log_shows_truncated_addresses_and_no_identifiers(server: Server) -> None:
    answer = server.send(
        b"GET /page?a=1&gclid=click77 HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n"
        + f"X-Forwarded-For: {CLIENT}, {CLIENT6}\r\nX-Own: seen {CLIENT}\r\n".encode()
        + f'Forwarded: for="[{CLIENT6}]:80"\r\nX-Peer: {PEER}\r\nCookie: _ga=GA1.2.3\r\n'.encode()
        + b"Referer: https://ads.test/?fbclid=click78\r\n"
        + b"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.6478.127 Safari/537.36"
        + b"\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 200")
    line = _wait_for(server, "/page?a=1")
    assert "127.0.0.0 " in line
    assert "[203.0.113.0, 2001:db8:1::|seen 203.0.113.0|-|Mozilla/5.0 (Desktop)" in line
    for secret in (PEER, CLIENT, CLIENT6, "click77", "click78", "GA1.2.3", "6478", "abc123"):
        assert secret not in server.logs()


@pytest.mark.parametrize(
    ("request_bytes", "logged"),
    [
        (b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n", "Invalid request from ip=127.0.0.0"),
        (f"{CLIENT} is no request\r\n\r\n".encode(), "203.0.113.0"),
        (f"GET / HTTP/1.1\r\nX {CLIENT6}: 1\r\n\r\n".encode(), "2001:db8:1::"),
    ],
    ids=["oversized header", "malformed request line", "malformed header"],
)
def test_error_log_of_refused_requests_shows_truncated_addresses(
    server: Server, request_bytes: bytes, logged: str
) -> None:
    assert b"HTTP/1.1 4" in server.send(request_bytes)
    _wait_for(server, logged)
    for full in (PEER, CLIENT, CLIENT6):
        assert full not in server.logs()


def test_traceback_that_quotes_the_address_is_cut(server: Server) -> None:
    server.send(b"GET /fails?gclid=click79 HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n")
    logs = _wait_for(server, "no luck with 127.0.0.0")
    assert PEER not in logs
    assert "click79" not in logs
