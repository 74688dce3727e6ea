"""Prints what the attacks of the long form came to."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

from .outcomes import FOUND


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process among several hands over what its attacks came to."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["attacks"] = {attack: dict(found) for attack, found in FOUND.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    for attack, found in getattr(node, "workeroutput", {}).get("attacks", {}).items():
        FOUND.setdefault(attack, Counter()).update(found)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not os.environ.get("ATTACK_LONG") or not FOUND:
        return
    terminalreporter.section("attacks")
    for attack, found in sorted(FOUND.items()):
        terminalreporter.write_line(
            f"{attack}: {found['cells']:,} hidden cells, {found['exact']} exact, {found['near']} within one"
        )
    whole = {name: sum(found[name] for found in FOUND.values()) for name in ("cells", "exact", "near")}
    terminalreporter.write_line(
        f"all: {whole['cells']:,} hidden cells, {whole['exact']} exact, {whole['near']} within one"
    )
