"""`--config` and `--app`: where a command finds the settings that the site runs with."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ..config import Config, from_flask, load_toml
from ..errors import ConfigError

F = TypeVar("F", bound=Callable[..., Any])


def settings_options(command: F) -> F:
    """Adds both options to a command; `read_settings` takes their values."""
    file = click.option(
        "--config",
        type=click.Path(path_type=Path),
        default=Path("cookiegate.toml"),
        show_default=True,
        help="The configuration file.",
    )
    app = click.option(
        "--app", metavar="MODULE:NAME", help="A Flask application whose settings count instead."
    )
    return file(app(command))


def read_settings(file: Path, app: str | None) -> Config:
    """The settings of the file, or of the Flask application. Raises ConfigError."""
    return load_toml(file) if app is None else from_flask(_flask_app(app).config)


def _flask_app(place: str) -> Any:
    module_name, _, name = place.partition(":")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        found = getattr(importlib.import_module(module_name), (name or "app").removesuffix("()"))
        app = found() if name.endswith("()") else found
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError("--app", place, "command line", f"cannot be loaded: {error}") from None
    if not hasattr(app, "config"):
        raise ConfigError("--app", place, "command line", "name a Flask application, such as myshop:app")
    return app
