"""A running gate follows the published question and its settings, and keeps the last good ones."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from cookiegate import live_gate
from cookiegate.catalogue_files import load_catalogue
from cookiegate.config import publish, question_from
from cookiegate.live_gate import LiveGate
from cookiegate.opening import read_config

SETTINGS = '[site]\npublic_url = "https://shop.site.test"\n'
FIRST, SECOND = 'services = ["hotjar"]\n', 'services = ["hotjar", "meta-pixel"]\n'


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(live_gate, "SECONDS", 0.0)
    path = tmp_path / "cookiegate.toml"
    path.write_text(FIRST + SETTINGS)
    return path


@pytest.fixture
def running(file: Path) -> Iterator[LiveGate]:
    gate = LiveGate(partial(read_config, file))
    yield gate
    gate.current()[0].ledger.close()


def asked(running: LiveGate) -> set[str]:
    return set(running.current()[0].question.service_ids)


def comes(true: Callable[[], bool], within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def publish_settings(file: Path) -> None:
    config = read_config(file)
    publish(config, question_from(config, load_catalogue()))


def test_what_is_published_is_asked_without_a_restart(file: Path, running: LiveGate) -> None:
    assert asked(running) == {"hotjar"}
    file.write_text(SECOND + SETTINGS)
    assert comes(lambda: running.current()[0].config.services == ("hotjar", "meta-pixel"))
    assert asked(running) == {"hotjar"}
    publish_settings(file)
    assert comes(lambda: asked(running) == {"hotjar", "meta-pixel"})


def test_a_damaged_question_changes_nothing_and_a_good_one_is_taken_up_again(
    file: Path, running: LiveGate, caplog: pytest.LogCaptureFixture
) -> None:
    before = running.current()
    path = before[0].config.question_path
    for garbage in (b"", b"{", b"\xff" * 100, b"[]", b'{"categories": ["marketing"]}'):
        caplog.clear()
        path.write_bytes(garbage)
        assert comes(lambda: running.current() is before and "stay" in caplog.text), garbage
    assert "is damaged" in caplog.text
    file.write_text(SECOND + SETTINGS)
    publish_settings(file)
    assert comes(lambda: asked(running) == {"hotjar", "meta-pixel"})


def test_settings_that_cannot_be_used_leave_the_ones_of_before(
    file: Path, running: LiveGate, caplog: pytest.LogCaptureFixture
) -> None:
    before = running.current()
    file.write_text("alow = []\n")
    assert comes(lambda: running.current() is before and "allow" in caplog.text)


def test_an_unchanged_site_is_opened_once(running: LiveGate, caplog: pytest.LogCaptureFixture) -> None:
    first = running.current()
    time.sleep(0.3)
    assert running.current() is first
    assert not caplog.text


def test_what_is_published_while_the_gate_opens_is_not_missed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LiveGate(partial(read_config, file)).current()[0].ledger.close()
    opened = live_gate.open_gate

    def slow(*args: object, **named: object) -> object:
        pair = opened(*args, **named)  # type: ignore[arg-type]
        monkeypatch.setattr(live_gate, "open_gate", opened)
        file.write_text(SECOND + SETTINGS)
        publish_settings(file)
        return pair

    monkeypatch.setattr(live_gate, "open_gate", slow)
    gate = LiveGate(partial(read_config, file))
    assert comes(lambda: asked(gate) == {"hotjar", "meta-pixel"})
    gate.current()[0].ledger.close()


def test_a_gate_of_before_answers_until_the_state_can_be_kept(
    file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_gate, "RETRY", 0.1)
    config = read_config(file)
    before = live_gate.open_gate(config)
    shutil.rmtree(config.state_dir)
    config.state_dir.write_text("full")
    gate = LiveGate(partial(read_config, file), before)
    assert gate.current() is before
    time.sleep(0.5)
    assert gate.current() is before
    assert caplog.text.count("stay") == 1
    config.state_dir.unlink()
    assert comes(lambda: gate.current() is not before)
    gate.current()[0].ledger.close()
