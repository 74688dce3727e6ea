"""Where a request carries its sender's address, and what is left of it there.

A proxy writes the address into headers of a few dozen names, in two forms: a comma-separated list
("list") and RFC 7239's elements ("elements"). Elements keep their place, counted from the right, because that
is how an application finds the entry its own proxy wrote: what cannot be truncated becomes `unknown`
(RFC 7239, 6.2), it is not left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .address import Precision, packed_address, truncate
from .networks import Networks

ADDRESS_LIST = "list"
ELEMENTS = "elements"
MOST_HOPS = 32
"""Right-most entries that are kept of a list; the left ones beyond are the sender's own invention."""

LONGEST_ELEMENTS = 2048
"""Right-most characters of a `Forwarded` header that are read."""

_OBFUSCATED = re.compile(r"_[A-Za-z0-9_-]{1,32}\Z")
_TOKEN = re.compile(r"[A-Za-z0-9.:_\[\]-]{1,255}\Z")
_PAIR = re.compile(r'\s{0,4}([A-Za-z0-9-]{1,32})\s{0,4}=\s{0,4}("(?:[^"\\]|\\.)*"|[^;,"]*)')


def client_address(peer: str, x_forwarded_for: str, forwarded: str, trusted: Networks) -> str:
    """The right-most untrusted hop, as full as it came; "" where the trusted proxies name none.

    `peer` is the connection's own address ("" on a Unix socket, which counts as trusted once any proxy is).
    Nothing is believed of a header unless the peer is trusted. `Forwarded` counts only in the absence of
    `X-Forwarded-For`: a proxy that appends to one passes the other on as the sender wrote it.
    """
    if not trusted or not (x_forwarded_for or forwarded) or (peer and peer not in trusted):
        return peer
    hops = _list_hops(x_forwarded_for) if x_forwarded_for else _element_hops(forwarded)
    nearest = peer
    for hop in reversed(list(hops)):
        if packed_address(hop) is None:
            return ""
        nearest = _without_port(hop)
        if hop not in trusted:
            break
    return nearest


class Shortener:
    """The truncation of one request's addresses; text that several headers repeat is worked out once.

    `known` maps each full address that was met, as written without port and brackets, to its truncation. It
    holds full addresses, so it lives no longer than the request.
    """

    __slots__ = ("_nodes", "known", "precision")

    def __init__(self, precision: Precision) -> None:
        self.precision = precision
        self.known: dict[str, str] = {}
        self._nodes: dict[str, str] = {}

    def address(self, text: str) -> str:
        """The truncated address, "" for what is none."""
        short = truncate(text, self.precision)
        if short or (self.precision == "drop" and packed_address(text) is not None):
            full = _without_port(text)
            if full != short:
                self.known[full] = short
        return short

    def knows(self, text: str) -> bool:
        """Whether one of the full addresses stands in it: a host may be the visitor's own machine."""
        return any(full in text for full in self.known)

    def node(self, text: str) -> str:
        """One hop: its truncation, an obfuscated identifier (RFC 7239, 6.3) as it is, else `unknown`."""
        text = text.strip(" \t\"'")
        node = self._nodes.get(text)
        if node is None:
            node = self.address(text) or (text if _OBFUSCATED.match(text) else "unknown")
            self._nodes[text] = node
        return node

    def header(self, form: str, value: str) -> str:
        """A header's value by its form; "" (send no such header) where nothing is to be kept."""
        if form == ELEMENTS and "=" in value:
            elements = _split_elements(value)
            for element in elements:
                for name, text in element:
                    if name in ("for", "by"):
                        self.node(text)
            clean = ", ".join([_element(element, self) for element in elements])
        else:
            clean = ", ".join([self.node(hop) for hop in _list_hops(value)])
        return "" if self.precision == "drop" else clean


def scrub_address_header(form: str, value: str, precision: Precision) -> str:
    """`203.0.113.77, 10.0.0.1:80` becomes `203.0.113.0, 10.0.0.0`.

    `form` is "list" or "elements" (a value without `=` is a list after all). Of an element, `for`, `by`,
    `host` and `proto` are kept, other parameters are not.
    """
    return Shortener(precision).header(form, value)


def _element(pairs: Iterable[tuple[str, str]], shortener: Shortener) -> str:
    kept = []
    for name, text in pairs:
        if name in ("for", "by"):
            node = shortener.node(text)
            kept.append(f'{name}="[{node}]"' if ":" in node else f"{name}={node}")
        elif name in ("host", "proto") and _TOKEN.match(text) and not shortener.knows(text):
            kept.append(f'{name}="{text}"' if ":" in text else f"{name}={text}")
    return ";".join(kept) or "for=unknown"


def _list_hops(value: str) -> list[str]:
    hops = value.rsplit(",", MOST_HOPS)
    return hops if len(hops) <= MOST_HOPS else hops[1:]


def _element_hops(value: str) -> list[str]:
    return [dict(pairs).get("for", "") for pairs in _split_elements(value)]


def _split_elements(value: str) -> list[list[tuple[str, str]]]:
    """The pairs of each element, names in lower case, values without quotes; what is no pair is skipped."""
    if len(value) > LONGEST_ELEMENTS:
        value = value[-LONGEST_ELEMENTS:].partition(",")[2]
    elements: list[list[tuple[str, str]]] = [[]]
    position = 0
    while position < len(value):
        pair = _PAIR.match(value, position)
        if pair:
            text = pair[2].strip().strip('"').replace("\\", "")
            elements[-1].append((pair[1].lower(), text))
            position = pair.end()
        separator = value[position : position + 1]
        if separator == ",":
            elements.append([])
        position += 1
    return elements[-MOST_HOPS:]


def _without_port(hop: str) -> str:
    hop = hop.strip(" \t\"'")
    if hop.startswith("["):
        return hop[1:].partition("]")[0].partition("%")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop.partition("%")[0]
