"""`cookiegate serve`: the gate under gunicorn, around a Python site or alone."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..config import Config, plain_http_warning, secret_keys_of
from ..embed_service import open_service
from ..errors import ConfigError
from ..metrics import share_figures
from ..opening import read_config
from ..server import Server, sensible_workers
from ..wsgi import GateMiddleware

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

EXAMPLES = """\b
Examples:
  cookiegate serve myshop:app                     a WSGI application behind the gate
  cookiegate serve "myshop:create_app()"          made by a factory
  cookiegate serve myshop:app --bind 0.0.0.0:80   on another address
  cookiegate serve                                the gate's own pages alone, for a web server that
                                                  sends /_gate/ here
"""


@click.command(epilog=EXAMPLES)
@click.argument("site", required=False, metavar="[MODULE:NAME]")
@click.option(
    "--config", type=click.Path(path_type=Path), help="The configuration file.  [default: cookiegate.toml]"
)
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port to listen on.")
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Worker processes.  [default: one a core, 2 to 8]"
)
@click.option("--threads", type=click.IntRange(1, 256), default=4, show_default=True, help="Threads of each.")
@click.option("--access-log", metavar="FILE", help="Write an access log without full addresses; - is stdout.")
@click.option(
    "--tls",
    nargs=2,
    type=click.Path(exists=True, dir_okay=False),
    metavar="CERTIFICATE KEY",
    help="Serve over TLS.",
)
def serve(
    site: str | None,
    config: Path | None,
    bind: str,
    workers: int | None,
    threads: int,
    access_log: str | None,
    tls: tuple[str, str] | None,
) -> None:
    """Run a Python site behind the gate, or the gate's own pages alone, under gunicorn.

    A setting that cannot be used stops the start with one line and exit status 2.
    """
    share_figures()
    settings = read_config(config)
    make = _behind_gate(site, settings) if site else _alone(settings)
    # In the command's own process, so that a broken setting ends the start and not each worker in turn; the
    # secret and the published question are there before the first worker asks for them.
    secret_keys_of(settings)
    make()
    warning = plain_http_warning(settings)
    if warning:
        click.echo(f"cookiegate: warning: {warning}", err=True)
    options: dict[str, Any] = {"bind": bind, "workers": workers or sensible_workers(), "threads": threads}
    if access_log:
        options["accesslog"] = access_log
    if tls:
        options["certfile"], options["keyfile"] = tls
    Server(make, proc_name="cookiegate", **options).run()


def _behind_gate(site: str, settings: Config) -> Callable[[], WSGIApplication]:
    return lambda: GateMiddleware(_load(site), settings)


def _alone(settings: Config) -> Callable[[], WSGIApplication]:
    return lambda: open_service(settings)


def _load(place: str) -> WSGIApplication:
    """The WSGI application that `module:name` or `module:factory()` names."""
    module_name, _, name = place.partition(":")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        found = getattr(importlib.import_module(module_name), (name or "app").removesuffix("()"))
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError("MODULE:NAME", place, "command line", f"cannot be loaded: {error}") from None
    app: WSGIApplication = found() if name.endswith("()") else found
    if not callable(app):
        raise ConfigError("MODULE:NAME", place, "command line", "name a WSGI application, such as myshop:app")
    return app
