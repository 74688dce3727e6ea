"""The documented unit is one that systemd takes, and tightens."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "docs" / "deploy" / "cookiegate.service"
ANALYZE = shutil.which("systemd-analyze")
WORST = 4.0
"""Of 10, by systemd's own reckoning; an unconfined service has 9.6."""

pytestmark = pytest.mark.skipif(ANALYZE is None, reason="needs systemd-analyze")


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """With a program that is there: systemd looks for it."""
    file = tmp_path / UNIT.name
    file.write_text(UNIT.read_text().replace("/opt/cookiegate/bin/cookiegate", sys.executable))
    return file


def analyzed(*words: str) -> tuple[int, str]:
    assert ANALYZE is not None
    done = subprocess.run([ANALYZE, *words], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_unit_is_valid(unit: Path) -> None:
    assert analyzed("verify", str(unit)) == (0, "")


def test_a_wrong_line_would_be_noticed(unit: Path) -> None:
    unit.write_text(unit.read_text().replace("UMask=0077", "UMask=0077\nNoSuchSetting=yes"))
    assert "NoSuchSetting" in analyzed("verify", str(unit))[1]


def test_unit_is_confined(unit: Path) -> None:
    said = analyzed("security", "--offline=yes", str(unit))[1]
    found = re.search(r"exposure level for .*: ([0-9.]+)", said)
    assert found is not None, said
    assert float(found[1]) <= WORST
