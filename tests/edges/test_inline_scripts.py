"""`inline_scripts = "hold"`: inline script runs with a nonce or not at all, ours included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cookiegate.config import Config
from cookiegate.opening import open_gate

from .conftest import PAGE, Answer, call, page_app, request

HTML = ("Content-Type", "text/html")


@pytest.fixture
def strict(tmp_path: Path, edge: Any) -> Iterator[Any]:
    gate, pages = open_gate(Config(state_dir=tmp_path / "state", inline_scripts="hold"))
    yield lambda app: edge(app, gate=gate, pages=pages)
    gate.ledger.close()


def nonce_of(answer: Answer) -> str:
    found = re.search(r"script-src [^;]*'nonce-([^']+)'", answer.all("Content-Security-Policy")[-1])
    assert found
    return found[1]


def test_our_own_script_carries_a_fresh_nonce(strict: Any) -> None:
    first, second = (call(strict(page_app()), request()) for _ in range(2))
    assert nonce_of(first) != nonce_of(second)
    scripts = re.findall(rb"<script(?![^>]*data-gate)([^>]*)>", first.body)
    assert scripts
    assert all(nonce_of(first).encode() in attributes for attributes in scripts)


def test_nonce_of_the_site_is_kept(strict: Any) -> None:
    own = "script-src 'nonce-c2l0ZXMgb3duIG5vbmNl'"
    answer = call(strict(page_app(PAGE, HTML, ("Content-Security-Policy", own))), request())
    assert nonce_of(answer) == "c2l0ZXMgb3duIG5vbmNl"
    assert answer.all("Content-Security-Policy")[0] == own


def test_no_validator_brings_an_old_nonce_back(strict: Any) -> None:
    site = strict(page_app(PAGE, HTML, ("ETag", '"one"')))
    assert call(site, request()).get("ETag") != call(site, request()).get("ETag")


def test_inline_script_without_a_nonce_is_not_allowed(strict: Any) -> None:
    policy = call(strict(page_app()), request()).all("Content-Security-Policy")[-1]
    script_sources = re.search(r"script-src ([^;]*)", policy)
    assert script_sources
    assert "'unsafe-inline'" not in script_sources[1]
