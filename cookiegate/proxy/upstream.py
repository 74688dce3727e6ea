"""The site behind the proxy: where it is, and by which name it is asked."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..config import Config
from ..errors import ConfigError
from ..metrics import open_metrics


def _untold(_status: int) -> None:
    """Where nobody counts."""


def _counted(status: int) -> None:
    open_metrics().upstream.labels(str(status)).inc()


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """`origin` is `scheme://host[:port]`. `keeps_host`: it sees the name that the visitor asked for, as a
    local server expects; else its own, as a site on the web does. `timeout` in seconds, `max_body` in bytes
    (0 for no limit). `trouble` is told the status of each answer that the site did not give, or not wholly."""

    origin: str
    keeps_host: bool
    timeout: float = 60
    max_body: int = 0
    verify_tls: bool = True
    trouble: Callable[[int], None] = _untold

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def authority(self) -> str:
        """The value of its own `Host` header."""
        return self.origin.partition("://")[2]

    @classmethod
    def of(cls, config: Config) -> Upstream:
        """From the settings. Raises ConfigError where none is named."""
        proxy = config.proxy
        if not proxy.upstream:
            remedy = "name the site behind the gate: --upstream http://127.0.0.1:8080, or upstream in [proxy]"
            raise ConfigError("proxy.upstream", "", config.source, remedy)
        keeps = proxy.host == "visitor" if proxy.host != "auto" else is_local(proxy.upstream)
        return cls(
            origin=proxy.upstream,
            keeps_host=keeps,
            timeout=proxy.timeout,
            max_body=proxy.max_body,
            verify_tls=proxy.verify_tls,
            trouble=_counted if config.metrics_token else _untold,
        )


def is_local(origin: str) -> bool:
    """Whether an upstream is named by an address or a name without a dot, as servers of one's own are."""
    host = urlsplit(origin).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".internal", ".local"))
    return True
