"""A gate and its own pages, put together from settings and the files beside them."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .catalogue_files import load_catalogue, load_delivery, operator_catalogue, registrable_domain
from .config import Config, load_toml, published_question, question_from, secret_keys_of, validate
from .core.consent import consent_of
from .counting.counter import REGION
from .counting.opening import open_counter
from .embed.app import PREFIX
from .embed.own import OwnPages
from .errors import ConfigError
from .face import Face
from .gate import CookieNames, Gate
from .gate.edits import NETWORK
from .gate.variant import Variants
from .ledger import Ledger
from .metrics import Metrics, open_metrics
from .tally import Tally
from .web import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from .counting import Figures

log = logging.getLogger("cookiegate")
DEFAULT_FILE = "cookiegate.toml"


def read_config(config: Config | Path | str | None = None) -> Config:
    """A `Config` as it is, the file at a path, `cookiegate.toml` in the working directory, else the defaults.
    Raises ConfigError."""
    if isinstance(config, Config):
        return config
    if config is None:
        config = Path(DEFAULT_FILE)
        if not config.exists():
            return Config()
    return load_toml(Path(config))


def open_gate(
    config: Config | Path | str | None = None, *, ledger: Ledger | None = None, tally: Tally | None = None
) -> tuple[Gate, WSGIApplication]:
    """An open gate and the application for its own pages. Raises ConfigError, with nothing started.

    `ledger` and `tally` of a gate before this one go on being used.
    """
    config = read_config(config)
    validate(config, load_catalogue())
    if config.mode == "observe":
        log.warning(
            'NOT ENFORCING: %s says mode = "observe"; every tracker runs before any choice.', config.source
        )
    catalogue = operator_catalogue(config)
    keys = secret_keys_of(config)
    question = published_question(config, catalogue)
    delivery = config.delivery if config.delivery is not None else load_delivery()
    names = CookieNames(domain=config.cookie_domain, insecure=config.insecure_http)
    metrics = open_metrics() if config.metrics_token else None
    gate = Gate(
        config,
        catalogue=catalogue,
        question=question,
        secret_keys=keys,
        ledger=ledger or Ledger(config.ledger_path, cookie_days=config.cookie_days),
        tally=tally or Tally(config.tally_path),
        face=Face(config, catalogue, question, delivery=delivery, cookie_names=(names.consent, names.once)),
        delivery=delivery,
        registrable=registrable_domain(),
        counter=open_counter(config, question.hash),
        metrics=metrics,
    )
    if metrics is not None:
        _watch(metrics, gate)
    pages: WSGIApplication = build(gate)
    if config.cache == "shared":
        own = OwnPages(gate, delivery)
        gate.head = own
        pages = _beside(own.pages, pages)
    return gate, _addressless(gate, pages)


def _beside(scripted: WSGIApplication, pages: WSGIApplication) -> WSGIApplication:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        ours = environ.get("PATH_INFO", "").startswith(PREFIX)
        return (scripted if ours else pages)(environ, start_response)

    return app


def _watch(metrics: Metrics, gate: Gate) -> None:
    """States of this worker's gate; a newer gate takes an older one's place."""
    ledger = gate.ledger
    ready = "Whether consent records can be written (0 where a worker cannot)."
    source = gate.config.source
    metrics.watch("ready", ready, lambda: float(ledger.ready()), site=source, over_workers="livemin")
    if gate.counter is not None and (read := gate.counter.figures) is not None:
        _watch_counting(metrics, read, source)


def _watch_counting(metrics: Metrics, read: Callable[[], Figures], source: str) -> None:
    watch = partial(metrics.watch, site=source)
    watch("counts_waiting", "Counted cells that no store has yet.", lambda: float(read().depth))
    age = "Seconds since the store took a flush, of the worker where that is longest."
    watch("counts_flush_age_seconds", age, lambda: read().flush_age, over_workers="livemax")
    watch("counts_flush_errors", "Flushes that the store did not take.", lambda: float(read().errors))
    watch("counts_overflowed", "Increments under no label of their own.", lambda: float(read().overflowed))
    watch("counts_seal_errors", "Sealings that had to wait.", lambda: float(read().seal_errors))
    last = "The last day that was sealed, as YYYYMMDD."
    watch("counts_sealed_until", last, lambda: float(read().sealed_until), over_workers="livemax")


def undecided_policy(config: Config) -> str:
    """The Content-Security-Policy of a visitor without a choice. Opens and makes nothing; raises ConfigError."""
    validate(config, load_catalogue())
    if not config.site.host:
        remedy = 'name the site, since a policy that is written down cannot follow a request: public_url = "https://…"'
        raise ConfigError("site.public_url", "", config.source, remedy)
    catalogue = operator_catalogue(config)
    question = question_from(config, catalogue)
    variants = Variants(
        config,
        catalogue,
        question,
        delivery=config.delivery if config.delivery is not None else load_delivery(),
        registrable=registrable_domain(),
        our_cookies=frozenset(),
    )
    return variants.of({}, consent_of(None, question)).policy


def _addressless(gate: Gate, pages: WSGIApplication) -> WSGIApplication:
    """A server's access log beside the ledger must not tell whose choice a record is. The region, which answers
    are counted by, and the network, which they are limited by, are looked up before the address goes."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(("/_gate/consent", PREFIX)):
            environ[NETWORK] = gate.edits.network(environ)
            if gate.counter is not None:
                environ[REGION] = gate.counter.region(environ)
        gate.edits.own_pages(environ)
        return pages(environ, start_response)

    return app
