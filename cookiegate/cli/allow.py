"""`cookiegate allow`: let a third party pass, in the settings file and in the running gate."""

from __future__ import annotations

from pathlib import Path

import click

from ..catalogue_files import load_catalogue
from ..config import validate
from ..config.edit import allow_host

EXAMPLES = """\b
Examples:
  cookiegate allow images.example-cdn.com     this host
  cookiegate allow "*.example-cdn.com"        all below it

\b
The file keeps its comments. A running gate takes it up with the next request after a second.
"""


@click.command(epilog=EXAMPLES)
@click.argument("host")
@click.option("--config", type=click.Path(path_type=Path), default=Path("cookiegate.toml"), show_default=True)
def allow(host: str, config: Path) -> None:
    """Let HOST pass for everyone, without asking: the site's own second domain, say."""
    catalogue = load_catalogue()
    known = catalogue.match_url(host.removeprefix("*."), "/")
    if known is not None and known.category in ("analytics", "marketing"):
        who = known.service.name if known.service else host
        click.echo(
            f"cookiegate: warning: {host} is {who} ({known.category}): it will track before any choice.",
            err=True,
        )
    added = allow_host(config, host, lambda settings: validate(settings, catalogue))
    click.echo(f"{config}: {host} passes." if added else f"{config}: {host} passes already.")
