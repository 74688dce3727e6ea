"""Where the templates and static files lie: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def packaged_folder(name: str) -> Path:
    """The folder `name` ("templates", "static"). In a checkout it is the package's sibling."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name
