"""What `exclude` may say."""

from __future__ import annotations

import pytest

from cookiegate.config import Config
from cookiegate.errors import ConfigError


def test_presets_are_written_out() -> None:
    config = Config(exclude=("wordpress", "/intranet/*"))
    assert config.excluded_paths == ("/wp-admin", "/wp-admin/*", "/wp-login.php", "/intranet/*")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("wordpres", "wordpress"),
        ("/", "below"),
        ("/*", "below"),
        ("/a*b", "one '*'"),
        ("wp-admin/*", "begins with '/'"),
    ],
)
def test_what_would_open_too_much_is_refused(entry: str, said: str) -> None:
    with pytest.raises(ConfigError, match="exclude") as refused:
        Config(exclude=(entry,))
    assert said in str(refused.value)
