"""A dashboard of generated weeks, served for a browser. Used by its tests and its benchmark."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from flask import Flask

from cookiegate.config import Config
from cookiegate.dashboard.accounts import Accounts
from cookiegate.dashboard.app import accounts_of, build, warm
from cookiegate.demo.year.dashboard import year_question
from cookiegate.demo.year.replay import NAME, Replay, year_config

TODAY = 20_540
NOW = TODAY * 86400 + 6 * 3600
PASSWORD = "a rather long password"
PATH = f"/sites/{NAME}/"


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def filled(folder: Path, days: int) -> Config:
    config = year_config(folder)
    for _ in Replay(config, year_question(config), TODAY, days).run():
        pass
    return config


@contextlib.contextmanager
def served(app: Flask) -> Iterator[str]:
    """Its origin, as long as the block lasts."""
    server = make_server("127.0.0.1", 0, app, handler_class=Silent)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def dashboard_site(folder: Path, days: int, **more: Any) -> Iterator[str]:
    """The origin of a dashboard with an account for each role: anna looks, eve edits, ada is the admin."""
    config = filled(folder, days)
    accounts: Accounts = accounts_of(config)
    staff(accounts)
    app = build(config, accounts=accounts, clock=lambda: NOW, **more)
    warm(app)
    with served(app) as origin:
        yield origin
    accounts.close()


def staff(accounts: Accounts) -> None:
    for name, role in (("anna", "viewer"), ("eve", "editor"), ("ada", "admin")):
        accounts.add(name, PASSWORD, role, (NAME,))
