"""`cookiegate proxy`: the gate in front of a site in any language, as a reverse proxy."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..config import Config, plain_http_warning, secret_keys_of
from ..errors import ConfigError
from ..gate import Gate
from ..live_gate import Pair
from ..metrics import share_figures
from ..opening import open_gate, read_config
from ..server import Server, sensible_workers

if TYPE_CHECKING:
    from ..proxy.site import Sites

NEEDED = ("aiohttp", "httptools", "uvicorn", "uvicorn_worker", "websockets")

EXAMPLES = """\b
Examples:
  cookiegate proxy --upstream http://127.0.0.1:8080        a server on this machine
  cookiegate proxy --upstream https://www.example.com      a site on the web, asked by its own name
  cookiegate proxy                                         upstream stands in cookiegate.toml, in [proxy]
  cookiegate proxy --config shop.toml --config blog.toml   several sites, by the name that is asked for

\b
Signals: HUP reads the settings again and replaces the workers, TERM ends; neither loses a request.
"""


@click.command(epilog=EXAMPLES)
@click.option("--upstream", metavar="URL", help="The site behind the gate: scheme, host and port.")
@click.option(
    "--config",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="The configuration file; once for each site.  [default: cookiegate.toml]",
)
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port to listen on.")
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Worker processes.  [default: one a core, 2 to 8]"
)
@click.option("--access-log", metavar="FILE", help="Write method, path and status of requests; - is stdout.")
@click.option(
    "--tls",
    nargs=2,
    type=click.Path(exists=True, dir_okay=False),
    metavar="CERTIFICATE KEY",
    help="Serve over TLS.",
)
def proxy(
    upstream: str | None,
    files: tuple[Path, ...],
    bind: str,
    workers: int | None,
    access_log: str | None,
    tls: tuple[str, str] | None,
) -> None:
    """Stand in front of a site in any language: pages are gated on their way to the visitor.

    A setting that cannot be used stops the start with one line and exit status 2.
    """
    check_installed()
    share_figures()
    settings = Settings(files, upstream)
    for gate, _ in settings.opened:
        if warning := plain_http_warning(gate.config):
            click.echo(f"cookiegate: warning: {warning}", err=True)
    refuse_split_consent(gate for gate, _ in settings.opened)
    options: dict[str, Any] = {"bind": bind, "workers": workers or sensible_workers()}
    if access_log:
        options["accesslog"] = access_log
    if tls:
        options["certfile"], options["keyfile"] = tls
    worker = "cookiegate.proxy.worker.ProxyWorker"
    Server(settings.make, proc_name="cookiegate", worker_class=worker, threads=1, **options).run()


class Settings:
    """The configurations of all sites, read again by each worker. The gates of the start stand by: a worker that
    takes a dead one's place while the settings or the state folder cannot be used answers with those."""

    def __init__(self, files: tuple[Path, ...], upstream: str | None) -> None:
        self._files: tuple[Path | None, ...] = files or (None,)
        self._upstream = upstream
        self.opened = [self._open(file) for file in self._files]

    def make(self) -> Sites:
        from ..proxy.site import ProxiedSite, Sites

        reads = (partial(self._read, file) for file in self._files)
        return Sites([ProxiedSite(read, before) for read, before in zip(reads, self.opened, strict=True)])

    def _open(self, file: Path | None) -> Pair:
        from ..proxy import Upstream
        from ..proxy.site import with_own_domain

        config = self._read(file)
        return open_gate(with_own_domain(config, Upstream.of(config)))

    def _read(self, file: Path | None) -> Config:
        """Raises ConfigError where it cannot be used."""
        config = read_config(file)
        if self._upstream is None:
            return config
        return replace(config, proxy={**asdict(config.proxy), "upstream": self._upstream})  # type: ignore[arg-type]


def refuse_split_consent(gates: Iterable[Gate]) -> None:
    """Raise ConfigError where sites share a cookie and neither the question nor the keys: each would ask again
    whoever has answered the other."""
    first: dict[str, Gate] = {}
    for gate in gates:
        domain = gate.config.cookie_domain
        other = first.setdefault(domain, gate) if domain else gate
        same_keys = secret_keys_of(other.config) == secret_keys_of(gate.config)
        if other.question.hash != gate.question.hash or not same_keys:
            what = "another question" if same_keys else "another secret"
            remedy = f"{other.config.source} shares this cookie and has {what}; give both the same state_dir"
            raise ConfigError("cookie_domain", domain, gate.config.source, remedy)


def check_installed() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        remedy = "install them with: pip install 'cookiegate[proxy]'"
        raise ConfigError("proxy", ", ".join(missing), "this installation", remedy)
