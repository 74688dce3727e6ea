"""Internet addresses, truncated: /24 and /48 ("standard"), /16 and /32 ("strict"), or nothing ("drop").

An IPv6 address may carry a whole IPv4 address. The notations of a translator (`::ffff:a.b.c.d`, and NAT64's
`64:ff9b::/96`, RFC 6052) become that IPv4 address, truncated; 6to4 (`2002:aabb:ccdd::`, RFC 3056) is cut
inside the IPv4 it carries; Teredo (RFC 4380) keeps its prefix alone, all the rest names client and relay.

Nothing here remembers an address: no cache, however small.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv6Address
from typing import Literal

Precision = Literal["standard", "strict", "drop"]

LONGEST = 128
"""Characters of the longest text that is looked at: an address, brackets, a zone and a port fit easily."""

_DECIMALS = re.compile(r"(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})")
_MAPPED = bytes(10) + b"\xff\xff"
_NAT64 = b"\x00\x64\xff\x9b" + bytes(8)
_DOTTED = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9])"
_GROUP = "[0-9A-Fa-f]{0,4}"
_IN_TEXT = re.compile(
    rf"(?<![0-9A-Fa-f:]){_GROUP}(?::{_GROUP}){{1,7}}(?<=:){_DOTTED}"
    rf"|(?<![0-9A-Fa-f:]){_GROUP}(?::{_GROUP}){{2,8}}(?![0-9A-Za-z])"
    rf"|(?<![0-9]){_DOTTED}"
)


def truncate(text: str, precision: Precision = "standard") -> str:
    """The truncated address in canonical spelling; "" for whatever is not one address.

    Accepts quotes, brackets, a port and a zone id around it, and keeps none of them.
    """
    packed = packed_address(text)
    if packed is None or precision == "drop":
        return ""
    return _shortened(packed, 2 if precision == "strict" else 3)


def truncate_packed(text: str, precision: Precision = "standard") -> bytes:
    """The same as bytes, only those that are kept: 3 of an IPv4 address, 6 of an IPv6 one; b"" for what is none."""
    if precision == "standard":
        # The usual case in half the time. What `int` reads more generously is still cut to three octets.
        try:
            first, second, third, _ = text.split(".")
            return bytes((int(first), int(second), int(third)))
        except ValueError:
            pass
    packed = packed_address(text)
    if packed is None or precision == "drop":
        return b""
    return _kept(packed, 2 if precision == "strict" else 3)


def packed_address(text: str) -> bytes | None:
    """The 4 or 16 bytes of an address, an IPv4 in an IPv6 notation as its 4; None for anything else.

    Stricter than a browser: no octal, hexadecimal or short forms, so an unusual spelling is dropped whole.
    """
    if len(text) > LONGEST:
        return None
    packed = _ipv4(text)
    if packed is not None:
        return packed
    bare = _bare(text)
    if ":" not in bare:
        return _ipv4(bare)
    packed = _ipv6(bare) or _with_unbracketed_port(bare)
    # `64:ff9b::` alone is a network, and what a truncation may leave: it carries no IPv4 address.
    carries = packed and packed[:12] in (_MAPPED, _NAT64) and packed != _NAT64 + bytes(4)
    return packed[12:] if packed and carries else packed


def canonical(text: str) -> str:
    """The one spelling of an address ("" for anything else): for comparing, never for passing on."""
    packed = packed_address(text)
    return "" if packed is None else _spelled(packed)


def truncate_in_text(text: str, precision: Precision = "standard") -> str:
    """`text` with each address that stands in it truncated ("-" where nothing is left), for log lines."""

    def shorten(match: re.Match[str]) -> str:
        found = match.group()
        if packed_address(found) is not None:
            return truncate(found, precision) or "-"
        # A colon may hang on to an address ("peer 2001:db8::7: refused").
        core = found[:-1] if found.endswith(":") else found.removeprefix(":")
        return found.replace(core, truncate(core, precision) or "-") if packed_address(core) else found

    return _IN_TEXT.sub(shorten, text)


def _shortened(packed: bytes, octets: int) -> str:
    kept = _kept(packed, octets)
    if len(packed) == 4:
        return _dotted(kept.ljust(4, b"\0"))
    # The zeros at the end are the longest run there is, so this is the spelling of RFC 5952.
    groups = kept.ljust(6, b"\0").rstrip(b"\0")
    return ":".join([f"{high << 8 | low:x}" for high, low in _pairs(groups)]) + "::"


def _kept(packed: bytes, octets: int) -> bytes:
    """`octets` is what an IPv4 address keeps; an IPv6 address keeps twice as many bytes."""
    if len(packed) == 4:
        return packed[:octets]
    if packed.startswith(b"\x20\x02"):
        return packed[: 2 + octets].ljust(2 * octets, b"\0")
    if packed.startswith(b"\x20\x01\x00\x00"):
        return packed[:4].ljust(2 * octets, b"\0")
    return packed[: 2 * octets]


def _pairs(octets: bytes) -> Iterator[tuple[int, int]]:
    return zip(octets[::2], octets[1::2].ljust(len(octets[::2]), b"\0"), strict=True)


def _spelled(packed: bytes) -> str:
    return _dotted(packed) if len(packed) == 4 else IPv6Address(packed).compressed


def _dotted(packed: bytes) -> str:
    first, second, third, fourth = packed
    return f"{first}.{second}.{third}.{fourth}"


def _ipv4(text: str) -> bytes | None:
    match = _DECIMALS.fullmatch(text)
    if match is None:
        return None
    try:
        return bytes(map(int, match.groups()))
    except ValueError:
        return None


def _ipv6(text: str) -> bytes | None:
    try:
        return IPv6Address(text).packed
    except ValueError:
        return None


def _bare(text: str) -> str:
    """Without white space, quotes, brackets, port and zone id."""
    text = text.strip(" \t\"'")
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return text.partition("%")[0]


def _with_unbracketed_port(text: str) -> bytes | None:
    """Some proxies write `2001:db8:0:0:0:0:0:1:443` without brackets."""
    head, _, port = text.rpartition(":")
    if head.count(":") < 7 or not port.isdecimal():
        return None
    return _ipv6(head)
