"""`cookiegate preview`: a link that lets the gate enforce in one browser while it observes."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ..config import secret_keys_of
from ..core.preview import LIFETIME_DAYS, PreviewCodec
from ..errors import ConfigError
from .settings_option import read_settings, settings_options

EXAMPLES = """\b
Examples:
  cookiegate preview      open what it prints in your own browser; /_gate/preview?end ends it there
"""


@click.command(epilog=EXAMPLES)
@settings_options
def preview(config: Path, app: str | None) -> None:
    """Print a link that enforces in the browser that opens it, for a week.

    For mode = "observe": everyone else goes on seeing the site as it is.
    """
    settings = read_settings(config, app)
    if not settings.site.public_url:
        raise ConfigError(
            "site.public_url", "", settings.source, 'write where the site is: public_url = "https://…"'
        )
    key = PreviewCodec(secret_keys_of(settings)).encode(int(time.time()) // 86_400)
    click.echo(f"{settings.site.public_url}/_gate/preview?key={key}")
    if settings.mode == "enforce":
        click.echo('The gate enforces for everyone already: mode = "enforce".', err=True)
    else:
        click.echo(f"Good for {LIFETIME_DAYS} days; the site is NOT ENFORCING for anyone else.", err=True)
