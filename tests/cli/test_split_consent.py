"""Sites that share a choice over subdomains share the question and the secret, or do not start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cookiegate.cli.proxy import refuse_split_consent
from cookiegate.config import Config
from cookiegate.errors import ConfigError
from cookiegate.gate import Gate
from cookiegate.opening import open_gate


def gate(folder: Path, **settings: Any) -> Gate:
    return open_gate(Config(state_dir=folder, **({"cookie_domain": "site.test"} | settings)))[0]


def test_one_state_is_one_question(tmp_path: Path) -> None:
    refuse_split_consent([gate(tmp_path), gate(tmp_path)])


def test_two_states_are_two_secrets(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="another secret"):
        refuse_split_consent([gate(tmp_path / "a"), gate(tmp_path / "b")])


def test_two_questions_under_one_secret_are_refused(tmp_path: Path) -> None:
    keys = ("a-secret-of-the-tests-alone-0123456789",)
    one = gate(tmp_path / "a", secret_keys=keys)
    other = gate(tmp_path / "b", secret_keys=keys, services=("hotjar",))
    with pytest.raises(ConfigError, match="another question"):
        refuse_split_consent([one, other])


def test_sites_with_cookies_of_their_own_may_differ(tmp_path: Path) -> None:
    refuse_split_consent([gate(tmp_path / "a", cookie_domain=""), gate(tmp_path / "b", cookie_domain="")])
    refuse_split_consent([gate(tmp_path / "c"), gate(tmp_path / "d", cookie_domain="other.test")])
