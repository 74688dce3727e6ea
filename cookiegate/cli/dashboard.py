"""`cookiegate dashboard`: the pages of figures, under gunicorn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import Flask

from ..config import secret_keys_of
from ..dashboard.app import accounts_of, build, warm
from ..opening import read_config
from ..server import Server

EXAMPLES = """\b
Examples:
  cookiegate account add anna                     first, somebody who may look
  cookiegate dashboard                            http://localhost:8100/
  cookiegate dashboard --bind 127.0.0.1:9100      behind a web server that has a name and TLS for it
"""


@click.command(epilog=EXAMPLES)
@click.option(
    "--config", type=click.Path(path_type=Path), help="The configuration file.  [default: cookiegate.toml]"
)
@click.option("--bind", default="127.0.0.1:8100", show_default=True, help="Address and port to listen on.")
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True, help="Threads.")
@click.option(
    "--tls",
    nargs=2,
    type=click.Path(exists=True, dir_okay=False),
    metavar="CERTIFICATE KEY",
    help="Serve over TLS.",
)
def dashboard(config: Path | None, bind: str, threads: int, tls: tuple[str, str] | None) -> None:
    """Serve the dashboard: sealed figures, for accounts that `cookiegate account add` made.

    Give it a host name of its own, over https: the cookie of its sign-in needs that, save on localhost.
    """
    settings = read_config(config)
    secret_keys_of(settings)
    build(settings)
    if not accounts_of(settings).all():
        click.echo(
            "cookiegate: nobody can sign in yet: make an account with cookiegate account add", err=True
        )
    # One process: attempts to sign in are throttled in its memory, and its threads wait for the store, not the CPU.
    options: dict[str, Any] = {"bind": bind, "workers": 1, "threads": threads}
    if tls:
        options["certfile"], options["keyfile"] = tls

    def load() -> Flask:
        app = build(settings)
        warm(app)
        return app

    Server(load, proc_name="cookiegate-dashboard", **options).run()
