"""The leak test in a browser while things go wrong: held pages, or a plain 502 or 504, and nobody is reached."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright

from .browser import launch_arguments
from .lab.certificate import make_certificate
from .lab.faulty_site import FaultySite
from .lab.recorder import Recorder
from .lab.servers import free_port, listens, process
from .site.app import make_app
from .sites.stage import rules
from .test_leaks import nobody

pytestmark = pytest.mark.sites
HOST = "www.faulty.example"
URL = f"http://{HOST}/"
SETTINGS = """privacy_url = "/privacy"
state_dir = "{state}"
[site]
public_url = "http://www.faulty.example"
[controller]
name = "Example Ltd"
contact = "privacy@example.com"
[counts]
enabled = false
[proxy]
upstream = "http://127.0.0.1:{port}"
timeout = 2
"""
HELD, TROUBLE = "Seventeen ways to reach a tracker", "cannot be reached"


@dataclass
class Scene:
    site: FaultySite
    gate: subprocess.Popen[bytes]
    folder: Path
    recorder: Recorder
    browser: Browser

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def workers(self) -> list[int]:
        pid = self.gate.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def new_page(self) -> Page:
        return self.browser.new_context().new_page()


@pytest.fixture
def page_of_17() -> bytes:
    return make_app().test_client().get("/vectors", base_url="https://site.test").data


@pytest.fixture
def scene(tmp_path: Path, playwright: Playwright, browser_path: Path, page_of_17: bytes) -> Iterator[Scene]:
    state = tmp_path / "state"
    state.mkdir()
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(FaultySite(page_of_17).running())
        (tmp_path / "cookiegate.toml").write_text(SETTINGS.format(port=site.port, state=state))
        port = free_port()
        command = [
            sys.executable, "-m", "cookiegate", "proxy", "--workers", "2",
            "--bind", f"127.0.0.1:{port}", "--config", str(tmp_path / "cookiegate.toml"),
        ]  # fmt: skip
        gate = stack.enter_context(process(command, ready=lambda: listens(port), log=tmp_path / "log"))
        recorder = stack.enter_context(Recorder(make_certificate(tmp_path)).running())
        arguments = launch_arguments(browser_path, rules({HOST: port}, recorder))
        browser = stack.enter_context(playwright.chromium.launch(**arguments))
        yield Scene(site, gate, tmp_path, recorder, browser)


def seen(page: Page) -> tuple[int, str]:
    """Status and text of a visit; 0 where the connection broke before there was either."""
    try:
        answer = page.goto(URL, timeout=20_000)
    except Error:
        return 0, ""
    return answer.status if answer else 0, page.content()


def is_held(page: tuple[int, str]) -> bool:
    return page[0] == 200 and HELD in page[1] and "We use cookies" in page[1]


def test_the_page_of_this_suite_leaks_where_nothing_holds_it(
    scene: Scene, playwright: Playwright, browser_path: Path
) -> None:
    """Else none of the tests below would show anything."""
    arguments = launch_arguments(browser_path, rules({HOST: scene.site.port}, scene.recorder))
    with playwright.chromium.launch(**arguments) as browser:
        seen(browser.new_page())
        scene.recorder.wait_for(["script", "img", "fetch"])
    assert {"script", "img", "fetch"} <= scene.recorder.vectors


@pytest.mark.parametrize(
    ("fault", "status"),
    [("hung", 504), ("one endless header", 502), ("endless headers", 502), ("noise", 502)],
)
def test_site_that_answers_nothing_sensible_is_a_plain_page(scene: Scene, fault: str, status: int) -> None:
    scene.site.fault = fault
    began, got = time.monotonic(), seen(scene.new_page())
    assert got[0] == status, got
    assert "stranger.example" not in got[1]
    assert time.monotonic() - began < 15
    nobody(scene.recorder)
    assert scene.site.sent < 50 * 1024 * 1024, "the gate does not read on"
    scene.site.fault = ""
    assert is_held(seen(scene.new_page()))


@pytest.mark.parametrize("fault", ["hung in the middle", "truncating"])
def test_site_that_breaks_off_gives_what_came_held(scene: Scene, fault: str) -> None:
    scene.site.fault = fault
    page = scene.new_page()
    with contextlib.suppress(Error):
        page.goto(URL, timeout=8_000)
    nobody(scene.recorder, least=1.5)
    assert "data-gate" in page.content() or page.url.startswith("chrome-error:")


def test_site_that_drips_arrives_held(scene: Scene) -> None:
    scene.site.fault = "drip"
    assert is_held(seen(scene.new_page()))
    nobody(scene.recorder)


def test_killed_site_is_a_plain_502(scene: Scene) -> None:
    assert is_held(seen(scene.new_page()))
    scene.site.kill()
    got = seen(scene.new_page())
    assert got[0] == 502
    assert "stranger.example" not in got[1]
    nobody(scene.recorder)


def test_workers_killed_under_load_leak_nothing(scene: Scene) -> None:
    over = threading.Event()

    def killer() -> None:
        while not over.wait(0.7):
            with contextlib.suppress(ProcessLookupError, IndexError, FileNotFoundError):
                os.kill(scene.workers()[0], signal.SIGKILL)

    thread = threading.Thread(target=killer)
    thread.start()
    try:
        page, stop, held = scene.new_page(), time.monotonic() + 12, 0
        while time.monotonic() < stop:
            got = seen(page)
            assert got[0] in (0, 502, 504) or is_held(got), got
            held += is_held(got)
    finally:
        over.set()
        thread.join()
    assert held >= 3
    assert scene.log.count("Booting worker") >= 6, "workers were killed"
    nobody(scene.recorder)
    assert scene.gate.poll() is None


def test_full_disk_gives_held_pages_and_no_grant(scene: Scene) -> None:
    """The folder of the state becomes a file, which not even root can write into; the workers are killed too."""
    assert is_held(seen(scene.new_page()))
    state = scene.folder / "state"
    shutil.rmtree(state)
    state.write_text("full")
    for number, worker in enumerate(scene.workers()):
        os.kill(worker, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while scene.log.count("startup complete") < 3 + number and time.monotonic() < deadline:
            time.sleep(0.1)
    page = scene.new_page()
    assert is_held(seen(page))
    page.get_by_role("button", name="Accept all cookies", exact=True).click()
    page.wait_for_timeout(800)
    assert page.context.cookies() == []
    assert is_held(seen(page))
    nobody(scene.recorder)


def test_settings_broken_by_hand_leave_the_old_ones_and_one_line(scene: Scene) -> None:
    assert is_held(seen(scene.new_page()))
    file = scene.folder / "cookiegate.toml"
    before = file.read_text()
    file.write_text('allow = ["*.stranger.example"\n' + before)
    stop = time.monotonic() + 4
    while time.monotonic() < stop:
        assert is_held(seen(scene.new_page()))
    assert 1 <= scene.log.count("The settings cannot be used") <= 2, "once for each worker"
    file.write_text(before)
    assert is_held(seen(scene.new_page()))
    nobody(scene.recorder)
