"""`cookiegate demo`: a company's site behind the gate, and a tracker network that counts, on this machine."""

from __future__ import annotations

import signal
import webbrowser
from pathlib import Path
from typing import NoReturn

import click

from ..config.secrets import read_or_make_secret
from ..demo.listening import PortTakenError, listen, port_of
from ..demo.servers import Servers
from ..demo.settings import DemoSettings
from ..demo.state import default_state
from ..errors import ConfigError

EXAMPLES = """\b
Examples:
  cookiegate demo                  the site on http://localhost:8000/
  cookiegate demo --port 9000      on another port
  cookiegate demo --ungated        the same site without the gate
  cookiegate demo --open           and open it in the browser
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
        _refuse(f"{error} Choose another one with --port or --network-port.")
    except OSError as error:
        _refuse(f"The port cannot be used: {error.strerror or error}.")
    except ConfigError as error:
        _refuse(f"{error.value} cannot be kept there. Name a folder that can be written with --state.")
    with Servers(settings, site=site, network=network, certificate=tls or ()) as servers:
        try:
            _say(settings)
            if open_browser:
                webbrowser.open(settings.url)
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


def _end_on_signals() -> None:
    """TERM and HUP end the demo as Ctrl-C does; and that does, where a shell's background ignores it."""

    def end(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def _refuse(message: str, status: int = 2) -> NoReturn:
    click.echo(f"cookiegate: {message}", err=True)
    raise SystemExit(status)
