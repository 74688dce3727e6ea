"""The command itself: real processes on real ports."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

Start = Callable[..., subprocess.Popen[str]]
PATIENCE = 30.0


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
        return number


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def start_demo(*arguments: str, stdout: int = subprocess.PIPE) -> subprocess.Popen[str]:
        command = [
            sys.executable,
            "-m",
            "cookiegate",
            "demo",
            "--days",
            "0",
            "--state",
            str(tmp_path / "state"),
            *arguments,
        ]
        process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, text=True)
        running.append(process)
        return process

    yield start_demo
    for process in running:
        process.kill()
        process.communicate()


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
            return answer.status == 200
    except (URLError, ConnectionError):
        return False


def wait_until(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_free(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_both_servers_cleanly(start: Start, port: int, number: signal.Signals) -> None:
    demo = start("--port", str(port), "--ungated")
    assert demo.stdout is not None
    assert f"http://localhost:{port}/" in demo.stdout.readline()
    wait_until(lambda: answers(port))
    demo.send_signal(number)
    said, complaints = demo.communicate(timeout=PATIENCE)
    assert (demo.returncode, complaints) == (0, "")
    assert said.endswith("Stopped.\n")
    assert is_free(port)


def test_the_year_is_counted_under_a_bar_and_its_link_opens_the_dashboard(start: Start, port: int) -> None:
    """On a terminal, where the bar is drawn: a day of three is a third of it."""
    mine, its = pty.openpty()
    demo = start("--port", str(port), "--ungated", "--days", "3", stdout=its)
    os.close(its)
    said = ""
    deadline = time.monotonic() + 2 * PATIENCE
    while "/once/" not in said or not said.endswith("\n"):
        assert time.monotonic() < deadline
        if select.select([mine], [], [], 0.2)[0]:
            said += os.read(mine, 4096).decode()
    assert demo.poll() is None
    assert re.findall(r"Counting generated visits +\[[#-]+\] +(\d+)%", said)[-1] == "100"
    assert {"33", "66"} & set(re.findall(r"(\d+)%", said))
    link = re.search(r"opens once by +(http://localhost:\d+/once/\S+)", said)
    assert link is not None
    wait_until(lambda: answers(int(link[1].split(":")[2].split("/")[0])))
    with urlopen(link[1], timeout=PATIENCE) as page:
        assert b"Sign in" in page.read()
    os.close(mine)


def test_without_a_terminal_a_line_says_each_tenth(start: Start, port: int) -> None:
    demo = start("--port", str(port), "--ungated", "--days", "15")
    assert demo.stdout is not None
    said = []
    while not said or "/once/" not in said[-1]:
        said.append(demo.stdout.readline())
        assert said[-1], "the demo ended"
    tenths = [line for line in said if line.startswith("Counting generated visits: ")]
    assert len(tenths) == 10
    assert tenths[0] == "Counting generated visits: 2 of 15 days, 13 %\n"
    assert tenths[-1] == "Counting generated visits: 15 of 15 days, 100 %\n"


def test_killed_command_leaves_no_server_behind(start: Start, port: int) -> None:
    demo = start("--port", str(port), "--ungated")
    wait_until(lambda: answers(port))
    demo.kill()
    wait_until(lambda: is_free(port))


def test_first_run_makes_its_own_secret(start: Start, port: int, tmp_path: Path) -> None:
    demo = start("--port", str(port), "--ungated")
    wait_until(lambda: answers(port))
    assert (tmp_path / "state" / "site-secret").stat().st_mode & 0o777 == 0o600
    assert demo.poll() is None


def test_taken_port_is_one_clear_line(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        demo = start("--port", str(number))
        said, complaints = demo.communicate(timeout=PATIENCE)
    assert (demo.returncode, said) == (2, "")
    assert complaints.startswith(f"cookiegate: Port {number} is taken by another program.")
    assert complaints.count("\n") == 1


def test_folder_that_cannot_be_made_is_one_clear_line(start: Start, tmp_path: Path, port: int) -> None:
    (tmp_path / "file").write_text("")
    demo = start("--port", str(port), "--state", str(tmp_path / "file" / "state"))
    _, complaints = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 2
    assert "--state" in complaints
    assert complaints.count("\n") == 1
