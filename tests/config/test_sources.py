from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from cookiegate.config import Config, from_flask, load_toml
from cookiegate.config.table import rules_of
from cookiegate.errors import ConfigError

FULL = """
services = ["google-analytics", "vimeo"]
privacy_url = "/privacy"
cookie_days = 200
allow = ["*.cdn.example"]
trusted_proxies = ["127.0.0.1"]

[site]
name = "Cats"
public_url = "https://cats.example"

[controller]
name = "Cats Ltd"

[service.own-chat]
hosts = ["chat.example"]
category = "marketing"

[[cookie]]
name = "cart"
lifetime = "session"

[[full_address]]
path = "/login"
reason = "throttling"

[classify]
"img.example" = "preferences"

[theme]
accent = "#0a5"
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        file = tmp_path / "cookiegate.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


def refused(file):
    with pytest.raises(ConfigError) as caught:
        load_toml(file)
    assert "\n" not in str(caught.value)
    assert str(file) in str(caught.value)
    return caught.value


def test_an_empty_file_is_all_defaults(write):
    file = write("")
    config = load_toml(file)
    assert config.cookie_days == 184
    assert config.state_dir == file.parent / ".cookiegate"
    assert config.secret_path == file.parent / ".cookiegate" / "secret"


def test_a_full_file_is_read(write):
    config = load_toml(write(FULL))
    assert config.site.host == "cats.example"
    assert config.service["own-chat"].hosts == ("chat.example",)
    assert config.cookie[0].name == "cart"
    assert config.full_address[0].reason == "throttling"
    assert str(config.trusted_proxies[0]) == "127.0.0.1/32"
    assert config.enabled_services == ("google-analytics", "own-chat", "vimeo")


def test_a_configuration_cannot_change(write):
    config = load_toml(write(FULL))
    with pytest.raises(FrozenInstanceError):
        config.cookie_days = 1
    with pytest.raises(TypeError):
        config.theme["accent"] = "red"


@pytest.mark.parametrize(
    ("text", "key", "remedy"),
    [
        ("cookie_dayz = 200", "cookie_dayz", 'did you mean "cookie_days"?'),
        ("[site]\nnmae = 'x'", "site.nmae", 'did you mean "name"?'),
        ("[sites]\nname = 'x'", "sites", 'did you mean "site"?'),
        ("cookie_days = '200'", "cookie_days", "whole number"),
        ("cookie_days = 30", "cookie_days", "from 184 to 395"),
        ("site = 'x'", "site", "write a table"),
        ("[service.x]\nhosts = ['https://x']", "service.x.hosts[0]", "without scheme"),
        ("[service.x]\ncategory = 'anlytics'", "service.x.category", 'did you mean "analytics"?'),
        ("[service.x]\ncategory = 'legitimate_interest'", "service.x.category", "no basis for tracking"),
        ("[service.x]\nlegal_basis = 'legitimate interest'", "service.x.legal_basis", "no such setting"),
        ("legitimate_interest = true", "legitimate_interest", "no basis for tracking"),
        ("[[cookie]]\nname = 'a'\ncategry = 'necessary'", "cookie[0].categry", 'did you mean "category"?'),
        ("[[full_address]]\npath = '/a'\nreason = 3", "full_address[0].reason", "text in quotes"),
        ("[[full_address]]\npath = '/a'", "full_address[0].reason", "may not be left out"),
        ("[[cookie]]\npurpose = 'x'", "cookie[0].name", "name of a cookie"),
        ("[classify]\n'a.example' = 'necessary'", "classify.a.example", "write one of"),
        ('[controller]\nname = "a\\r\\nX: y"', "controller.name", "control characters"),
        ("unknown = 'permit'", "unknown", '"hold"'),
        ("source = 'x'", "source", "no such setting"),
        ("cookie_days = 200\ncookie_days = 201", "cookie_days", "stands twice"),
        ("[site]\nname = 'a'\n[site]\nname = 'b'", "site", "stands twice"),
        ("[service.x]\n[service.x]", "service.x", "stands twice"),
        ("theme = {a = '1', a = '2'}", "theme", "stands twice"),
        ("[site\nname = 'a'", "[site", "toml.io"),
        ("cookie_days = ", "cookie_days", "toml.io"),
        ("secret_keys = ['short']", "secret_keys[0]", "at least 32"),
    ],
)
def test_one_line_names_the_key_the_file_and_the_remedy(write, text, key, remedy):
    error = refused(write(text))
    assert error.key == key
    assert remedy in error.remedy


def test_a_secret_is_never_printed(write):
    assert "hunter2" not in str(refused(write("secret_keys = ['hunter2']")))
    assert "hunter2" not in str(refused(write("secret_keys = ['hunter2']\nsecret_keys = ['hunter2']")))
    assert "hunter2" not in repr(Config(secret_keys=("hunter2-" * 5 + "abcdefgh",)))


@pytest.mark.parametrize("content", [b"\xff", b"x = 1" * 300_000, b"\x00", b"[" * 5000])
def test_a_file_that_is_no_configuration_is_one_line_too(write, content):
    refused(write(content))


def test_a_missing_file_says_where_to_read_on(tmp_path):
    assert "docs/settings.md" in refused(tmp_path / "cookiegate.toml").remedy
    refused(tmp_path)


def test_a_byte_order_mark_and_windows_line_ends_are_no_obstacle(write):
    assert load_toml(write(b"\xef\xbb\xbfcookie_days = 200\r\n[site]\r\nname = 'x'\r\n")).cookie_days == 200


def test_flask_settings_are_the_same_settings():
    config = from_flask({"COOKIEGATE_COOKIE_DAYS": 200, "COOKIEGATE_SITE": {"name": "Cats"}, "DEBUG": True})
    assert (config.cookie_days, config.site.name) == (200, "Cats")
    assert config.state_dir == Path(".cookiegate")
    assert from_flask({}) == Config(source="app.config")


@pytest.mark.parametrize(
    ("settings", "key", "remedy"),
    [
        ({"COOKIEGATE_COOKIE_DAYZ": 1}, "COOKIEGATE_COOKIE_DAYZ", 'did you mean "COOKIEGATE_COOKIE_DAYS"?'),
        ({"COOKIEGATE_ALLOW": ["a b"]}, "COOKIEGATE_ALLOW[0]", "host name such as"),
        ({"COOKIEGATE_SITE": {"nmae": ""}}, "COOKIEGATE_SITE.nmae", 'did you mean "name"?'),
        ({"COOKIEGATE_LEGITIMATE_INTEREST": 1}, "COOKIEGATE_LEGITIMATE_INTEREST", "no basis for tracking"),
        ({"COOKIEGATE_CONFIG": 3}, "COOKIEGATE_CONFIG", "path"),
        ({"COOKIEGATE_SOURCE": "x"}, "COOKIEGATE_SOURCE", "no such setting"),
    ],
)
def test_a_flask_error_names_the_flask_key(settings, key, remedy):
    with pytest.raises(ConfigError) as caught:
        from_flask(settings)
    assert caught.value.key == key
    assert remedy in caught.value.remedy
    assert caught.value.source == "app.config"


def test_flask_may_add_to_a_file_but_not_repeat_it(write):
    file = write("cookie_days = 200")
    config = from_flask({"COOKIEGATE_CONFIG": file, "COOKIEGATE_STATE_DIR": "other"})
    assert (config.cookie_days, config.state_dir) == (200, file.parent / "other")
    with pytest.raises(ConfigError, match="sets cookie_days too"):
        from_flask({"COOKIEGATE_CONFIG": str(file), "COOKIEGATE_COOKIE_DAYS": 201})


def test_a_configuration_made_in_python_is_checked_too():
    with pytest.raises(ConfigError, match="from 184 to 395"):
        Config(cookie_days=3)
    with pytest.raises(ConfigError, match=r"site\.name"):
        Config(site={"name": 3})


def test_every_setting_has_a_rule_and_a_default():
    internal = {"source", "folder"}
    assert {field.name for field in fields(Config)} - internal == set(rules_of(Config))
    assert Config() == Config()
