"""`cookiegate check --url` before a gate, a caching edge that keeps to the rule, and edges that do not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from click.testing import CliRunner

from cookiegate.cli import main
from cookiegate.opening import open_gate, read_config, undecided_policy
from cookiegate.wsgi import GateMiddleware
from tests.edges.conftest import page_app

SETTINGS = """secret_keys = ["a-secret-of-the-tests-alone-0123456789"]
privacy_url = "/privacy"
services = ["google-analytics"]
[site]
public_url = "https://www.example.com"
[controller]
name = "Example Ltd"
contact = "privacy@example.com"
complaint_url = "https://authority.example"
"""


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing is written."""


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], tuple[int, str]]]:
    """Runs the command against `edge(the gated site)`; its exit status and output."""
    yield from running(tmp_path, monkeypatch, SETTINGS)


@pytest.fixture
def same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], tuple[int, str]]]:
    """The same with `cache = "shared"`."""
    yield from running(tmp_path, monkeypatch, 'cache = "shared"\n' + SETTINGS)


def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str) -> Iterator[Any]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cookiegate.toml").write_text(settings)
    gate, pages = open_gate(read_config())

    def run(edge: Any) -> tuple[int, str]:
        server = make_server(
            "127.0.0.1", 0, edge(GateMiddleware(page_app(), gate=gate, pages=pages)), handler_class=Quiet
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            ran = CliRunner().invoke(main, ["check", "--url", f"http://127.0.0.1:{server.server_port}/"])
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
        return ran.exit_code, ran.output

    yield run
    gate.ledger.close()


def with_headers(*more: tuple[str, str], without: str = "") -> Any:
    def edge(app: Any) -> Any:
        def wrapped(environ: Any, start_response: Any) -> Any:
            def start(status: str, headers: Any, exc_info: Any = None) -> Any:
                kept = [pair for pair in headers if pair[0].lower() != without]
                return start_response(status, [*kept, *more])

            return app(environ, start)

        return wrapped

    return edge


def careless(app: Any) -> Any:
    """An edge that keeps the first page it sees with a cookie and shows it to everybody."""
    kept: list[Any] = []

    def wrapped(environ: Any, start_response: Any) -> Any:
        if kept:
            start_response(*kept[0])
            return [b"kept"]

        def start(status: str, headers: Any, exc_info: Any = None) -> Any:
            if "HTTP_COOKIE" in environ_before:
                kept.append((status, headers))
            return start_response(status, headers)

        environ_before = dict(environ)
        return app(environ, start)

    return wrapped


def test_gate_alone_is_in_order(found: Any) -> None:
    assert found(lambda app: app)[0] == 0


def test_site_without_a_gate(found: Any) -> None:
    status, said = found(lambda app: app.app)
    assert status == 1
    assert "CG040" in said


@pytest.mark.parametrize(
    "hit", [("X-Cache", "HIT"), ("CF-Cache-Status", "STALE"), ("Age", "12"), ("X-Varnish", "5 3")]
)
def test_edge_that_answers_from_its_store(found: Any, hit: tuple[str, str]) -> None:
    status, said = found(with_headers(hit))
    assert status == 1
    assert "CG041" in said


@pytest.mark.parametrize(
    "miss", [("X-Cache", "MISS"), ("CF-Cache-Status", "DYNAMIC"), ("Age", "0"), ("X-Varnish", "5")]
)
def test_edge_that_passes_them_on(found: Any, miss: tuple[str, str]) -> None:
    assert found(with_headers(miss))[0] == 0


def test_edge_that_makes_private_pages_public(found: Any) -> None:
    assert "CG043" in found(with_headers(("Cache-Control", "public"), without="cache-control"))[1]


def test_edge_that_shows_a_released_page_to_others(found: Any) -> None:
    assert "CG044" in found(careless)[1]


def test_page_that_is_the_same_for_everyone(same: Any) -> None:
    assert same(lambda app: app)[0] == 0
    assert same(with_headers(("X-Cache", "HIT")))[0] == 0
    assert "CG040" in same(lambda app: app.app)[1]


def test_page_that_an_edge_has_kept_from_before(same: Any) -> None:
    policy = undecided_policy(read_config())
    assert "CG045" in same(with_headers(("Content-Security-Policy", policy)))[1]


def test_url_that_cannot_be_asked_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cookiegate.toml").write_text(SETTINGS)
    for url in ("ftp://x", "http://127.0.0.1:9/"):
        ran = CliRunner().invoke(main, ["check", "--url", url])
        assert ran.exit_code == 2
        assert url in ran.output
