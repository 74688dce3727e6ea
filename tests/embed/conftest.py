"""A service with two sites that ask the same, in a folder of its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from cookiegate.config import Config
from cookiegate.embed_service import open_service, open_site

SECRET = "a secret of the tests, of no use elsewhere"


def make_config(folder: Path, **more: Any) -> Config:
    values: dict[str, Any] = {
        "secret_keys": (SECRET,),
        "state_dir": folder,
        "services": ("google-analytics", "meta-pixel"),
        "controller": {"name": "Shops Ltd"},
        "embed": {
            "www.shop.test": {"origins": ["https://www.shop.test", "https://shop.test"]},
            "other.test": {},
            "shared.test": {"cookie_domain": "shared.test"},
        },
    }
    return Config(**values | more)


class Service:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.client = Client(open_service(config))
        self.sites = {host: open_site(config, host) for host in config.embed}

    def question(self, host: str = "www.shop.test") -> str:
        return self.sites[host].gate.question.hash

    def post(
        self, host: str = "www.shop.test", origin: str | None = None, headers: Any = None, **fields: Any
    ) -> TestResponse:
        """A choice, as a page of the site sends it."""
        origin = f"https://{host}" if origin is None else origin
        sent = {"Origin": origin, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "cross-site"} | (headers or {})
        data = {"choice": "accept", "question": self.question(host)} | fields
        return self.client.post(f"/_gate/embed/{host}/consent", data=data, headers=sent)

    def decoded(self, response: TestResponse, host: str = "www.shop.test") -> Any:
        assert response.json is not None
        return self.sites[host].gate.codec.decode(response.json["token"])

    def records(self, host: str = "www.shop.test") -> int:
        """Choices in the site's ledger; a ledger that nobody has written to is not there."""
        with closing(sqlite3.connect(self.sites[host].gate.config.ledger_path)) as connection:
            (there,) = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'choice'"
            ).fetchone()
            return int(connection.execute("SELECT count(*) FROM choice").fetchone()[0]) if there else 0


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(make_config(tmp_path))
