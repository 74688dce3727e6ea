"""Workers killed and state lost under load: whatever arrives is held, and the site goes on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import aiohttp
import pytest

from .conftest import HELD, TRACKER, Asked, page
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


def test_workers_do_not_outlive_their_master(tmp_path: Path) -> None:
    """The master is killed outright: its workers finish what they answer, end, and let go of the port."""
    (tmp_path / "cookiegate.toml").write_text(SETTINGS)
    begun = asyncio.Event()

    async def slow(asked: Asked) -> None:
        begun.set()
        await asyncio.sleep(2.5)
        await asked.send(page())

    async def scenario() -> None:
        async with site(slow) as origin, aiohttp.ClientSession() as session:
            command = Command(tmp_path, "--upstream", origin)
            with ended(command):
                await command.wait_for_all()
                left = workers(command.process.pid)
                answer = asyncio.create_task(session.get(command.url, headers={"Sec-Fetch-Dest": "document"}))
                await begun.wait()
                command.process.kill()
                assert HELD in await (await answer).read()
                async with asyncio.timeout(15):
                    while any(Path(f"/proc/{worker}").exists() for worker in left):
                        await asyncio.sleep(0.1)
                socket.create_server(("127.0.0.1", command.port)).close()

    asyncio.run(scenario())


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


def test_worker_that_begins_without_its_state_serves_held_pages_and_recovers(tmp_path: Path) -> None:
    """All workers are killed while the state folder is a file; what takes their place must not end the proxy."""
    (tmp_path / "cookiegate.toml").write_text(SETTINGS)
    state = tmp_path / ".cookiegate"

    async def scenario() -> None:
        async with site(answer_page) as origin:
            command = Command(tmp_path, "--upstream", origin)
            with ended(command):
                await command.wait_for_all()
                shutil.rmtree(state)
                state.write_text("full")
                begun = await killed_one_by_one(command)
                bodies: list[bytes] = []
                await visit_until(command.url, time.monotonic() + 2, bodies)
                assert len(bodies) > 20
                assert all(HELD in body and TRACKER not in body for body in bodies)
                await asyncio.sleep(6)  # one retry at least
                assert command.log.read_text().count("The settings cannot be used") == begun
                async with aiohttp.ClientSession() as session:
                    assert await _status(session, command.url + "/_gate/ready") == 503
                    state.unlink()
                    await until_ready(session, command.url)
                assert command.process.poll() is None

    asyncio.run(scenario())


def test_worker_begins_on_a_disk_without_a_free_byte(tmp_path: Path) -> None:
    """A real ENOSPC, where the tests may mount: an existing state is read, nothing can be written."""
    state = tmp_path / "disk"
    state.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "none", str(state)], capture_output=True
    ).returncode:
        pytest.skip("needs the right to mount")
    (tmp_path / "cookiegate.toml").write_text(f'state_dir = "{state}"\n{SETTINGS}')

    async def scenario() -> None:
        async with site(answer_page) as origin:
            command = Command(tmp_path, "--upstream", origin)
            with ended(command):
                await command.wait_for_all()
                filler = state / "filler"
                with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
                    while True:
                        file.write(b"x" * 4096)
                await killed_one_by_one(command)
                bodies: list[bytes] = []
                await visit_until(command.url, time.monotonic() + 2, bodies)
                assert len(bodies) > 20
                assert all(HELD in body and TRACKER not in body for body in bodies)
                async with aiohttp.ClientSession() as session:
                    assert await _status(session, command.url + "/_gate/ready") == 503
                    filler.unlink()
                    await until_ready(session, command.url)

    try:
        asyncio.run(scenario())
    finally:
        subprocess.run(["umount", str(state)], check=True)


async def killed_one_by_one(command: Command) -> int:
    """Kill each worker of the start, the next when one is there in its place; how many."""
    first = workers(command.process.pid)
    for count, worker in enumerate(first, start=1):
        os.kill(worker, signal.SIGKILL)
        async with asyncio.timeout(30):
            while command.log.read_text().count("Application startup complete") < len(first) + count:
                await asyncio.sleep(0.1)
    return len(first)


async def until_ready(session: aiohttp.ClientSession, url: str) -> None:
    """Twenty answers of two workers in a row."""
    async with asyncio.timeout(30):
        fine = 0
        while fine < 20:
            fine = fine + 1 if await _status(session, url + "/_gate/ready") == 200 else 0
            await asyncio.sleep(0.05)


async def _status(session: aiohttp.ClientSession, url: str) -> int:
    async with session.get(url) as answer:
        return answer.status


async def _question(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url + "/_gate/health") as answer:
        return str((await answer.json())["question"])
