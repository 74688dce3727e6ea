"""`cookiegate store check`: is the store sound, and what does it hold?"""

from __future__ import annotations

import itertools
from pathlib import Path

import click

from ..core.sealing.periods import date_of
from ..counting.opening import name_of, sealer_of, store_of
from ..errors import StoreError
from .settings_option import read_settings, settings_options

EXAMPLES = """\b
Examples:
  cookiegate store check        is it sound, what is open, which columns are there?
"""


@click.group(epilog=EXAMPLES)
def store() -> None:
    """Look after the store of counts."""


@store.command(epilog=EXAMPLES)
@settings_options
def check(config: Path, app: str | None) -> None:
    """Say whether the store is sound, what is open in it, and every column that it has."""
    settings = read_settings(config, app)
    kept = store_of(settings)
    try:
        wrong = kept.check()
        if wrong is not None:
            raise StoreError(wrong)
        click.echo("The store is sound.")
        for site in kept.sites():
            days = kept.open_days(site)
            click.echo(f"{site}: {len(days)} open days" + (f" from {date_of(days[0])}" if days else ""))
            waiting = sum(1 for _ in sealer_of(settings, kept, site=site).steps())
            if waiting:
                own = "" if site == name_of(settings) else f" --site {site}"
                click.echo(
                    f"{site}: {waiting} periods are over and not closed yet: run cookiegate seal{own}."
                )
        for table, columns in itertools.groupby(kept.inventory(), key=lambda entry: entry[0]):
            click.echo(f"{table}: {', '.join(column for _, column in columns)}")
    finally:
        kept.close()
