"""The service, put together from settings: the gate's own pages, and every embedded site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .catalogue_files import load_delivery
from .config import Config, embedded_config, secret_keys_of
from .counting.counter import REGION
from .embed.app import PREFIX, build_embed
from .embed.pinned import pinned_scripts
from .embed.scripts import Scripts
from .embed.site import EmbeddedSite
from .gate.edits import NETWORK
from .opening import open_gate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def open_site(config: Config, host: str) -> EmbeddedSite:
    """The embedded site `host`, with a question, a ledger and keys of its own. Raises ConfigError."""
    own = embedded_config(config, host, secret_keys_of(config))
    gate, _pages = open_gate(own)
    delivery = own.delivery if own.delivery is not None else load_delivery()
    return EmbeddedSite(host, config.embed[host], gate, tuple(delivery))


def open_service(config: Config) -> WSGIApplication:
    """The gate's own pages and those of its embedded sites. Raises ConfigError, with nothing started."""
    gate, pages = open_gate(config)
    if not config.embed:
        return pages
    sites = {host: open_site(config, host) for host in config.embed}
    scripts = Scripts()
    embedded = build_embed(sites, scripts, pinned=pinned_scripts(config, scripts))

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith(PREFIX):
            return pages(environ, start_response)
        environ[NETWORK] = gate.edits.network(environ)
        if gate.counter is not None:
            environ[REGION] = gate.counter.region(environ)
        gate.edits.own_pages(environ)
        return embedded(environ, start_response)

    return app
