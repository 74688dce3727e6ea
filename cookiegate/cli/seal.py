"""`cookiegate seal`: close the days, weeks and months that are over."""

from __future__ import annotations

from pathlib import Path

import click

from ..counting.opening import sealer_of, store_of
from .settings_option import each_site, read_settings, settings_options
from .site_option import known_site

EXAMPLES = """\b
Examples:
  cookiegate seal                         close what is over, with a line for each period
  cookiegate seal --dry-run               say what would be closed
  cookiegate seal --site old.example      a site of the store that no settings name any more
"""


@click.command(epilog=EXAMPLES)
@settings_options
@click.option("--dry-run", is_flag=True, help="Say what would be closed, and leave it open.")
@click.option("--site", metavar="NAME", help="Another site of the store, by these settings' rules.")
@click.option(
    "--trust-clock", is_flag=True, help="Believe a clock that is months ahead of the last sealed day."
)
def seal(config: Path, app: str | None, dry_run: bool, site: str | None, trust_clock: bool) -> None:
    """Publish the figures of periods that are over, and destroy their exact small counts.

    Of the site that the settings name, and of those in their `[embed]`. A site does this by itself unless
    `counts.seal = "command"`. Running it twice changes nothing, and where one sealer is at work another one leaves.
    """
    done = 0
    for settings in each_site(read_settings(config, app), alone=site is not None):
        store = store_of(settings)
        try:
            sealer = sealer_of(settings, store, site=known_site(settings, store, site))
            if dry_run:
                for step in sealer.steps():
                    click.echo(f"would close {step}")
                continue
            done += sealer.run(progress=lambda step: click.echo(f"closed {step}"), trusting=trust_clock)
        finally:
            store.close()
    if not dry_run:
        click.echo(f"{done} periods closed." if done else "Nothing to close.")
