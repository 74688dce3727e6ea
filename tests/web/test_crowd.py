"""Floods of choices: the store is spared, a grant is refused in one sentence, a refusal always takes effect."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client, TestResponse

from cookiegate.config import Config
from cookiegate.core.consent import Choice
from cookiegate.gate.edits import NETWORK
from cookiegate.opening import open_gate
from cookiegate.web import allowance, build, crowd
from cookiegate.web.allowance import Allowance

from .standing import StandingGate
from .visits import HOST, SAME_ORIGIN, set_cookies, stored

MOST = 3 + 2


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Three at once for a network, and two that all share."""
    stopped = Clock()
    monkeypatch.setattr(allowance, "monotonic", stopped)
    monkeypatch.setattr(crowd, "NETWORK_BURST", 3)
    monkeypatch.setattr(crowd, "SHARED_BURST", 2)
    return stopped


@pytest.fixture
def client(gate: StandingGate) -> FlaskClient:
    """After the limits have been made small."""
    return build(gate).test_client()


def send(client: FlaskClient, network: bytes, **fields: Any) -> TestResponse:
    given = {NETWORK: network}
    return client.post(
        "/_gate/consent", data=fields, headers=SAME_ORIGIN, base_url=HOST, environ_overrides=given
    )


def recorded(gate: StandingGate) -> int:
    with contextlib.closing(sqlite3.connect(gate.folder / "ledger.sqlite")) as db:
        return int(db.execute("SELECT count(*) FROM choice").fetchone()[0])


def flood(gate: StandingGate, client: FlaskClient, network: bytes = b"\xcb\x00\x71") -> list[int]:
    answers = []
    for _ in range(40):
        client.delete_cookie(gate.cookie_names.consent, domain="shop.site.test")
        answer = send(client, network, choice="accept", question=gate.question.hash)
        answers.append(answer.status_code)
    return answers


def test_grants_beyond_the_limit_are_refused_in_one_sentence_and_change_nothing(
    gate: StandingGate, client: FlaskClient
) -> None:
    assert flood(gate, client) == [303] * MOST + [429] * (40 - MOST)
    answer = send(client, b"\xcb\x00\x71", choice="accept", question=gate.question.hash)
    assert "Please try again in a minute." in answer.text
    assert not set_cookies(answer)
    assert stored(gate, client) is None
    assert recorded(gate) == MOST


@pytest.mark.parametrize(
    "act", [{"once": "youtube"}, {"always": "youtube"}, {"choice": "save", "category": "analytics"}]
)
def test_every_kind_of_grant_is_limited(gate: StandingGate, client: FlaskClient, act: dict[str, str]) -> None:
    flood(gate, client)
    assert send(client, b"\xcb\x00\x71", question=gate.question.hash, **act).status_code == 429
    assert recorded(gate) == MOST


def test_a_refusal_and_a_withdrawal_take_effect_and_cost_the_store_nothing(
    gate: StandingGate, client: FlaskClient
) -> None:
    flood(gate, client)
    choice = Choice(question=gate.question.hash, day=gate.today, granted=frozenset({"analytics"}), record="r")
    name = gate.cookie_names.consent
    client.set_cookie(name, gate.codec.encode(choice), domain="shop.site.test", secure=True)
    withdrawn = send(client, b"\xcb\x00\x71", choice="reject")
    assert withdrawn.status_code == 303
    assert withdrawn.headers["Clear-Site-Data"] == '"cache"'
    assert not stored(gate, client).granted
    assert recorded(gate) == MOST


def test_the_statistics_switch_has_no_limit(gate: StandingGate, client: FlaskClient) -> None:
    flood(gate, client)
    assert send(client, b"\xcb\x00\x71", statistics="off").status_code == 303
    assert stored(gate, client).statistics_off


def test_another_network_keeps_its_own_share(gate: StandingGate, client: FlaskClient) -> None:
    flood(gate, client)
    assert flood(gate, client, b"\xc6\x33\x64")[:4] == [303, 303, 303, 429]


def test_visitors_of_no_known_network_share_one_allowance(gate: StandingGate, client: FlaskClient) -> None:
    assert flood(gate, client, b"")[:3] == [303, 303, 429]


def test_what_is_refused_for_another_reason_takes_nothing(gate: StandingGate, client: FlaskClient) -> None:
    for _ in range(10):
        assert send(client, b"\xcb\x00\x71", choice="perhaps").status_code == 400
        assert send(client, b"\xcb\x00\x71", choice="accept", question="old").status_code == 303
    assert flood(gate, client)[:MOST] == [303] * MOST


def test_an_allowance_fills_again_with_time(clock: Clock) -> None:
    two = Allowance(per_second=0.5, burst=2)
    assert [two.take(), two.take(), two.take()] == [True, True, False]
    clock.now += 2
    assert [two.take(), two.take()] == [True, False]
    clock.now += 3600
    assert [two.take(), two.take(), two.take()] == [True, True, False]


def test_a_table_of_busy_keys_takes_no_more_and_a_quiet_one_makes_room(clock: Clock) -> None:
    few = Allowance(per_second=1, burst=2, keys=2)
    assert [few.take(key) for key in (b"a", b"b", b"c")] == [True, True, False]
    clock.now += 1
    assert [few.take(key) for key in (b"c", b"b", b"a")] == [True, True, False]


def test_the_gate_tells_networks_apart_and_logs_none(tmp_path: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    config = Config(state_dir=tmp_path, site={"public_url": HOST}, trusted_proxies=["192.0.2.1"])
    gate, pages = open_gate(config)

    def grant(address: str) -> int:
        headers = SAME_ORIGIN | {"X-Forwarded-For": address}
        fields = {"choice": "accept", "question": gate.question.hash}
        came = {"REMOTE_ADDR": "192.0.2.1"}
        answer = Client(pages).post(
            "/_gate/consent", data=fields, headers=headers, base_url=HOST, environ_overrides=came
        )
        return answer.status_code

    assert [grant(f"203.0.113.{number}") for number in range(7)] == [303] * MOST + [429] * 2
    assert grant("198.51.100.7") == 303
    assert "203.0.113" not in caplog.text
    gate.ledger.close()
