"""Workers killed and state lost under load: whatever arrives is held, and the site goes on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import time
from pathlib import Path

import aiohttp

from .conftest import HELD, TRACKER
from .test_command import SETTINGS, Command, answer_page, ended, site


async def visit_until(url: str, stop: float, bodies: list[bytes]) -> None:
    """One visitor, again and again; a broken connection is no answer."""
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < stop:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(url, headers={"Sec-Fetch-Dest": "document"}) as answer:
                    bodies.append(await answer.read())


def workers(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_killed_workers_leak_nothing_and_are_replaced(tmp_path: Path) -> None:
    (tmp_path / "cookiegate.toml").write_text(SETTINGS)
    bodies: list[bytes] = []

    async def scenario() -> None:
        async with site(answer_page) as origin:
            command = Command(tmp_path, "--upstream", origin)
            with ended(command):
                await command.wait_for_all()

                async def killer() -> None:
                    for _ in range(3):
                        await asyncio.sleep(1.5)
                        os.kill(workers(command.process.pid)[0], signal.SIGKILL)

                stop = time.monotonic() + 7
                await asyncio.gather(killer(), *(visit_until(command.url, stop, bodies) for _ in range(6)))
                late: list[bytes] = []
                await visit_until(command.url, time.monotonic() + 1, late)
                assert late

    asyncio.run(scenario())
    assert len(bodies) > 100
    assert all(HELD in body and TRACKER not in body for body in bodies)


def test_state_that_can_no_longer_be_written_gives_no_grant_and_every_page(tmp_path: Path) -> None:
    """As on a full disk: the folder of the records is replaced by a file, which not even root can write into."""
    (tmp_path / "cookiegate.toml").write_text(SETTINGS)

    async def scenario() -> None:
        async with site(answer_page) as origin:
            command = Command(tmp_path, "--upstream", origin)
            with ended(command):
                await command.wait_for_all()
                async with aiohttp.ClientSession() as session:
                    assert await _status(session, command.url + "/_gate/ready") == 200
                    shutil.rmtree(tmp_path / ".cookiegate")
                    (tmp_path / ".cookiegate").write_text("full")
                    bodies: list[bytes] = []
                    await visit_until(command.url, time.monotonic() + 4, bodies)
                    assert bodies
                    assert all(HELD in body and TRACKER not in body for body in bodies)
                    assert await _status(session, command.url + "/_gate/ready") == 503
                    accept = {"choice": "accept", "question": await _question(session, command.url)}
                    origin_header = {"Origin": command.url}
                    async with session.post(
                        command.url + "/_gate/consent",
                        data=accept,
                        headers=origin_header,
                        allow_redirects=False,
                    ) as answer:
                        assert answer.status == 503
                        assert "Set-Cookie" not in answer.headers

    asyncio.run(scenario())


async def _status(session: aiohttp.ClientSession, url: str) -> int:
    async with session.get(url) as answer:
        return answer.status


async def _question(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url + "/_gate/health") as answer:
        return str((await answer.json())["question"])
