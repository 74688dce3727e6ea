"""What reached the tracker network: counts by service and host, and the last parameters. Memory only."""

from __future__ import annotations

from collections import Counter, deque
from threading import Lock
from typing import TypedDict

from .services import demo_services, service_of

KEPT = 200
"""How many requests are kept to be looked at; the counts go on."""


class Received(TypedDict):
    """One request that reached a stand-in."""

    number: int
    service: str
    host: str
    method: str
    path: str
    parameters: dict[str, str]
    cookies: list[str]


class ServiceCount(TypedDict):
    id: str
    name: str
    what: str
    requests: int
    hosts: dict[str, int]


class Counts(TypedDict):
    """`total` requests so far; `services` in the order of the file, unlisted hosts after them."""

    total: int
    services: list[ServiceCount]


class Recorder:
    """Shared by the threads of the network's one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hosts: Counter[str] = Counter()
        self._last: deque[Received] = deque(maxlen=KEPT)
        self._number = 0

    def add(self, host: str, method: str, path: str, parameters: dict[str, str], cookies: list[str]) -> None:
        with self._lock:
            self._number += 1
            self._hosts[host] += 1
            self._last.append(
                Received(
                    number=self._number,
                    service=service_of(host),
                    host=host,
                    method=method,
                    path=path,
                    parameters=parameters,
                    cookies=cookies,
                )
            )

    def clear(self) -> None:
        with self._lock:
            self._hosts.clear()
            self._last.clear()
            self._number = 0

    def requests(self) -> list[Received]:
        """The last requests, oldest first."""
        with self._lock:
            return list(self._last)

    def counts(self) -> Counts:
        with self._lock:
            hosts = dict(self._hosts)
        listed = [
            _listed(service.id, service.name, service.what, service.hosts, hosts)
            for service in demo_services()
        ]
        unlisted = [
            _listed(host, host, "", (host,), hosts) for host in sorted(hosts) if service_of(host) == host
        ]
        return Counts(total=sum(hosts.values()), services=listed + unlisted)


def _listed(id: str, name: str, what: str, own: tuple[str, ...], hosts: dict[str, int]) -> ServiceCount:
    mine = {host: hosts[host] for host in own if host in hosts}
    return ServiceCount(id=id, name=name, what=what, requests=sum(mine.values()), hosts=mine)
