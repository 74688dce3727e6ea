"""The demo's two applications in one process; the site asks the network's counts over loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from flask.testing import FlaskClient

from cookiegate.demo.recorder import Recorder
from cookiegate.demo.settings import DemoSettings
from cookiegate.demo.tracker_network import network_app
from cookiegate.demo.website import site_app


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def network_server(recorder: Recorder) -> Iterator[WSGIServer]:
    server = make_server("127.0.0.1", 0, network_app(recorder=recorder), handler_class=Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(tmp_path: Path, network_server: WSGIServer) -> DemoSettings:
    return DemoSettings(state=str(tmp_path / "state"), network_port=network_server.server_port, gated=False)


@pytest.fixture
def site(settings: DemoSettings) -> FlaskClient:
    return site_app(settings).test_client()
