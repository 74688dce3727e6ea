"""What the documented image asks of the command in it: a health check that tells, and a signal that ends it."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

from .test_command import SETTINGS, Command, answer_page, ended, site

IMAGE = (Path(__file__).parents[2] / "docs" / "deploy" / "Containerfile").read_text()


def health_check(port: int) -> int:
    """The image's own command, at another port than the image's."""
    asked = re.search(r"^HEALTHCHECK CMD (.*)$", IMAGE, re.MULTILINE)
    assert asked is not None
    python, *words = json.loads(asked[1].replace(":8000", f":{port}"))
    assert python == "python"
    return subprocess.run([sys.executable, *words], stderr=subprocess.DEVNULL, timeout=20).returncode


def test_image_is_healthy_until_it_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "cookiegate.toml").write_text(SETTINGS)
    stop = re.search(r"^STOPSIGNAL (\w+)$", IMAGE, re.MULTILINE)
    assert stop is not None

    async def scenario() -> None:
        async with site(answer_page) as origin:
            command = Command(tmp_path, "--upstream", origin)
            with ended(command):
                await command.wait_for_all()
                assert await asyncio.to_thread(health_check, command.port) == 0
                command.process.send_signal(signal.Signals[stop[1]])
                assert await asyncio.to_thread(command.process.wait, 15) == 0
                assert await asyncio.to_thread(health_check, command.port) != 0

    asyncio.run(scenario())
    assert '"cookiegate", "proxy"' in IMAGE, "the image runs the command that is started here"
