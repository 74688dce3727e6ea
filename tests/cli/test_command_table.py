import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from cookiegate import __version__
from cookiegate.cli import COMMANDS, main
from cookiegate.errors import ConfigError


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def test_the_version_is_said():
    assert run("--version").output == f"cookiegate {__version__}\n"


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_every_command_and_shows_examples(option):
    output = run(option).output
    for name, line in COMMANDS.items():
        assert f"{name} " in output
        assert line in output
    assert "Examples:" in output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(name):
    result = run(name, "--help")
    assert result.exit_code == 0
    assert f"Usage: main {name}" in result.output
    assert "Examples:" in result.output
    assert f"cookiegate {name}" in result.output


def test_help_imports_no_command():
    code = "import sys; from cookiegate.cli import main; main(['--help'], standalone_mode=False); "
    code += "print(sorted({'flask', 'gunicorn', 'jinja2', 'itsdangerous'} & sys.modules.keys()))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.endswith("[]\n")


def test_an_unknown_command_is_a_usage_error():
    result = run("chekc")
    assert result.exit_code == 2
    assert "No such command 'chekc'" in result.output


def test_an_error_of_ours_is_one_line_and_exit_status_2(monkeypatch):
    @click.command()
    def check():
        raise ConfigError("cookie_days", 3, "cookiegate.toml", "write a whole number from 184 to 395")

    monkeypatch.setattr("cookiegate.cli.check.check", check)
    result = run("check")
    assert result.exit_code == 2
    assert (
        result.stderr
        == "cookiegate: cookiegate.toml: cookie_days = 3: write a whole number from 184 to 395\n"
    )
    assert result.stdout == ""


@pytest.mark.parametrize("module", ["cookiegate", "cookiegate.cli"])
def test_python_m_runs_the_same(module):
    command = [sys.executable, "-m", module, "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("cookiegate ")
