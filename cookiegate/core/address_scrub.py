"""The truncation of every place in one request that carries the visitor's address.

Works on the mapping that WSGI calls environ, edited in place: an access log that reads it after the call
sees what the application saw. Nothing is kept for putting back: where the full address may be seen, the
request is simply not scrubbed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

from .address import Precision, canonical, packed_address, truncate
from .forwarding import ADDRESS_LIST, Shortener

Environ = MutableMapping[str, Any]


def header_key(name: str) -> str:
    """`X-Real-IP` as WSGI spells it: `HTTP_X_REAL_IP`."""
    return "HTTP_" + name.upper().replace("-", "_")


class AddressScrub:
    """`forms` maps header names to "list" or "elements"; `spared` names headers that are never searched."""

    def __init__(self, forms: Mapping[str, str], spared: Iterable[str] = ()) -> None:
        self._forms = {header_key(name): form for name, form in forms.items()}
        self._keys = frozenset(self._forms)
        lists = {key for key, form in self._forms.items() if form == ADDRESS_LIST}
        self._kept = lists | {header_key(name) for name in spared}

    @property
    def places(self) -> frozenset[str]:
        """Every listed place of an address, for whoever has to take them all out unread."""
        return self._keys | {"REMOTE_ADDR", "REMOTE_HOST", "REMOTE_PORT", "werkzeug.proxy_fix.orig", *SOCKETS}

    def scrub_environ(self, environ: Environ, precision: Precision = "standard") -> None:
        """Truncate the address everywhere: connection, listed headers, and equal text in other headers."""
        shortener = Shortener(precision)
        for key in environ.keys() & self._keys:
            clean = shortener.header(self._forms[key], environ[key])
            if clean:
                environ[key] = clean
            else:
                del environ[key]
        _scrub_connection(environ, shortener)
        if shortener.known:
            self._scrub_others(environ, shortener.known)

    def _scrub_others(self, environ: Environ, known: dict[str, str]) -> None:
        known |= {usual: known[full] for full in known if ":" in full and (usual := canonical(full))}
        for key, value in list(environ.items()):
            if key[:5] == "HTTP_" and key not in self._kept and type(value) is str:
                for address in known:
                    if address in value:
                        value = environ[key] = _without(value, known)
                        break
                if value.count(":") > 1:
                    environ[key] = _without_spellings(value, known)


class QuietSocket:
    """A server's socket as an application may use it, without the peer's address.

    Some servers hand the socket out in the environ; its `repr` alone, in an error report, shows the address.
    """

    __slots__ = ("_precision", "_socket")

    def __init__(self, socket: Any, precision: Precision) -> None:
        self._socket = socket
        self._precision = precision

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def __repr__(self) -> str:
        return "<socket of this request>"

    def getpeername(self) -> Any:
        peer = self._socket.getpeername()
        return (truncate(str(peer[0]), self._precision), 0) if isinstance(peer, tuple) else peer


_SPELLING = re.compile(
    r"(?<![0-9A-Fa-f:.])(?=[0-9A-Fa-f.]{0,4}:[0-9A-Fa-f.]{0,4}:)[0-9A-Fa-f:.]{2,45}(?![0-9A-Fa-f:])"
)
SOCKETS = ("gunicorn.socket", "werkzeug.socket")


def _scrub_connection(environ: Environ, shortener: Shortener) -> None:
    peer = environ.get("REMOTE_ADDR")
    if peer:
        environ["REMOTE_ADDR"] = shortener.address(peer)
    if "REMOTE_PORT" in environ:
        environ["REMOTE_PORT"] = "0"
    if "REMOTE_HOST" in environ:
        environ["REMOTE_HOST"] = shortener.address(environ["REMOTE_HOST"])
    original = environ.get("werkzeug.proxy_fix.orig")
    if isinstance(original, dict) and original.get("REMOTE_ADDR"):
        short = shortener.address(original["REMOTE_ADDR"])
        environ["werkzeug.proxy_fix.orig"] = {**original, "REMOTE_ADDR": short}
    for key in SOCKETS:
        socket = environ.get(key)
        if socket is not None and type(socket) is not QuietSocket:
            environ[key] = QuietSocket(socket, shortener.precision)


def _without_spellings(value: str, known: dict[str, str]) -> str:
    """`value` with every other spelling of a known address replaced; IPv6 has many, and one for IPv4."""
    packed = {packed_address(full): short for full, short in known.items()}

    return _SPELLING.sub(lambda match: packed.get(packed_address(match[0]), match[0]), value)


def _without(value: str, known: dict[str, str]) -> str:
    """`value` with each known address, unless it is part of a longer number, replaced."""
    for address in sorted((full for full in known if full in value), key=len, reverse=True):
        value = _replaced(value, address, known[address])
    return value


def _replaced(value: str, address: str, short: str) -> str:
    """Found by hand: a regular expression made of the address would stay in the `re` module's cache."""
    digits = frozenset("0123456789abcdefABCDEF:" if ":" in address else "0123456789")
    pieces = []
    start = 0
    while (found := value.find(address, start)) >= 0:
        end = found + len(address)
        longer = value[max(found - 1, 0) : found] in digits or value[end : end + 1] in digits
        pieces += [value[start:found], address if longer else short]
        start = end
    return "".join(pieces) + value[start:]
