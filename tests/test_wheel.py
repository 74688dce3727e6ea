"""What is shipped works: the wheel alone, away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, built by the project's own build back end."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(unpacked: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(unpacked)}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_wheel_holds_templates_static_files_and_data(unpacked: Path) -> None:
    package = unpacked / "cookiegate"
    for folder in ("templates", "static/js", "static/css", "data", "demo/site"):
        assert any((package / folder).iterdir()), folder
    assert (package / "py.typed").exists()
    assert not list(unpacked.rglob("*.pyc"))
    assert not [path for path in package.rglob("*.py") if path.parts[-2] in ("static", "templates")]


def test_wheel_ships_its_licence_and_notices(unpacked: Path) -> None:
    names = {path.name for path in unpacked.rglob("licenses/*")}
    assert names == {"LICENSE", "NOTICE"}


def test_edge_tests_pass_against_the_wheel(unpacked: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tests" / "edges", tmp_path / "tests" / "edges")
    (tmp_path / "tests" / "__init__.py").touch()
    where = run(unpacked, tmp_path, "-c", "import cookiegate; print(cookiegate.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(unpacked)
    done = run(unpacked, tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert done.returncode == 0, done.stdout[-2000:]


def test_command_of_the_wheel_checks_its_settings(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "cookiegate.toml").write_text('services = ["google-analytics"]\n')
    done = run(unpacked, tmp_path, "-m", "cookiegate", "check")
    assert "CG" in done.stdout
    assert "Traceback" not in done.stderr
