"""What the settings say of services, held against what the catalogue knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ..core.consent import CATEGORIES, NECESSARY
from ..errors import ConfigError
from .refusal import nearest
from .schema import Config, ServiceEntry

TRACKING = frozenset({"analytics", "marketing"})


class KnownService(Protocol):
    """What the configuration asks of a catalogued service."""

    @property
    def name(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def shared(self) -> bool: ...


class Known(Protocol):
    """What the configuration asks of the catalogue that ships with the package."""

    @property
    def services(self) -> Mapping[str, KnownService]: ...
    def service(self, id: str, /) -> KnownService | None: ...
    def match_url(self, host: str, path: str, /) -> Any: ...


def validate(config: Config, catalogue: Known) -> None:
    """Raise ConfigError for a service that nobody knows or that may not be what the operator says it is."""
    _validate_shared(config)
    for service in config.services:
        if service not in config.service and catalogue.service(service) is None:
            near = nearest(service, catalogue.services)
            remedy = f"the catalogue has no such service{near}; or describe it in [service.{service}]"
            raise ConfigError("services", service, config.source, remedy)
        known = catalogue.service(service)
        if known is not None and service not in config.service:
            _validate_category(config, service, "shared" if known.shared else known.category)
    for service, entry in config.service.items():
        _validate_entry(config, service, entry, catalogue.service(service), catalogue)


def _validate_shared(config: Config) -> None:
    """One page for every visitor can hold nothing that is made for each response or each request."""
    if config.cache != "shared":
        return
    if config.inline_scripts == "hold":
        remedy = 'a nonce is new in each response, and cache = "shared" sends everyone the same; leave one of them out'
        raise ConfigError("inline_scripts", config.inline_scripts, config.source, remedy)
    if not config.site.public_url:
        remedy = (
            'cache = "shared" needs it, since a cached page cannot follow a request: public_url = "https://…"'
        )
        raise ConfigError("site.public_url", "", config.source, remedy)


def _validate_category(config: Config, id: str, category: str) -> None:
    """Some catalogued services (hosting, CDN) have no category that visitors could be asked about."""
    if category not in ("", *CATEGORIES):
        remedy = (
            f"the catalogue cannot say what {id} does on this site; give it one of {', '.join(CATEGORIES)}"
        )
        raise ConfigError(f"service.{id}.category", "", config.source, remedy)


def _validate_entry(
    config: Config, id: str, entry: ServiceEntry, known: KnownService | None, catalogue: Known
) -> None:
    key = f"service.{id}"
    if known is None and entry.enabled is not False:
        for name in ("category", "hosts"):
            if not getattr(entry, name):
                remedy = f"the catalogue has no service {id!r}, so its {name} must be given"
                raise ConfigError(f"{key}.{name}", getattr(entry, name), config.source, remedy)
    _validate_category(config, id, entry.category or (known.category if known else ""))
    if entry.category != NECESSARY:
        return
    if known is not None and known.category in TRACKING:
        remedy = (
            f"{known.name} is {known.category}, which is never necessary; leave category out "
            "and visitors are asked about it"
        )
        raise ConfigError(f"{key}.category", entry.category, config.source, remedy)
    for host in entry.hosts:
        match = catalogue.match_url(host.removeprefix("*."), "/")
        if match is not None and match.category in TRACKING:
            who = match.service.name if match.service else host
            remedy = f"{host} serves {who}: {match.category}, which is never necessary"
            raise ConfigError(f"{key}.hosts", list(entry.hosts), config.source, remedy)
    if not (entry.reason or (known is not None and known.reason)):
        remedy = "say why the visitor's own request needs this service; visitors read it on the settings page"
        raise ConfigError(f"{key}.reason", entry.reason, config.source, remedy)
