"""`cookiegate seal`: close the days, weeks and months that are over."""

from __future__ import annotations

from pathlib import Path

import click

from ..counting.opening import sealer_of, store_of
from .settings_option import read_settings, settings_options

EXAMPLES = """\b
Examples:
  cookiegate seal               close what is over, with a line for each period
  cookiegate seal --dry-run     say what would be closed
"""


@click.command(epilog=EXAMPLES)
@settings_options
@click.option("--dry-run", is_flag=True, help="Say what would be closed, and leave it open.")
def seal(config: Path, app: str | None, dry_run: bool) -> None:
    """Publish the figures of periods that are over, and destroy their exact small counts.

    A site does this by itself unless `counts.seal = "command"`. Running it twice changes nothing, and where one
    sealer is at work another one leaves.
    """
    settings = read_settings(config, app)
    store = store_of(settings)
    sealer = sealer_of(settings, store)
    try:
        if dry_run:
            for step in sealer.steps():
                click.echo(f"would close {step}")
            return
        done = sealer.run(progress=lambda step: click.echo(f"closed {step}"))
        click.echo(f"{done} periods closed." if done else "Nothing to close.")
    finally:
        store.close()
