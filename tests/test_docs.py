"""The documentation says what the code does: each command, address, cookie and header."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cookiegate.cli import COMMANDS
from cookiegate.core.response_headers import BODY_BOUND, DROPPED, DROPPED_PREFIX
from cookiegate.gate.cookies import CookieNames
from cookiegate.web import build

from .edges.conftest import Config, open_gate

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
HTTP = (ROOT / "docs" / "http.md").read_text()
UNWORTHY = {"accept-ch-lifetime", "sec-shared-storage-writable", "supports-loading-mode"}
"""Headers that only old or experimental browsers know; the table names their families."""


@pytest.mark.parametrize("command", COMMANDS)
def test_readme_names_each_command(command: str) -> None:
    assert f"`cookiegate {command}" in README


@pytest.mark.parametrize("header", sorted((BODY_BOUND | DROPPED) - UNWORTHY))
def test_each_removed_header_is_documented(header: str) -> None:
    assert f"`{header}`" in HTTP.lower()


def test_prefix_of_removed_headers_is_documented() -> None:
    assert f"`{DROPPED_PREFIX}*`" in HTTP.lower()


def test_each_address_is_documented(tmp_path: Path) -> None:
    gate, _ = open_gate(Config(state_dir=tmp_path))
    for rule in build(gate).url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "…", rule.rule)
        assert f"| `{path}` |" in HTTP, f"docs/http.md does not name {path}"
    gate.ledger.close()


def test_both_cookies_are_documented() -> None:
    for name in CookieNames().ours:
        assert f"| `{name}` |" in HTTP


def test_links_between_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_decision_records_are_short() -> None:
    for record in (ROOT / "docs" / "decisions").glob("*.md"):
        assert len(record.read_text().splitlines()) <= 40, record.name
