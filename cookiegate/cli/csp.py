"""`cookiegate csp`: the policy of an undecided visitor, for what is served without the gate."""

from __future__ import annotations

from pathlib import Path

import click

from ..opening import undecided_policy
from .settings_option import read_settings, settings_options

EXAMPLES = """\b
Examples:
  cookiegate csp                                            the value of the header
  cookiegate csp --nginx > /etc/nginx/cookiegate-csp.conf   as a file to include

\b
Make it anew when allow, delivery, site or a necessary service changes.
"""


@click.command(epilog=EXAMPLES)
@settings_options
@click.option("--nginx", is_flag=True, help="Print it as nginx's add_header.")
def csp(config: Path, app: str | None, nginx: bool) -> None:
    """Print the Content-Security-Policy under which nothing but the site itself is reached.

    For static files that the web server sends by itself, and for the whole site while the gate is down.
    """
    policy = undecided_policy(read_settings(config, app))
    click.echo(f'add_header Content-Security-Policy "{policy}" always;' if nginx else policy)
