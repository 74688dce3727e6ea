"""The service, put together from settings: the gate's own pages, and every embedded site. It follows its settings and
the questions of all its sites, as a gate follows its own."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .catalogue_files import load_delivery
from .config import Config, embedded_config, secret_keys_of
from .counting.counter import REGION
from .embed.app import PREFIX, build_embed
from .embed.pinned import pinned_scripts
from .embed.scripts import Scripts
from .embed.site import EmbeddedSite
from .errors import ConfigError
from .gate import Gate
from .gate.edits import NETWORK
from .live_gate import RETRY, SECONDS, Mark, mark_of
from .opening import open_gate, read_config

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger("cookiegate")


def open_site(config: Config, host: str, before: Gate | None = None) -> EmbeddedSite:
    """The embedded site `host`, with a question, a ledger and keys of its own. Raises ConfigError.

    What `before` keeps of the same site, its ledger and tally, goes on being used."""
    own = embedded_config(config, host, secret_keys_of(config))
    gate = _open(own, before)[0]
    delivery = own.delivery if own.delivery is not None else load_delivery()
    return EmbeddedSite(host, config.embed[host], gate, tuple(delivery))


def open_service(config: Config) -> WSGIApplication:
    """The gate's own pages and those of its embedded sites. Raises ConfigError, with nothing started."""
    return LiveService(config)


@dataclass(frozen=True)
class _Opened:
    """What answers until something changes. `embedded` is None where there is no such site."""

    config: Config
    gate: Gate
    pages: WSGIApplication
    sites: Mapping[str, EmbeddedSite]
    embedded: WSGIApplication | None

    @property
    def files(self) -> list[Path]:
        """Whose change is one of the service."""
        gates = [self.gate, *(site.gate for site in self.sites.values())]
        return [Path(self.config.source), *(gate.config.question_path for gate in gates)]


class LiveService:
    """A WSGI application. Its files are looked at once a second at most, when a request comes; what has changed is
    opened beside what was, which answers until then and stays where the new settings cannot be used. Allowances of
    networks begin anew with it."""

    def __init__(self, config: Config) -> None:
        self._opened = _open_all(config)
        self._marks = self._look()
        self._next = time.monotonic() + SECONDS
        self._retry: float | None = None
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        now = self._current()
        if now.embedded is None or not environ.get("PATH_INFO", "").startswith(PREFIX):
            return now.pages(environ, start_response)
        environ[NETWORK] = now.gate.edits.network(environ)
        if now.gate.counter is not None:
            environ[REGION] = now.gate.counter.region(environ)
        now.gate.edits.own_pages(environ)
        return now.embedded(environ, start_response)

    def reopen(self) -> bool:
        """Whether the settings and questions of now are in force."""
        with self._lock:
            before, known = self._opened, self._retry is not None
            try:
                source = Path(before.config.source)
                self._opened = _open_all(read_config(source) if source.is_file() else before.config, before)
            except ConfigError as error:
                self._retry = time.monotonic() + RETRY
                if not known:
                    log.error("The settings cannot be used, so the ones of before stay: %s", error)
                return False
            self._retry = None
        log.info("The settings have changed and are in force.")
        return True

    def _current(self) -> _Opened:
        """Never waits: a change is taken up by a thread of its own."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SECONDS
            marks = self._look()
            again = self._retry is not None and time.monotonic() >= self._retry
            if marks != self._marks or again:
                self._retry = self._retry if marks == self._marks else None
                self._marks = marks
                threading.Thread(target=self.reopen, name="cookiegate-settings", daemon=True).start()
        return self._opened

    def _look(self) -> dict[Path, Mark]:
        return {file: mark_of(file) for file in self._opened.files}


def _open_all(config: Config, before: _Opened | None = None) -> _Opened:
    gate, pages = _open(config, before.gate if before else None)
    known = before.sites if before else {}
    sites = {
        host: open_site(config, host, known[host].gate if host in known else None) for host in config.embed
    }
    if not sites:
        return _Opened(config, gate, pages, sites, None)
    scripts = Scripts()
    embedded = build_embed(sites, scripts, pinned=pinned_scripts(config, scripts))
    return _Opened(config, gate, pages, sites, embedded)


def _open(config: Config, before: Gate | None) -> tuple[Gate, WSGIApplication]:
    same = before is not None and before.config.ledger_path == config.ledger_path
    if before is None or not same:
        return open_gate(config)
    kept = before.config.cookie_days == config.cookie_days
    return open_gate(config, ledger=before.ledger if kept else None, tally=before.tally)
