"""A set of networks, such as the operator's trusted proxies, asked about addresses as text."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from .address import packed_address


class Networks:
    """`Networks(["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"])`; raises ValueError for what is no network."""

    def __init__(self, cidrs: Iterable[str] = ()) -> None:
        self._masked: dict[int, list[tuple[int, int]]] = {4: [], 16: []}
        for cidr in cidrs:
            network = ipaddress.ip_network(cidr.strip(), strict=False)
            size = network.max_prefixlen // 8
            self._masked[size].append((int(network.netmask), int(network.network_address)))

    def __bool__(self) -> bool:
        return any(self._masked.values())

    def __contains__(self, address: object) -> bool:
        packed = packed_address(address) if isinstance(address, str) else None
        if packed is None:
            return False
        number = int.from_bytes(packed, "big")
        return any(number & mask == start for mask, start in self._masked[len(packed)])
