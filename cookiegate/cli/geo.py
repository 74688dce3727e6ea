"""`cookiegate geo`: which regions addresses are counted under."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from ..core.address import truncate, truncate_packed
from ..geo import Installed, open_regions
from ..geo.regions import INSTALLED
from .settings_option import read_settings, settings_options

EXAMPLES = """\b
Examples:
  cookiegate geo install GeoLite2-City.mmdb     use this database instead of the one that ships
  cookiegate geo show 203.0.113.7               the region of an address, looked up truncated
"""


@click.group(epilog=EXAMPLES)
def geo() -> None:
    """See or replace the database of regions."""


@geo.command(epilog=EXAMPLES)
@settings_options
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def install(config: Path, app: str | None, file: Path) -> None:
    """Put a MaxMind-format database with subdivisions (GeoLite2, GeoIP2, DB-IP) into the state folder.

    Running sites take it up within half a minute, or a flush interval that is longer. A file that cannot be read is
    refused, and nothing changes.
    """
    settings = read_settings(config, app)
    found = Installed(file)
    place = settings.state_dir / INSTALLED
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = place.with_suffix(".new")
    shutil.copyfile(file, beside)
    os.replace(beside, place)
    click.echo(f"Installed as {place.name} in the state folder.")
    if found.only_ipv4:
        click.echo("It has no IPv6: visitors who come by IPv6 count as (unknown).")
    if found.credit:
        click.echo(f"Show this where its results are shown: {found.credit}")
    if settings.geo is not None:
        click.echo(f"The setting geo still names {settings.geo.name}, which goes before it.")


@geo.command(epilog=EXAMPLES)
@settings_options
@click.argument("address")
def show(config: Path, app: str | None, address: str) -> None:
    """Say under which region an address is counted. It is truncated first, as a visitor's is."""
    settings = read_settings(config, app)
    regions = open_regions(settings.geo, settings.state_dir)
    short = truncate(address, settings.address)
    click.echo(f"{short or 'no address'}: {regions(truncate_packed(address, settings.address))}")
    if regions.credit:
        click.echo(regions.credit)
