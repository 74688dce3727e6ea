"""`cookiegate explain`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cookiegate.cli.explain import explain


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ask(thing: str) -> dict[str, object]:
    result = CliRunner().invoke(explain, [thing, "--json"])
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


def test_tracker_names_its_service_owner_and_rule() -> None:
    answer = ask("https://www.google-analytics.com/g/collect")
    assert answer["verdict"] == "hold"
    assert answer["service"] == "google-analytics"
    assert answer["owner"] == "Google"
    assert answer["rule"] == "*.google-analytics.com"
    assert "services.json" in str(answer["stands_in"])


def test_unknown_host_gets_the_lines_to_write() -> None:
    answer = ask("cdn.nobody.example/app.js")
    assert answer["category"] == "unclassified"
    assert 'allow = ["cdn.nobody.example"]' in str(answer["settings"])
    assert "classify" in str(answer["settings"])


def test_lines_to_write_are_valid_settings(empty_folder: Path) -> None:
    answer = ask("cdn.nobody.example/app.js")
    lines = answer["settings"]
    assert isinstance(lines, list)
    (empty_folder / "cookiegate.toml").write_text("\n".join(lines))
    assert ask("cdn.nobody.example/app.js")["verdict"] == "allow"


def test_operators_file_changes_the_answer(empty_folder: Path) -> None:
    (empty_folder / "cookiegate.toml").write_text(
        '[[cookie]]\nname = "shop_*"\npurpose = "keeps the basket"\n'
    )
    answer = ask("shop_1")
    assert (answer["verdict"], answer["rule"]) == ("allow", "shop_*")
    assert "cookiegate.toml" in str(answer["stands_in"])


def test_necessary_service_says_how_to_enable_it() -> None:
    assert 'services = ["stripe"]' in str(ask("https://js.stripe.com/v3/")["settings"])


@pytest.mark.parametrize(
    ("thing", "kind"), [("_ga", "cookie"), ("/matomo.php?x=1", "path"), ("//t.example/x", "url")]
)
def test_kind_is_seen(thing: str, kind: str) -> None:
    answer = ask(thing)
    assert (answer["kind"], answer["verdict"]) == (kind, "hold")


@pytest.mark.parametrize("thing", ["", " ", ".", "://", "https://", "a b", "\x00", "/", "//"])
def test_odd_input_gets_an_answer(thing: str) -> None:
    assert ask(thing)["asked"] == thing


def test_bad_settings_are_refused(empty_folder: Path) -> None:
    (empty_folder / "cookiegate.toml").write_text("allows = []\n")
    result = CliRunner().invoke(explain, ["_ga"])
    assert result.exception is not None


def test_plain_answer_is_one_block() -> None:
    result = CliRunner().invoke(explain, ["_ga"])
    assert result.output.startswith("_ga: held before a choice\n  category     analytics\n")
