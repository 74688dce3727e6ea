"""`cookiegate proxy` as its own processes: start, log, reload under load, end; each ended by its own id."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from .conftest import HELD, Asked, RawSite, page

SETTINGS = """# kept
privacy_url = "/privacy"
[controller]
name = "Example Ltd"
contact = "privacy@example.co.uk"
"""


class Command:
    """One running `cookiegate proxy` in `folder`."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = self.free_port()
        self.log = folder / "log"
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "cookiegate",
                    "proxy",
                    "--bind",
                    f"127.0.0.1:{self.port}",
                    "--workers",
                    "2",
                    *options,
                ],
                cwd=folder,
                stdout=out,
                stderr=out,
            )

    @staticmethod
    def free_port() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def wait(self) -> None:
        for _ in range(200):
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            assert self.process.poll() is None, self.log.read_text()
            await asyncio.sleep(0.1)
        raise AssertionError(self.log.read_text())

    async def wait_for_all(self) -> None:
        """Until both workers answer: one that is still starting needs its state folder."""
        await self.wait()
        for _ in range(200):
            if self.log.read_text().count("Application startup complete") >= 2:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def workers(self) -> int:
        return len(re.findall("Booting worker", self.log.read_text()))


@contextlib.asynccontextmanager
async def site(answer: object) -> AsyncIterator[str]:
    raw = RawSite(answer)  # type: ignore[arg-type]
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await raw.end()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "cookiegate.toml").write_text(SETTINGS)
    return tmp_path


async def answer_page(asked: Asked) -> None:
    await asked.send(page())


@contextlib.contextmanager
def ended(command: Command) -> Iterator[Command]:
    try:
        yield command
    finally:
        command.process.terminate()
        try:
            command.process.wait(15)
        except subprocess.TimeoutExpired:
            command.process.kill()
            command.process.wait()


def test_reload_and_end_lose_no_request(folder: Path) -> None:
    """Twelve visitors on kept connections, without a pause, over three reloads and a broken configuration."""

    async def scenario() -> None:
        async with site(answer_page) as origin:
            command = Command(folder, "--upstream", origin, "--access-log", "-")
            with ended(command):
                await command.wait()
                answers, stop = [], time.monotonic() + 12
                async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=12)) as session:

                    async def visitor() -> None:
                        while time.monotonic() < stop:
                            # POST: aiohttp asks a GET again by itself, and would hide a loss.
                            async with session.post(
                                command.url + "/?who=me", headers={"Sec-Fetch-Dest": "document"}
                            ) as answer:
                                answers.append((answer.status, HELD in await answer.read()))

                    async def operator() -> None:
                        for change in range(3):
                            await asyncio.sleep(2.5)
                            if change == 1:
                                (folder / "cookiegate.toml").write_text('services = ["no-such-service"]')
                            if change == 2:
                                (folder / "cookiegate.toml").write_text("nonsense = ")
                            command.process.send_signal(signal.SIGHUP)

                    await asyncio.gather(operator(), *(visitor() for _ in range(12)))
                assert len(answers) > 500
                assert set(answers) == {(200, True)}
                assert command.workers() >= 8
                log = command.log.read_text()
                assert "the ones of before stay" in log
                assert "who=me" not in log
                assert "127.0.0.1:" not in re.sub("Listening at: .*", "", log)

    asyncio.run(scenario())


def test_end_waits_for_the_answer_under_way(folder: Path) -> None:
    begun = asyncio.Event()

    async def slow(asked: Asked) -> None:
        begun.set()
        await asyncio.sleep(1.5)
        await asked.send(page())

    async def scenario() -> None:
        async with site(slow) as origin:
            command = Command(folder, "--upstream", origin)
            with ended(command):
                await command.wait()
                async with aiohttp.ClientSession() as session:
                    asking = asyncio.create_task(
                        session.get(command.url, headers={"Sec-Fetch-Dest": "document"})
                    )
                    await asyncio.wait_for(begun.wait(), 10)
                    command.process.send_signal(signal.SIGTERM)
                    answer = await asking
                    assert (answer.status, HELD in await answer.read()) == (200, True)
                assert await asyncio.to_thread(command.process.wait, 10) == 0

    asyncio.run(scenario())


def test_several_sites_by_their_names(folder: Path) -> None:
    async def named(name: str, asked: Asked) -> None:
        await asked.send(page(name.encode() + b" " + (asked.get("Host") or "").encode()))

    async def scenario() -> None:
        async with (
            site(lambda asked: named("shop", asked)) as shop,
            site(lambda asked: named("blog", asked)) as blog,
        ):
            for name, origin in (("shop", shop), ("blog", blog)):
                text = f'state_dir = "state-{name}"\n{SETTINGS}[site]\npublic_url = "https://{name}.example"\n[proxy]\nupstream = "{origin}"\n'
                (folder / f"{name}.toml").write_text(text)
            command = Command(folder, "--config", "shop.toml", "--config", "blog.toml")
            with ended(command):
                await command.wait()
                async with aiohttp.ClientSession() as session:
                    for host, status, said in (
                        ("shop.example", 200, "shop shop.example"),
                        ("www.blog.example", 200, "blog www.blog.example"),
                        ("else.example", 421, "No site"),
                    ):
                        async with session.get(
                            command.url, headers={"Host": host, "Sec-Fetch-Dest": "empty"}
                        ) as answer:
                            assert (answer.status, said in await answer.text()) == (status, True)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("options", "settings", "said"),
    [
        ([], SETTINGS, "proxy.upstream"),
        (["--upstream", "127.0.0.1:80"], SETTINGS, "https:// (or http://)"),
        (["--upstream", "http://127.0.0.1"], "unkown = 1", "there is no such setting"),
    ],
)
def test_start_that_cannot_be_is_one_line(folder: Path, options: list[str], settings: str, said: str) -> None:
    (folder / "cookiegate.toml").write_text(settings)
    ran = subprocess.run(
        [sys.executable, "-m", "cookiegate", "proxy", *options], cwd=folder, capture_output=True, text=True
    )
    assert ran.returncode == 2
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1
