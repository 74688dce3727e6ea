"""`cookiegate report`: last week's or month's figures, on the screen or by e-mail."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ..counting.opening import store_of
from ..dashboard.app import accounts_of
from ..dashboard.desk import Desk
from ..dashboard.post import send as send_message
from ..dashboard.report import PERIODS, message_of, report_of
from ..opening import read_config
from .site_option import known_site

EXAMPLES = """\b
Examples:
  cookiegate report                       last week's, on the screen
  cookiegate report month --send          last month's, to the addresses of [mail]; for a timer of yours
  cookiegate report --html > report.html  to look at in a browser
"""


@click.command(epilog=EXAMPLES)
@click.option(
    "--config", type=click.Path(path_type=Path), help="The configuration file.  [default: cookiegate.toml]"
)
@click.argument("period", type=click.Choice(PERIODS), default="week")
@click.option("--site", help="A site of the store.  [default: the one that the settings name]")
@click.option("--html", is_flag=True, help="Print it as HTML.")
@click.option("--send", is_flag=True, help="Send it, as text and HTML, by the settings of [mail].")
def report(config: Path | None, period: str, site: str | None, html: bool, send: bool) -> None:
    """Show or send the figures of the last week or month that is over."""
    settings = read_config(config)
    store, accounts = store_of(settings), accounts_of(settings)
    try:
        desk = Desk(settings, store, accounts, time.time)
        found = report_of(desk, known_site(settings, store, site), period)
    finally:
        store.close()
        accounts.close()
    if send:
        send_message(message_of(found, settings.mail), settings.mail)
        click.echo(f"Sent “{found.subject}” to {', '.join(settings.mail.to)}.")
    else:
        click.echo(found.html if html else found.text)
