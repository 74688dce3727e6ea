"""Inline scripts: the hosts they name, and the calls of known tools.

Speed decides the shape: `//` is found at memory speed and a host is read only there; calls are looked for
through a few sieves first, then with plain substring searches: short anchors, and the calls behind each that was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

WINDOW = 4096
"""Bytes at each end of a script in which calls are looked for. Tools' snippets are short and stand at an
end of what they were pasted into; what lies between is the site's own data, where only named hosts
count."""

# A JSON string inside a script writes "https:\/\/host\/path".
_NAMED = re.compile(rb"""/\\?/([A-Za-z0-9.-]+\.[A-Za-z][A-Za-z0-9-]+)(?::\d+)?""")
_PATH = re.compile(rb"""(?:\\?/[^\s"'`<>\\)]{0,60}){0,5}""")
_QUOTES = (b"'", b'"', b"`")
_SIEVE_BYTES = b"q(.jy_p"
"""Rare enough in scripts, and one of them in nearly every anchor."""


class SnippetRules:
    """`calls` maps a call, such as `fbq(` or `_paq.push(`, to its service; `anchor` is a piece of each of
    them.

    A call that ends in `(` and whose name is short enough to be a minifier's must be followed by a quote.
    """

    def __init__(self) -> None:
        self._groups: list[tuple[bytes, tuple[tuple[bytes, str], ...]]] = []
        self._sieves: list[Callable[[bytes], object]] = []

    def add(self, anchor: str, calls: Mapping[str, str]) -> None:
        needles = [(needle, service) for call, service in calls.items() for needle in _needles(call)]
        self._groups.append((anchor.encode(), tuple(needles)))
        self._sieves = _sieves(anchor for anchor, _ in self._groups)

    def calls_of(self, service_id: str) -> tuple[str, ...]:
        """The texts by which the service is known."""
        found = (
            needle for _, needles in self._groups for needle, service in needles if service == service_id
        )
        return tuple(needle.decode() for needle in found)

    def calls(self, text: bytes) -> Iterator[tuple[str, str]]:
        """Services whose calls stand in `text`, each with the call that was found."""
        if len(text) > 2 * WINDOW:
            text = text[:WINDOW] + b"\n" + text[-WINDOW:]
        for search in self._sieves:
            if search(text):
                break
        else:
            return
        for anchor, needles in self._groups:
            if anchor in text:
                for needle, service in needles:
                    if needle in text:
                        yield service, needle.decode()


def _sieves(anchors: Iterable[bytes]) -> list[Callable[[bytes], object]]:
    """Searches of which one finds something where any of `anchors` stands. Each pattern begins with one byte,
    which is found at memory speed, and looks around from there."""
    around: dict[int, list[bytes]] = {}
    for anchor in anchors:
        byte = next((byte for byte in _SIEVE_BYTES if byte in anchor), anchor[0])
        before, _, after = anchor.partition(bytes([byte]))
        look_back = b"(?<=%s)" % re.escape(before + bytes([byte])) if before else b""
        around.setdefault(byte, []).append(look_back + re.escape(after))
    return [
        re.compile(re.escape(bytes([byte])) + b"(?:%s)" % b"|".join(all)).search
        for byte, all in around.items()
    ]


def _needles(call: str) -> Iterable[bytes]:
    name = call.encode()
    if call.endswith("(") and len(call) <= 9 and call != "gtag(":
        return tuple(name + quote for quote in _QUOTES)
    return (name,)


def named_hosts(text: bytes) -> set[str]:
    """The host of every `//host` in a script; relative and broken ones are passed over."""
    return {host.decode("ascii").lower() for host in set(_NAMED.findall(text))}


def named_urls(text: bytes) -> Iterator[tuple[str, str]]:
    """Every `//host/path` in a script, in order. The path is looked at, not consumed: another URL may stand
    in it, or right behind it."""
    for found in _NAMED.finditer(text):
        path = _PATH.match(text, found.end())
        yield (
            found[1].decode("ascii").lower(),
            path[0].replace(b"\\/", b"/").decode("ascii", "replace") if path and path[0] else "/",
        )
