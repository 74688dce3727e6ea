"""A gate in a temporary folder, and a call of a WSGI application that shows all of what a server sees."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from cookiegate.config import Config
from cookiegate.core.consent import Choice
from cookiegate.gate import Gate
from cookiegate.opening import open_gate
from cookiegate.wsgi import GateMiddleware

from .asgi_site import AsgiSite

EDGES: dict[str, Any] = {"wsgi": GateMiddleware, "asgi": AsgiSite}
TRACKER = b'<script src="https://tracker.example/t.js"></script>'
HELD = b'data-gate-src="https://tracker.example/t.js"'
PAGE = b"<!doctype html><html><head>" + TRACKER + b"</head><body><p>Hello</p></body></html>"

Headers = list[tuple[str, str]]


@dataclass
class Answer:
    """`written` came through `write()`; `pieces` are what the iterable yielded."""

    status: str = ""
    headers: Headers = field(default_factory=list)
    written: list[bytes] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    iterable: Any = None

    @property
    def body(self) -> bytes:
        return b"".join(self.written + self.pieces)

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


def request(path: str = "/", **changes: Any) -> dict[str, Any]:
    """The environ of a top-level navigation in a browser."""
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": "www.site.test",
        "wsgi.url_scheme": "https",
        "REMOTE_ADDR": "203.0.113.77",
        "HTTP_SEC_FETCH_DEST": "document",
        "HTTP_ACCEPT": "text/html",
        "wsgi.input": io.BytesIO(),
    }
    environ.update(changes)
    environ = {key: value for key, value in environ.items() if value is not None}
    setup_testing_defaults(environ)
    return environ


def call(app: Any, environ: dict[str, Any]) -> Answer:
    """Run the application to its end, as a server does, `close()` too."""
    answer = Answer()

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        if exc_info is not None and answer.status and answer.pieces:
            raise exc_info[1].with_traceback(exc_info[2])
        answer.status, answer.headers = status, list(headers)
        return answer.written.append

    answer.iterable = app(environ, start_response)
    try:
        for piece in answer.iterable:
            assert answer.status, "a piece came before the head"
            answer.pieces.append(piece)
    finally:
        if hasattr(answer.iterable, "close"):
            answer.iterable.close()
    return answer


def page_app(body: bytes | list[bytes] = PAGE, *headers: tuple[str, str], status: str = "200 OK") -> Any:
    """An application that answers everything with one page."""
    pieces = body if isinstance(body, list) else [body]
    head = list(headers) or [("Content-Type", "text/html; charset=utf-8")]

    def app(_environ: Any, start_response: Any) -> Any:
        start_response(status, head)
        return list(pieces)

    return app


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(state_dir=tmp_path / "state", services=("google-analytics", "meta-pixel"))


@pytest.fixture
def opened(config: Config) -> Iterator[tuple[Gate, Any]]:
    gate, pages = open_gate(config)
    yield gate, pages
    gate.ledger.close()


@pytest.fixture
def gate(opened: tuple[Gate, Any]) -> Gate:
    return opened[0]


@pytest.fixture(params=EDGES)
def edge(request: pytest.FixtureRequest) -> Any:
    """Each edge in turn: `edge(app, gate=…, pages=…)` is a WSGI callable, whatever lies between."""
    return EDGES[request.param]


@pytest.fixture
def behind(opened: tuple[Gate, Any], edge: Any) -> Callable[[Any], Any]:
    """Puts an application behind the gate."""
    return lambda app: edge(app, gate=opened[0], pages=opened[1])


@pytest.fixture
def behind_wsgi(opened: tuple[Gate, Any]) -> Callable[[Any], GateMiddleware]:
    """The same for what PEP 3333 alone knows."""
    return lambda app: GateMiddleware(app, gate=opened[0], pages=opened[1])


@pytest.fixture
def cookie(gate: Gate) -> Callable[..., str]:
    """A Cookie header with a choice that the gate has signed: `cookie("analytics", "marketing")`."""

    def made(*granted: str, **more: Any) -> str:
        record = "0123456789abcdef" if granted else None
        fields = {
            "question": gate.question.hash,
            "day": gate.today,
            "granted": frozenset(granted),
            "record": record,
        }
        return f"{gate.cookie_names.consent}={gate.codec.encode(Choice(**(fields | more)))}"

    return made


@pytest.fixture
def accepted(gate: Gate, cookie: Callable[..., str]) -> str:
    return cookie(*gate.question.categories)
