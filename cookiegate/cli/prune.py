"""`cookiegate prune`: delete figures that are older than they are kept."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.sealing.periods import date_of
from ..counting.opening import sealer_of, store_of
from .settings_option import read_settings, settings_options

EXAMPLES = """\b
Examples:
  cookiegate prune               delete what is older than `counts.months` (25)
  cookiegate prune --dry-run     say from which day on figures are kept
"""


@click.command(epilog=EXAMPLES)
@settings_options
@click.option("--dry-run", is_flag=True, help="Say what would be kept, and delete nothing.")
def prune(config: Path, app: str | None, dry_run: bool) -> None:
    """Delete sealed figures that are older than `counts.months`. Each sealing does this too."""
    settings = read_settings(config, app)
    store = store_of(settings)
    try:
        first = sealer_of(settings, store).kept_from()
        if dry_run:
            click.echo(f"Figures from {date_of(first)} on are kept.")
            return
        click.echo(f"{store.prune(first)} figures from before {date_of(first)} deleted.")
    finally:
        store.close()
