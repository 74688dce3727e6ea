"""A file imports only from floors below its own: the house's one structural rule."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "cookiegate"

FLOORS = (
    ("errors",),
    ("core",),
    (
        "config",
        "catalogue_files",
        "request_data",
        "ledger",
        "metrics",
        "tally",
        "gunicorn_logger",
        "server",
        "face",
        "device",
        "sqlite_file",
        "stores",
        "geo",
    ),
    ("counting",),
    ("gate",),
    ("web", "dashboard"),
    ("embed",),
    ("opening",),
    ("live_gate",),
    ("embed_service",),
    ("wsgi", "asgi"),
    ("proxy",),
    ("flask_extension",),
    ("demo",),
    ("cli",),
)
MAY_MEET = {
    ("face", "config"),
    ("face", "catalogue_files"),
    ("config", "catalogue_files"),
    ("ledger", "config"),
    ("ledger", "sqlite_file"),
    ("stores", "sqlite_file"),
    ("gunicorn_logger", "request_data"),
    ("config", "request_data"),
    ("server", "metrics"),
}
"""Neighbours on one floor that may import one another in this direction."""

IMPURE = {
    "os",
    "time",
    "random",
    "secrets",
    "socket",
    "pathlib",
    "flask",
    "jinja2",
    "sqlite3",
    "subprocess",
    "logging",
}


def floor_of(room: str) -> int:
    for number, rooms in enumerate(FLOORS):
        if room in rooms:
            return number
    raise AssertionError(f"cookiegate/{room} stands on no floor: give it one in tests/test_floors.py")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """(dotted absolute name, line) of each import of this package or of another."""
    package = ["cookiegate", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            if name == "cookiegate":
                yield from ((f"cookiegate.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield name, node.lineno


def files() -> list[Path]:
    return sorted(
        p for p in PACKAGE.rglob("*.py") if p.name not in ("__main__.py",) and p != PACKAGE / "__init__.py"
    )


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    here = room_of(path)
    for name, line in imports(path):
        if not name.startswith("cookiegate."):
            continue
        there = name.split(".")[1]
        if there in (here, "__version__"):
            continue
        below = floor_of(there) < floor_of(here) or (here, there) in MAY_MEET
        assert below, (
            f"{path.relative_to(PACKAGE.parent)}:{line} imports {name}, which is not on a floor below"
        )


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").rglob("*.py")), ids=lambda p: p.stem)
def test_core_is_pure(path: Path) -> None:
    for name, line in imports(path):
        assert name.split(".")[0] not in IMPURE, (
            f"{path.name}:{line} imports {name}: core takes such things as arguments"
        )


def test_the_rule_sees_a_breach() -> None:
    assert floor_of("core") < floor_of("gate") < floor_of("wsgi") < floor_of("cli")
    with pytest.raises(AssertionError, match="no floor"):
        floor_of("attic")
