"""`cookiegate migrate`: bring a store to the format of this version."""

from __future__ import annotations

from pathlib import Path

import click

from ..counting.opening import store_of
from .settings_option import read_settings, settings_options

EXAMPLES = """\b
Examples:
  cookiegate migrate            make the tables, or bring them to this version's format
"""


@click.command(epilog=EXAMPLES)
@settings_options
def migrate(config: Path, app: str | None) -> None:
    """Make the tables of the store that the settings name, or bring them to the format of this version."""
    store = store_of(read_settings(config, app))
    try:
        for line in store.migrate():
            click.echo(line)
    finally:
        store.close()
