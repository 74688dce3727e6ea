"""The site's way to the tracker network's counts: server to server, so that looking is never counted."""

from __future__ import annotations

import json
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any

from .tracker_network import ASKING

PATIENCE = 2.0
"""Seconds before the page says that the network does not answer."""


class CountsClient:
    """Asks the network on loopback. Every method returns None where it does not answer."""

    def __init__(self, port: int, *, tls: bool = False) -> None:
        self._port = port
        self._tls = tls

    def counts(self) -> Any:
        return self._ask("GET", "/")

    def requests(self) -> Any:
        return self._ask("GET", "/requests")

    def reset(self) -> Any:
        return self._ask("POST", "/reset")

    def _ask(self, method: str, path: str) -> Any:
        connection = self._connect()
        try:
            connection.request(
                method, path, headers={"Host": f"{ASKING}:{self._port}", "Content-Length": "0"}
            )
            return json.loads(connection.getresponse().read())
        except (OSError, HTTPException, ValueError):
            return None
        finally:
            connection.close()

    def _connect(self) -> HTTPConnection:
        if not self._tls:
            return HTTPConnection(ASKING, self._port, timeout=PATIENCE)
        # The demo's own certificate names the vendors, not loopback, and this never leaves the machine.
        unverified = ssl._create_unverified_context()  # noqa: S323
        return HTTPSConnection(ASKING, self._port, timeout=PATIENCE, context=unverified)
