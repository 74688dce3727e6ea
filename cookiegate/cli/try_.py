"""`cookiegate try`: a site as it would look behind the gate, on this machine, and what would be held."""

from __future__ import annotations

import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from ..config import Config
from ..errors import ConfigError
from ..opening import read_config
from ..tally import Tally
from .held import parties
from .proxy import check_installed

SECONDS = 2.0
AGENT = "Mozilla/5.0 (cookiegate try)"

EXAMPLES = """\b
Examples:
  cookiegate try https://www.example.com     a site on the web, its own links mapped
  cookiegate try http://127.0.0.1:8080       a server on this machine

\b
Open the address that it prints; what is held is listed here as it happens. Nothing is kept afterwards; the
decisions in cookiegate.toml count, and are taken up while it runs:
  cookiegate allow images.example-cdn.com
"""


@click.command(name="try", epilog=EXAMPLES)
@click.argument("url")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8010, show_default=True, help="Port on localhost."
)
@click.option(
    "--config", type=click.Path(path_type=Path), help="The configuration file.  [default: cookiegate.toml]"
)
def try_(url: str, port: int, config: Path | None) -> None:
    """Serve the site at URL on localhost, gated, and list what is held."""
    check_installed()
    origin = _origin(url)
    with tempfile.TemporaryDirectory(prefix="cookiegate-try-") as folder:
        settings = Settings(config, origin, port, Path(folder))
        tally = Tally(settings.read().tally_path)
        click.echo(f"{origin} behind the gate: http://localhost:{port}/   (Ctrl-C ends)")
        with _listing(tally, settings):
            _serve(settings, origin, port)


class Settings:
    """The operator's, with the site on localhost and a state that is thrown away."""

    def __init__(self, file: Path | None, origin: str, port: int, folder: Path) -> None:
        self._file = file
        self._origin = origin
        self._port = port
        self._folder = folder

    def read(self) -> Config:
        """Raises ConfigError where the file cannot be used."""
        from ..proxy import Upstream
        from ..proxy.site import with_own_domain

        config = read_config(self._file)
        proxy = {**asdict(config.proxy), "upstream": self._origin}
        config = replace(
            config,
            proxy=proxy,  # type: ignore[arg-type]
            site=replace(config.site, public_url=f"http://localhost:{self._port}"),
            state_dir=self._folder,
            cookie_domain="",
        )
        return with_own_domain(config, Upstream.of(config))


def _origin(url: str) -> str:
    """Where the site answers, after the redirects to its usual name. Raises ConfigError."""
    try:
        request = urllib.request.Request(url, headers={"User-Agent": AGENT})  # noqa: S310 - checked below
        if urlsplit(url).scheme not in ("http", "https"):
            raise ValueError("write a web address that begins with https:// (or http://)")
        with urllib.request.urlopen(request, timeout=15) as answer:  # noqa: S310
            url = answer.url
    except urllib.error.HTTPError as error:
        url = error.url or url
    except (OSError, ValueError) as error:
        raise ConfigError("URL", url, "command line", f"cannot be asked: {error}") from None
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _serve(settings: Settings, origin: str, port: int) -> None:
    import uvicorn

    from ..asgi import GateMiddleware
    from ..proxy import Proxy, Upstream
    from ..proxy.limited import LimitedProtocol
    from ..proxy.link_map import LinkMap

    upstream = Upstream.of(settings.read())
    site = LinkMap(Proxy(upstream), upstream.authority, f"localhost:{port}")
    app = GateMiddleware(site, settings.read)
    uvicorn.run(
        app, host="localhost", port=port, http=LimitedProtocol, log_level="error", lifespan="off",
        server_header=False, date_header=False, proxy_headers=False, timeout_graceful_shutdown=1,
    )  # fmt: skip


@contextmanager
def _listing(tally: Tally, settings: Settings) -> Iterator[None]:
    """Each third party once, when it is first held."""
    over = threading.Event()

    def watch() -> None:
        seen: set[str] = set()
        while not over.wait(SECONDS):
            for party in parties(tally.rows(), settings.read()):
                if party.name not in seen:
                    seen.add(party.name)
                    click.echo(f"held  {party.name}  {party.category}  {', '.join(party.kinds)}")

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(SECONDS)
