"""`--config`, `--app` and `--embed`: where a command finds the settings that the site runs with."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from ..config import Config, embedded_config, from_flask, load_toml
from ..errors import ConfigError

F = TypeVar("F", bound=Callable[..., Any])


def settings_options(command: F) -> F:
    """Adds `--config` and `--app` to a command; `read_settings` takes their values."""
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


def embed_option(command: F) -> F:
    """Adds `--embed`, for commands that can look at one embedded site."""
    embed = click.option(
        "--embed", metavar="HOST", help="A site with a script tag: its [embed] table counts."
    )
    return embed(command)


def read_settings(file: Path, app: str | None, embed: str | None = None) -> Config:
    """The settings of the file, or of the Flask application, or of one embedded site. Raises ConfigError."""
    settings = load_toml(file) if app is None else from_flask(_flask_app(app).config)
    if embed is None:
        return settings
    # Commands look at settings and question; the site's own keys are made where choices are signed.
    own = embedded_config(settings, embed.lower(), ())
    return replace(own, secret_keys=settings.secret_keys, secret_file=settings.secret_path)


def each_site(settings: Config, *, alone: bool = False) -> Iterator[Config]:
    """The settings of the site that they name and of each in their `[embed]`, for commands that look after counts.
    Raises ConfigError."""
    yield settings
    for host in () if alone else settings.embed:
        yield embedded_config(settings, host, ())


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
