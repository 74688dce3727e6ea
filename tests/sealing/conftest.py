"""Prints what the attacks of the long form came to."""

from __future__ import annotations

import os
from typing import Any

from .outcomes import FOUND


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
