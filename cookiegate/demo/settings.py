"""One run of the demo: where its two servers are, and how it names the trackers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from .hosts import Hosts
from .services import all_hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSettings:
    """`state` is a folder of the demo's own. `site_hosts` are further names of the site: with `real_hosts`
    it is usually opened under another name than localhost."""

    state: str
    site_port: int = 8000
    network_port: int = 8001
    real_hosts: bool = False
    gated: bool = True
    tls: bool = False
    site_hosts: tuple[str, ...] = ()

    def hosts(self) -> Hosts:
        return Hosts(all_hosts(), None if self.real_hosts else self.network_port)

    @property
    def state_dir(self) -> Path:
        return Path(self.state)

    @property
    def url(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://localhost:{self.site_port}/"

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> DemoSettings:
        data = json.loads(text)
        return cls(**{**data, "site_hosts": tuple(data["site_hosts"])})
