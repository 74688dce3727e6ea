"""A gate in front of the same site trusts what visitors chose through the tag, given its keys and its question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from cookiegate.config import Config
from cookiegate.config.embed import site_key
from cookiegate.wsgi import GateMiddleware

from .conftest import SECRET, Service

HOST = "www.shop.test"
PAGE = b'<!doctype html><html><head><script src="https://connect.facebook.net/x.js"></script></head><body>x</body></html>'


def site(environ: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [PAGE]


def gate(folder: Path, service: Service, key: str, **more: Any) -> Client:
    own = {
        "secret_keys": (key,),
        "services": service.config.services,
        "controller": service.config.controller,
        "state_dir": folder / "gate",
    }
    return Client(GateMiddleware(site, Config(**own | more)), use_cookies=False)


def is_released(client: Client, token: str) -> bool:
    headers = {"Cookie": f"__Host-gate={token}"} if token else {}
    text = client.get("/", base_url=f"https://{HOST}", headers=headers).data
    assert b"connect.facebook.net" in text
    return b'<script src="https://connect.facebook.net' in text


def test_choice_through_the_tag_releases_pages_of_a_gate_with_its_keys(
    tmp_path: Path, service: Service
) -> None:
    reply = service.post()
    assert reply.json is not None
    client = gate(tmp_path, service, site_key(SECRET, HOST))
    assert not is_released(client, "")
    assert is_released(client, reply.json["token"])
    refused = service.post(choice="reject")
    assert refused.json is not None
    assert not is_released(client, refused.json["token"])


@pytest.mark.parametrize(
    "key", [SECRET, site_key(SECRET, "other.test")], ids=["the service's", "another site's"]
)
def test_other_keys_trust_no_such_choice(tmp_path: Path, service: Service, key: str) -> None:
    reply = service.post()
    assert reply.json is not None
    assert not is_released(gate(tmp_path, service, key), reply.json["token"])


def test_other_question_is_not_answered_by_it(tmp_path: Path, service: Service) -> None:
    reply = service.post()
    assert reply.json is not None
    client = gate(
        tmp_path, service, site_key(SECRET, HOST), services=("google-analytics", "meta-pixel", "hotjar")
    )
    assert not is_released(client, reply.json["token"])
