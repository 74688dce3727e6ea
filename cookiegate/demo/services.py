"""The third parties of the demo site, read from the packaged `network/services.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

NETWORK = Path(__file__).parent / "network"


@dataclass(frozen=True, slots=True)
class DemoService:
    """One third party. `answers` are (host, path prefix, file or word) of what the stand-in sends
    back, `marks` words that only an inline tag of it contains, `catalogue` the gate's ids and their hosts."""

    id: str
    name: str
    what: str
    hosts: tuple[str, ...]
    answers: tuple[tuple[str, str, str], ...]
    marks: tuple[str, ...]
    catalogue: dict[str, tuple[str, ...]]


@cache
def demo_services() -> tuple[DemoService, ...]:
    data = tomllib.loads((NETWORK / "services.toml").read_text("utf-8"))
    return tuple(_service(row) for row in data["service"])


def _service(row: dict[str, Any]) -> DemoService:
    catalogue = {name: tuple(hosts) for name, hosts in row.get("catalogue", {}).items()}
    return DemoService(
        id=row["id"],
        name=row["name"],
        what=row["what"],
        hosts=tuple(row.get("hosts", ())) + tuple(host for own in catalogue.values() for host in own),
        answers=tuple((host, path, answer) for host, path, answer in row["answers"]),
        marks=tuple(row.get("marks", ())),
        catalogue=catalogue,
    )


def all_hosts() -> tuple[str, ...]:
    return tuple(host for service in demo_services() for host in service.hosts)


def service_of(host: str) -> str:
    """The id of the service that `host` (a real name) belongs to, else `host` itself."""
    return next((service.id for service in demo_services() if host in service.hosts), host)
