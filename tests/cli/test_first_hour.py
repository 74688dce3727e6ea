"""`held`, `allow` and `classify`: from a count to a decision that a running gate takes up."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cookiegate.cli import main
from cookiegate.wsgi import GateMiddleware
from tests.edges.conftest import HELD, PAGE, TRACKER, call, page_app, request

SETTINGS = """# Our shop.
privacy_url = "/privacy"   # linked from the banner

[site]
name = "Shop"  # what visitors call it
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "cookiegate.toml"
    path.write_text(SETTINGS)
    return path


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, arguments)


def test_allow_keeps_the_comments_and_the_order(file: Path) -> None:
    assert run("allow", "tracker.example").exit_code == 0
    assert run("allow", "*.img.example").exit_code == 0
    text = file.read_text()
    for line in SETTINGS.splitlines():
        assert line in text
    assert text.index("allow") < text.index("[site]")
    assert '["tracker.example", "*.img.example"]' in text
    assert "already" in run("allow", "tracker.example").output


def test_classify_adds_a_table(file: Path) -> None:
    assert run("classify", "widgets.example", "preferences").exit_code == 0
    assert run("classify", "widgets.example", "marketing").exit_code == 0
    assert file.read_text() == SETTINGS + '\n[classify]\n"widgets.example" = "marketing"\n'


def test_first_decision_makes_the_file(file: Path) -> None:
    file.unlink()
    assert run("allow", "img.example").exit_code == 0
    assert file.read_text() == 'allow = ["img.example"]\n'


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("allow", "https://img.example/a.png"), "write the host alone"),
        (("allow", "*"), "write a host name"),
        (("classify", "img.example", "necessary"), "necessary"),
    ],
)
def test_decision_that_cannot_be_changes_nothing(file: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = run(*arguments)
    assert ran.exit_code == 2
    assert said in ran.output
    assert file.read_text() == SETTINGS


def test_settings_that_cannot_be_used_are_not_edited(file: Path) -> None:
    file.write_text("unkown = 1\n")
    assert run("allow", "img.example").exit_code == 2
    assert file.read_text() == "unkown = 1\n"
    assert list(file.parent.glob(".cookiegate.toml-*")) == []


def test_tracker_is_allowed_with_a_warning(file: Path) -> None:
    assert "Google" in run("allow", "www.google-analytics.com").output


def answer_of(app: Any) -> bytes:
    return call(app, request()).body


def until(app: Any, wanted: bytes) -> bool:
    """Whether `wanted` comes within five seconds of asking."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if wanted in answer_of(app):
            return True
        time.sleep(0.1)
    return False


def test_running_gate_takes_a_decision_up(file: Path) -> None:
    app = GateMiddleware(page_app())
    assert HELD in answer_of(app)
    run("allow", "tracker.example")
    assert until(app, TRACKER)


def test_settings_broken_by_hand_leave_the_old_ones(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = GateMiddleware(page_app())
    file.write_text(SETTINGS + "nonsense")
    end = time.monotonic() + 5
    while "the ones of before stay" not in caplog.text and time.monotonic() < end:
        assert HELD in answer_of(app)
        time.sleep(0.1)
    assert caplog.text.count("the ones of before stay") == 1
    file.write_text(SETTINGS + 'own = ["tracker.example"]\n')
    assert until(app, TRACKER)


def test_published_question_is_taken_up(file: Path) -> None:
    app = GateMiddleware(page_app())
    before = app.gate.question.hash
    answer_of(app)
    file.write_text('services = ["google-analytics"]\n' + SETTINGS)
    assert run("publish", "--yes").exit_code == 0
    end = time.monotonic() + 5
    while app.gate.question.hash == before and time.monotonic() < end:
        time.sleep(0.1)
    assert app.gate.question.hash != before


def test_held_counts_by_rewriting_and_by_report(file: Path) -> None:
    app = GateMiddleware(page_app(PAGE + b'<img src="https://www.google-analytics.com/p.gif">'))
    for _ in range(3):
        answer_of(app)
    report = {
        "csp-report": {
            "blocked-uri": "https://tracker.example/x?who=me",
            "effective-directive": "connect-src",
        }
    }
    body = json.dumps(report).encode()
    facts = {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/csp-report",
    }
    import io

    assert call(app, request("/_gate/report", **facts, **{"wsgi.input": io.BytesIO(body)})).status.startswith(
        "204"
    )
    app.gate.tally.flush()
    found = {row["name"]: row for row in json.loads(run("held", "--json").output)}
    assert (found["tracker.example"]["rewritten"], found["tracker.example"]["reported"]) == (3, 1)
    assert found["tracker.example"]["category"] == "unclassified"
    assert found["tracker.example"]["kinds"] == {"script": 3, "connect-src": 1}
    assert found["google-analytics"]["category"] == "analytics"
    shown = run("held").output
    assert "cookiegate allow tracker.example" in shown
    assert b"who=me" not in app.gate.tally._path.read_bytes()


def test_nothing_held_says_so(file: Path) -> None:
    assert run("held").output == "Nothing has been held yet.\n"
