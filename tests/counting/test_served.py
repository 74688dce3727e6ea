"""A site under gunicorn whose workers are killed, and whose disk is full: what its visitors got is what is counted."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cookiegate.core.sealing import Count
from cookiegate.stores.sqlite import SqliteStore

from ..stores.servers import free_port
from ..test_device import CHROME

EVERY = 1
"""Seconds between two flushes."""
SLACK = 2.0
"""Seconds that a flush may take longer on a machine that is busy."""
KILLS = 8
TOKEN = "a-token-of-the-tests-alone-0123456789"

SITE = """
import os
from cookiegate.wsgi import GateMiddleware

def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html"), ("X-Worker", str(os.getpid()))])
    return [b"<!doctype html><title>A page</title><p>A page."]

app = GateMiddleware(page)
"""


@dataclass
class Served:
    """`answered`: of each worker, when it answered; `lost`: requests that broke off, counted or not."""

    port: int
    process: subprocess.Popen[str]
    folder: Path
    said: list[str] = field(default_factory=list)
    answered: dict[int, list[float]] = field(default_factory=dict)
    lost: int = 0
    longest: float = 0.0

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request(
                "GET", path, headers={"User-Agent": CHROME, "Sec-Fetch-Dest": "document"} | headers
            )
            answer = connection.getresponse()
            answer.text = answer.read().decode()  # type: ignore[attr-defined]
            return answer

    def visit(self) -> None:
        start = time.monotonic()
        try:
            answer = self.get("/")
        except (OSError, http.client.HTTPException):
            self.lost += 1
            return
        assert answer.status == 200
        now = time.monotonic()
        self.longest = max(self.longest, now - start)
        self.answered.setdefault(int(answer.headers["X-Worker"]), []).append(now)

    def visits(self) -> int:
        """How many were answered."""
        return sum(map(len, self.answered.values()))

    def workers(self) -> list[int]:
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def counted(self) -> int:
        store = SqliteStore(self.folder / ".cookiegate" / "counts.sqlite")
        try:
            days = store.open_days("site")
            return sum(store.cells("site", day).get(("page", "/"), Count()).views for day in days)
        finally:
            store.close()


@contextlib.contextmanager
def served(folder: Path, workers: int) -> Iterator[Served]:
    (folder / "shop.py").write_text(SITE)
    (folder / "cookiegate.toml").write_text(f'metrics_token = "{TOKEN}"\n[counts]\nflush_seconds = {EVERY}\n')
    port = free_port()
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "gunicorn",
        "-b",
        f"127.0.0.1:{port}",
        "-w",
        str(workers),
    ]
    command += ["--log-level", "error", "--worker-tmp-dir", "/dev/shm", "shop:app"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    site = Served(port, process, folder)
    listening = threading.Thread(target=lambda: site.said.extend(process.stderr or ()))
    listening.start()
    try:
        end = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError):
                site.get("/_gate/health")
                break
            assert time.monotonic() < end, "it does not listen"
            time.sleep(0.1)
        yield site
    finally:
        for pid in (*site.workers(), process.pid) if process.poll() is None else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        listening.join()
        assert process.stderr is not None
        process.stderr.close()


def test_workers_killed_at_random_lose_an_interval_at_most_and_count_nothing_twice(tmp_path: Path) -> None:
    rng = random.Random(9)
    killed: dict[int, float] = {}
    with served(tmp_path, 2) as site:
        for _ in range(KILLS):
            end, least = time.monotonic() + EVERY + rng.random() * EVERY, site.visits() + 30
            while time.monotonic() < end or site.visits() < least:
                site.visit()
                time.sleep(0.002)
            victim = rng.choice(sorted(site.workers()))
            killed[victim] = time.monotonic()
            os.kill(victim, signal.SIGKILL)
        site.visit()
        site.end()
        whole = site.visits()
        due = sum(
            sum(when < killed.get(worker, when + EVERY + SLACK + 1) - EVERY - SLACK for when in answers)
            for worker, answers in site.answered.items()
        )
        assert whole > 200
        assert due <= site.counted() <= whole + site.lost


def test_a_full_disk_slows_no_page_is_told_and_loses_nothing_once_there_is_room(tmp_path: Path) -> None:
    with served(tmp_path, 1) as site:
        for _ in range(20):
            site.visit()
        (worker,) = site.workers()
        _, most = resource.prlimit(worker, resource.RLIMIT_FSIZE)
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (0, most))  # each write to a file fails from now on
        site.longest = 0.0
        end = time.monotonic() + 3 * EVERY + SLACK
        while time.monotonic() < end:
            site.visit()
            time.sleep(0.01)
        assert site.longest < 0.5
        assert any("Counts wait in memory" in line for line in site.said)
        figures = site.get("/_gate/metrics", Authorization=f"Bearer {TOKEN}").text  # type: ignore[attr-defined]
        assert "cookiegate_counts_flush_errors 0.0" not in figures
        assert "cookiegate_counts_flush_errors" in figures
        assert site.counted() < sum(map(len, site.answered.values()))
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (most, most))
        site.end()
        assert site.lost == 0
        assert site.counted() == sum(map(len, site.answered.values()))
