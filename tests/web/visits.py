"""What a browser does on the gate's pages, in a line each."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.standing import StandingGate

HOST = "https://shop.site.test"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def post(client: FlaskClient, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
    """A POST of one of our own forms, from a page of the site."""
    return client.post("/_gate/consent", data=fields, headers=SAME_ORIGIN | (headers or {}), base_url=HOST)


def get(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    return client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()}, base_url=HOST)


def accept(gate: StandingGate, client: FlaskClient, **fields: Any) -> TestResponse:
    return post(client, choice="accept", question=gate.question.hash, **fields)


def stored(gate: StandingGate, client: FlaskClient) -> Any:
    """The choice in the client's cookie jar, or None."""
    cookie = client.get_cookie(gate.cookie_names.consent, domain="shop.site.test")
    return gate.codec.decode(cookie.value) if cookie and cookie.value else None


def set_cookies(response: TestResponse) -> list[str]:
    return response.headers.getlist("Set-Cookie")
