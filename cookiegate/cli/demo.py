"""`cookiegate demo`: a company's site behind the gate, and a tracker network that counts, on this machine."""

from __future__ import annotations

import signal
import socket
import sys
import time
import webbrowser
from pathlib import Path
from typing import NoReturn

import click

from ..config.secrets import read_or_make_secret
from ..demo.listening import PortTakenError, listen, port_of
from ..demo.servers import Servers
from ..demo.settings import DemoSettings
from ..demo.state import default_state
from ..demo.year.dashboard import one_time_link, year_question
from ..demo.year.replay import LENGTH, Replay, today_of, year_config
from ..errors import AccountError, ConfigError, StoreError

EXAMPLES = """\b
Examples:
  cookiegate demo                  the site on http://localhost:8000/
  cookiegate demo --port 9000      on another port
  cookiegate demo --ungated        the same site without the gate
  cookiegate demo --open           and open it in the browser
  cookiegate demo --days 90        with three months of generated figures; 0 is no dashboard
"""


@click.command(epilog=EXAMPLES)
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port of the site.  [default: 8000, or the next free]"
)
@click.option(
    "--network-port",
    type=click.IntRange(1, 65535),
    help="Port of the tracker network.  [default: a free one]",
)
@click.option(
    "--state", type=click.Path(path_type=Path), help="Folder of secrets and records, made when missing."
)
@click.option(
    "--days",
    type=click.IntRange(0, LENGTH),
    default=LENGTH,
    show_default=True,
    help="Days of generated visits on the dashboard; 0 is no dashboard.",
)
@click.option("--dashboard-port", type=click.IntRange(1, 65535), help="Its port.  [default: a free one]")
@click.option("--ungated", is_flag=True, help="Leave the gate out, to compare.")
@click.option("--open", "open_browser", is_flag=True, help="Open the site in the browser.")
@click.option(
    "--real-hosts", is_flag=True, help="Name the vendors' real hosts; the browser must map them here."
)
@click.option("--site-host", "site_hosts", multiple=True, help="A further name of the site; may be repeated.")
@click.option(
    "--tls",
    nargs=2,
    type=click.Path(exists=True, dir_okay=False),
    metavar="CERTIFICATE KEY",
    help="Serve both over TLS, for --real-hosts.",
)
def demo(
    port: int | None,
    network_port: int | None,
    state: Path | None,
    days: int,
    dashboard_port: int | None,
    ungated: bool,
    open_browser: bool,
    real_hosts: bool,
    site_hosts: tuple[str, ...],
    tls: tuple[str, str] | None,
) -> None:
    """Run a small company's site behind the gate, and count what reaches its trackers.

    Nothing leaves this machine: the trackers are stand-ins on loopback. Stop with Ctrl-C.
    """
    _end_on_signals()
    try:
        site, network = listen(port), listen(network_port or 0)
        dashboard = listen(dashboard_port or 0) if days else []
        settings = DemoSettings(
            state=str((state or default_state()).absolute()),
            site_port=port_of(site),
            network_port=port_of(network),
            real_hosts=real_hosts,
            gated=not ungated,
            tls=tls is not None,
            site_hosts=site_hosts,
        )
        read_or_make_secret(settings.state_dir / "site-secret")
    except PortTakenError as error:
        _refuse(f"{error} Choose another one with --port, --network-port or --dashboard-port.")
    except OSError as error:
        _refuse(f"The port cannot be used: {error.strerror or error}.")
    except ConfigError as error:
        _refuse(f"{error.value} cannot be kept there. Name a folder that can be written with --state.")
    with Servers(settings, site=site, network=network, certificate=tls or ()) as servers:
        try:
            _say(settings)
            if open_browser:
                webbrowser.open(settings.url)
            if days:
                _show_year(settings, servers, dashboard, days)
            ended = servers.wait()
        except KeyboardInterrupt:
            click.echo("\nStopped.")
            return
    _refuse(f"The {ended} server ended by itself; what it said is above.", status=1)


def _say(settings: DemoSettings) -> None:
    gate = "behind the gate" if settings.gated else "without the gate"
    click.echo(f"The demo site, {gate}, is at  {settings.url}")
    click.echo(f"What its trackers received:  {settings.url}demo/network")
    click.echo(f"Secrets and records are in {settings.state}. Stop with Ctrl-C.")


def _show_year(settings: DemoSettings, servers: Servers, sockets: list[socket.socket], days: int) -> None:
    """Count and seal the generated visits, then start the dashboard on them."""
    config = year_config(settings.state_dir)
    url = f"{'https' if settings.tls else 'http'}://localhost:{port_of(sockets)}/"
    try:
        replay = Replay(config, year_question(config), today_of(config, time.time), days)
        if len(replay):
            _count(replay)
        link = one_time_link(config, url)
    except (StoreError, AccountError) as error:
        _refuse(f"The generated figures cannot be kept: {error}.", status=1)
    servers.add("dashboard", sockets)
    click.echo(f"The dashboard, with generated figures, opens once by  {link}")


def _count(replay: Replay) -> None:
    """A bar where there is a terminal; in a log, or through a pipe, a line every tenth of the way."""
    text, length = "Counting generated visits", len(replay)
    if sys.stdout.isatty():
        with click.progressbar(replay.run(), length=length, label=text) as bar:
            for _ in bar:
                pass
        return
    tenths = 0
    for done, _ in enumerate(replay.run(), 1):
        if done * 10 // length > tenths:
            tenths = done * 10 // length
            click.echo(f"{text}: {done} of {length} days, {done * 100 // length} %")


def _end_on_signals() -> None:
    """TERM and HUP end the demo as Ctrl-C does; and that does, where a shell's background ignores it."""

    def end(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def _refuse(message: str, status: int = 2) -> NoReturn:
    click.echo(f"cookiegate: {message}", err=True)
    raise SystemExit(status)
