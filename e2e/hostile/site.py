"""What gunicorn serves: hostile pages behind the gate, and pages that hold many of them in frames.

The first part of a path says what stands before a page: `rewriter` (the gate without its policies), `policy` (all
of the gate) or `open` (no gate at all: what the grammar's pages reach). `LAB_DIR` is the run's own folder.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from ..site.app import PIXEL
from . import grammar

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LAB = Path(os.environ["LAB_DIR"])
SLOW = 0.04
"""Seconds that a script takes for which a parser waits, while its preload scanner reads on."""
FRAME = '<iframe src="/{}" width=150 height=110></iframe>'
STYLE = "<!doctype html><title>x</title><style>*{margin:0;border:0;overflow:hidden}</style>"


def pages(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """`/MODE/page/SEED/NUMBER`, `/MODE/file/NAME`; all else is a small thing of the site's own."""
    match environ.get("PATH_INFO", "").strip("/").split("/"):
        case [mode, "page", seed, number]:
            headers, body = grammar.page(int(seed), int(number), beyond=mode == "policy")
        case [_, "file", name]:
            headers, text = json.loads((LAB / "candidates" / name).read_text())
            body = text.encode("latin-1")
        case [*_, name]:
            return _own(name, start_response)
    start_response("200 OK", [(name, value) for name, value in headers])
    half = len(body) // 2
    return [body[:half], body[half:]]


def _own(name: str, start_response: StartResponse) -> Iterable[bytes]:
    if name == "slow.js":
        time.sleep(SLOW)
    kind, body = {"js": ("text/javascript", b"1"), "css": ("text/css", b"")}.get(
        name.rpartition(".")[2], ("image/gif", PIXEL)
    )
    start_response("200 OK", [("Content-Type", kind), ("Cache-Control", "max-age=600")])
    return [body]


def frames(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """`?path=…&path=…`: each in a frame, all of them in sight, since what is out of it is not painted."""
    paths = parse_qs(environ.get("QUERY_STRING", "")).get("path", [])
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")])
    return [(STYLE + "".join(FRAME.format(path) for path in paths)).encode()]


class WithoutPolicy:
    """Takes from each answer what stands beside the rewriter, so that it must hold alone."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            kept = [(name, value) for name, value in headers if name.lower() != "content-security-policy"]
            return start_response(status, kept, exc_info)

        return self._app(environ, start)


def _applications() -> dict[str, WSGIApplication]:
    from cookiegate.wsgi import GateMiddleware

    gated = GateMiddleware(pages, LAB / "cookiegate.toml")
    return {"rewriter": WithoutPolicy(gated), "policy": gated, "open": pages, "frames": frames}


BY_MODE = _applications()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    mode = environ.get("PATH_INFO", "").split("/")[1]
    return BY_MODE.get(mode, BY_MODE["policy"])(environ, start_response)
