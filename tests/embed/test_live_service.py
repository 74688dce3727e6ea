"""A running service takes up what is published, and what its settings say, without a restart."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from cookiegate.cli import main
from cookiegate.config import load_toml
from cookiegate.embed_service import open_service

from .conftest import SECRET

SITE = "www.cats.example"
SETTINGS = """secret_keys = ["{secret}"]
state_dir = "{folder}"
[site]
public_url = "https://gate.cats.example"
[embed."{site}"]
services = [{services}]
controller = {{ name = "Cats Ltd" }}
"""


def question(client: Client) -> str:
    found = re.search(r'question:"([0-9a-f]{12})"', client.get(f"/_gate/embed/{SITE}.js").text)
    assert found
    return found[1]


def until(happens: Callable[[], bool]) -> bool:
    """Within five seconds; files are looked at once a second."""
    for _ in range(50):
        if happens():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    file = tmp_path / "cookiegate.toml"

    def written(*services: str) -> Path:
        named = ", ".join(f'"{service}"' for service in services)
        file.write_text(SETTINGS.format(secret=SECRET, folder=tmp_path, site=SITE, services=named))
        return file

    return written


def publish(file: Path) -> None:
    done = CliRunner().invoke(main, ["publish", "--embed", SITE, "--yes", "--config", str(file)])
    assert done.exit_code == 0, done.output
    assert "Paste pinned and inline tags anew" in done.output


def test_published_question_is_asked_by_the_running_service(write: Callable[..., Path]) -> None:
    client = Client(open_service(load_toml(write("hotjar"))))
    before = question(client)
    publish(write("hotjar", "youtube"))
    assert until(lambda: question(client) != before)
    assert "youtube:[" in client.get(f"/_gate/embed/{SITE}.js").text
    asked = question(client)
    answer = client.post(
        f"/_gate/embed/{SITE}/consent",
        data={"choice": "accept", "question": asked},
        headers={"Origin": f"https://{SITE}"},
    )
    assert answer.status_code == 200, "a tag that is printed now can accept"
    assert f"~q{asked}" in answer.json["token"] if answer.json else False


def test_settings_that_cannot_be_used_leave_the_service_as_it_was(write: Callable[..., Path]) -> None:
    file = write("hotjar")
    client = Client(open_service(load_toml(file)))
    before = question(client)
    time.sleep(1.1)
    file.write_text("no settings at all =")
    os.utime(file, (1, 1))
    question(client)
    time.sleep(0.5)
    assert question(client) == before
    publish(write("hotjar", "youtube"))
    assert until(lambda: question(client) != before)
