"""`cookiegate classify`: say what a host is for that the catalogue does not know."""

from __future__ import annotations

from pathlib import Path

import click

from ..catalogue_files import load_catalogue
from ..config import validate
from ..config.edit import classify_host
from ..core.consent import OPTIONAL

EXAMPLES = """\b
Examples:
  cookiegate classify widgets.example preferences
  cookiegate classify stats.example analytics

\b
The host goes on being held; its placeholder and the reports say why, and it is released where everything is
granted. To ask visitors about it by name, describe it in a [service.<id>] table and publish.
"""


@click.command(epilog=EXAMPLES)
@click.argument("host")
@click.argument("category", type=click.Choice(OPTIONAL))
@click.option("--config", type=click.Path(path_type=Path), default=Path("cookiegate.toml"), show_default=True)
def classify(host: str, category: str, config: Path) -> None:
    """File HOST under CATEGORY, in the settings file and in the running gate."""
    catalogue = load_catalogue()
    changed = classify_host(config, host, category, lambda settings: validate(settings, catalogue))
    click.echo(f"{config}: {host} is {category}." if changed else f"{config}: {host} is {category} already.")
