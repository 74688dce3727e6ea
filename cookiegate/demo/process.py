"""One of the demo's servers: `python -m cookiegate.demo.process site|network|dashboard …`, settings on stdin.

The first line of stdin is the settings; after it stdin stays open until the command ends. Its end of file,
however the command ended, ends this server: no orphan is left.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING

from ..server import Server
from .settings import DemoSettings
from .tracker_network import network_app
from .website import site_app
from .year.dashboard import year_dashboard

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

THREADS = 12
"""Of the one worker process: a browser opens six connections a host, and one page asks for the counts."""


def main(kind: str, descriptors: list[str], certificate: list[str]) -> None:
    settings = DemoSettings.from_json(sys.stdin.readline())
    tls = dict(zip(("certfile", "keyfile"), certificate, strict=False))
    Server(
        _maker(kind, settings),
        bind=[f"fd://{descriptor}" for descriptor in descriptors],
        workers=1,  # the counts are in memory
        threads=THREADS,
        loglevel="warning",
        graceful_timeout=2,
        proc_name=f"cookiegate-demo-{kind}",
        when_ready=lambda _arbiter: Thread(target=_end_with_parent, daemon=True).start(),
        **tls,
    ).run()


def _maker(kind: str, settings: DemoSettings) -> Callable[[], WSGIApplication]:
    if kind == "network":
        return lambda: network_app(settings.hosts())
    if kind == "dashboard":
        return lambda: year_dashboard(settings.state_dir)
    return lambda: site_app(settings)


def _end_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2].split(","), sys.argv[3:])
