"""1,000 made-up requests with known addresses in every header: none is found afterwards."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from importlib.resources import files
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import pytest

from cookiegate.core.address_scrub import header_key
from cookiegate.request_data import load_address_scrub

DATA = json.loads(files("cookiegate").joinpath("data", "address-headers.json").read_text("utf-8"))
HEADERS = [(header_key(row["name"]), row["form"]) for row in DATA["headers"]]

REQUIRED = """
X-Forwarded-For Forwarded X-Real-IP X-Client-IP X-Cluster-Client-IP True-Client-IP
CF-Connecting-IP CF-Connecting-IPv6 CF-Pseudo-IPv4 Fastly-Client-IP Fly-Client-IP
X-Azure-ClientIP X-Azure-SocketIP X-Appengine-User-IP X-Vercel-Forwarded-For
X-Nf-Client-Connection-IP DO-Connecting-IP CloudFront-Viewer-Address X-Original-Forwarded-For
X-Envoy-External-Address X-ProxyUser-Ip WL-Proxy-Client-IP Proxy-Client-IP Client-IP
Forwarded-For X-Forwarded X-Remote-IP X-Remote-Addr X-Originating-IP Akamai-Client-IP
Cdn-Src-Ip Ali-CDN-Real-IP
"""


def test_every_known_header_is_in_the_data() -> None:
    assert set(REQUIRED.split()) <= {row["name"] for row in DATA["headers"]}


class Visitor:
    """An address that truncation changes, and everything that would give it away in full."""

    def __init__(self, chance: random.Random) -> None:
        number = chance.getrandbits(32) | 1 | 1 << 31
        self.v4 = str(IPv4Address(number))
        self.v6 = str(IPv6Address(0x2001_0DB8 << 96 | chance.getrandbits(90) | 1 << 40 | 1))
        high, low = number >> 16, number & 0xFFFF
        self.mapped = f"::ffff:{self.v4}"
        self.mapped_hex = f"::ffff:{high:x}:{low:x}"
        self.sixtofour = str(IPv6Address(0x2002 << 112 | number << 80 | 1))
        self.teredo = str(IPv6Address(0x2001 << 112 | 0x41 << 80 | number ^ 0xFFFFFFFF))
        self.nat64 = f"64:ff9b::{self.v4}"
        self.all = [getattr(self, name) for name in vars(self)]

    def secrets(self) -> set[str]:
        exploded = {IPv6Address(text).exploded for text in self.all if ":" in text}
        usual = {str(IPv6Address(text)) for text in self.all if ":" in text}
        return {self.v4, *self.all, *exploded, *usual, f"{self.sixtofour[5:14]}"}


def values(chance: random.Random, visitor: Visitor, form: str) -> str:
    """One header's value around one of the visitor's addresses: plain, listed, malformed or very long."""
    address = chance.choice(visitor.all)
    bracketed = f"[{address}]" if ":" in address else address
    shapes = [
        address,
        f"{bracketed}:{chance.randrange(65536)}",
        f'"{bracketed}"',
        f"198.51.100.9, {address}",
        f"{address}, unknown, {chance.choice(visitor.all)}",
        f"{address}%eth0",
        f"[{address}",
        f"{address};x",
        f"{address} {address}",
        f",,{address},",
        f"\t{address}\x00",
        f"_{address}",
        address * 1600,
        (address + ",") * (65536 // (len(address) + 1)),
        "x" * 65000 + address,
        address + ", " + "a" * 65000,
    ]
    value = chance.choice(shapes)
    if form == "elements" and chance.random() < 0.8:
        wrapped = [
            f"for={value}",
            f'for="{value}"',
            f"For={bracketed};By={address};host=site.test;proto=https",
            f"by={value};secret={address}",
            f'for="{value}',
            f"for=_x, for={bracketed}, {address}",
            f'for="a\\"{address}"',
        ]
        value = chance.choice(wrapped)
    return value


def request(chance: random.Random, visitor: Visitor) -> dict[str, Any]:
    peer = chance.choice(visitor.all)
    environ: dict[str, Any] = {
        "REMOTE_ADDR": peer,
        "REMOTE_HOST": chance.choice([peer, "dyn.isp.test"]),
        "REMOTE_PORT": "51234",
        "HTTP_HOST": "site.test",
        "HTTP_ACCEPT": "*/*",
        "HTTP_X_NOBODY_LISTED": f"seen {peer}",
        "werkzeug.proxy_fix.orig": {"REMOTE_ADDR": chance.choice(visitor.all)},
    }
    for key, form in HEADERS:
        environ[key] = values(chance, visitor, form)
    return environ


def texts(environ: dict[str, Any]) -> Iterator[str]:
    for value in environ.values():
        yield value if isinstance(value, str) else repr(value)


@pytest.mark.parametrize("precision", ["standard", "strict", "drop"])
def test_no_request_keeps_a_full_address(precision: str) -> None:
    scrub = load_address_scrub()
    chance = random.Random(77)
    for _ in range(1000 if precision == "standard" else 100):
        visitor = Visitor(chance)
        environ = request(chance, visitor)
        scrub.scrub_environ(environ, precision)
        everything = "\n".join(texts(environ)).lower()
        found = [secret for secret in visitor.secrets() if secret in everything]
        assert not found, (found, {k: v[:200] for k, v in environ.items() if any(s in str(v) for s in found)})
