"""`cookiegate account` changes what somebody may see without making them anew."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cookiegate.cli import main


@pytest.fixture
def account(tmp_path):
    config = tmp_path / "cookiegate.toml"
    config.write_text(f'state_dir = "{tmp_path / "state"}"\n', "utf-8")

    def run(command, *arguments):
        return CliRunner().invoke(main, ["account", command, "--config", str(config), *arguments])

    assert run("add", "anna", "--no-password").exit_code == 0
    return run


def test_a_role_is_changed_and_the_sites_stay(account):
    account("change", "anna", "--site", "www.site.test")
    assert account("change", "anna", "--role", "editor").output == "anna is editor of www.site.test.\n"
    assert account("list").output == "anna  editor  www.site.test\n"
    assert account("change", "anna", "--all-sites").output == "anna is editor of all sites.\n"
    assert "account changed: editor, all sites" in account("audit", "--lines", "1").output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("zoe", "--role", "admin"), "there is no account 'zoe'"),
        (("anna",), "nothing to change: add --role, --site or --all-sites"),
        (("anna", "--site", "a.test", "--all-sites"), "exclude each other"),
    ],
)
def test_a_change_that_cannot_be_is_refused(account, arguments, sentence):
    found = account("change", *arguments)
    assert found.exit_code != 0
    assert sentence in found.output


def test_a_name_that_is_taken_says_how_to_change_it(account):
    assert "cookiegate account change anna" in account("add", "anna", "--no-password").output
