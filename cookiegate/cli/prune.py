"""`cookiegate prune`: delete figures that are older than they are kept."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.sealing.periods import date_of
from ..counting.opening import sealer_of, store_of
from ..errors import StoreError
from ..tally import Tally
from .settings_option import each_site, read_settings, settings_options
from .site_option import known_site

EXAMPLES = """\b
Examples:
  cookiegate prune                         delete what is older than `counts.months` (25)
  cookiegate prune --dry-run               say from which day on figures are kept
  cookiegate prune --site old.example      a site of the store that no settings name any more
"""


@click.command(epilog=EXAMPLES)
@settings_options
@click.option("--dry-run", is_flag=True, help="Say what would be kept, and delete nothing.")
@click.option("--site", metavar="NAME", help="Another site of the store, by these settings' rules.")
@click.option(
    "--trust-clock", is_flag=True, help="Believe a clock that is months ahead of the last sealed day."
)
def prune(config: Path, app: str | None, dry_run: bool, site: str | None, trust_clock: bool) -> None:
    """Delete sealed figures that are older than `counts.months`. Each sealing does this too.

    Of the site that the settings name, and of those in their `[embed]`. A site without visitors seals nothing: run
    this for it.
    """
    for settings in each_site(read_settings(config, app), alone=site is not None):
        store = store_of(settings)
        try:
            name = known_site(settings, store, site)
            sealer = sealer_of(settings, store, site=name)
            first = date_of(sealer.kept_from())
            if dry_run:
                click.echo(f"{name}: figures from {first} on are kept.")
                continue
            gone = sealer.prune(trusting=trust_clock)
        finally:
            store.close()
        if gone is None:
            raise StoreError("a sealer is at work in this store: try again when it has ended")
        if site is None:
            Tally(settings.tally_path).forget()
        click.echo(f"{name}: {gone} figures from before {first} deleted.")
