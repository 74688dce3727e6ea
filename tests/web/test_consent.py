import contextlib
import json
import sqlite3
from dataclasses import replace

import pytest

from cookiegate.core.consent import OPTIONAL
from cookiegate.errors import LedgerError
from tests.web.standing import NOON, StandingGate
from tests.web.visits import accept, get, post, set_cookies, stored


def rows(gate: StandingGate) -> list[tuple[str, ...]]:
    with contextlib.closing(sqlite3.connect(gate.folder / "ledger.sqlite")) as db:
        return db.execute("SELECT action, source, services, record FROM choice ORDER BY number").fetchall()


def test_accepting_sets_the_signed_cookie_and_returns_to_the_landing_address(gate, client):
    answer = accept(gate, client, **{"return": "/sale?gclid=abc&utm_source=x"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sale?gclid=abc&utm_source=x")
    assert stored(gate, client).granted == set(OPTIONAL)
    line = set_cookies(answer)[0]
    assert line.startswith("__Host-gate=")
    assert line.endswith("; Path=/; Secure; HttpOnly; SameSite=Lax")


def test_a_refusal_lasts_as_long_as_a_grant_and_184_whole_days(gate, client):
    granted, refused = set_cookies(accept(gate, client))[0], set_cookies(post(client, choice="reject"))[0]
    lifetime = f"Max-Age={185 * 86_400 - NOON % 86_400}"
    assert lifetime in granted
    assert lifetime in refused


def test_decliners_of_one_day_hold_the_same_bytes(gate, client):
    first = set_cookies(post(client, choice="reject"))[0]
    accept(gate, client)
    gate.now += 3_600
    second = set_cookies(post(client, choice="reject"))[0]
    assert first.split(";")[0] == second.split(";")[0]


def test_the_choice_is_in_the_ledger_with_its_source_and_without_an_id_for_decliners(gate, client):
    post(client, choice="reject")
    accept(gate, client, source="settings")
    post(client, choice="reject", source="settings")
    (refusal, _, _, none), (grant, source, _, id), (withdrawal, _, _, same) = rows(gate)
    assert (refusal, grant, withdrawal) == ("refusal", "grant", "withdrawal")
    assert none is None
    assert id
    assert same == id
    assert source == "settings"
    assert stored(gate, client).record is None


def test_a_grant_that_cannot_be_recorded_is_not_given(gate, client, monkeypatch):
    monkeypatch.setattr(gate.ledger, "append", _down)
    answer = accept(gate, client)
    assert answer.status_code == 503
    assert "could not be recorded" in answer.text
    assert stored(gate, client) is None
    assert not set_cookies(answer)


def test_a_refusal_takes_effect_with_the_ledger_down(gate, client, monkeypatch):
    accept(gate, client)
    monkeypatch.setattr(gate.ledger, "append", _down)
    assert post(client, choice="reject").status_code == 303
    assert stored(gate, client).granted == frozenset()


def test_a_grant_of_an_older_question_is_asked_again(gate, client):
    answer = post(client, choice="accept", question="0123456789ab", **{"return": "/sale"})
    assert answer.headers["Location"] == "/sale"
    assert stored(gate, client) is None
    once = client.get_cookie("__Host-gate-once", domain="shop.site.test")
    assert gate.once(once.value).notice == "asked-again"


def test_a_refusal_of_an_older_question_counts(gate, client):
    post(client, choice="reject", question="0123456789ab")
    assert stored(gate, client).answered


def test_saving_grants_only_the_ticked_category(gate, client):
    post(client, choice="save", category="analytics", question=gate.question.hash)
    assert stored(gate, client).granted == {"analytics"}


def test_unticking_one_service_leaves_the_others_of_its_category(gate, client):
    accept(gate, client)
    fields = {
        "category": [*OPTIONAL],
        "was": [*OPTIONAL],
        "service": ["google-analytics", "youtube", "meta-pixel", "google-maps"],
    }
    post(client, choice="save", question=gate.question.hash, source="settings", **fields)
    choice = stored(gate, client)
    assert choice.granted == {"marketing", "preferences"}
    assert choice.services == {"google-analytics"}


def test_switching_a_category_off_drops_its_ticked_services(gate, client):
    accept(gate, client)
    fields = {
        "category": ["marketing"],
        "was": [*OPTIONAL],
        "service": ["google-analytics", "hotjar", "youtube", "meta-pixel"],
    }
    post(client, choice="save", question=gate.question.hash, source="settings", **fields)
    choice = stored(gate, client)
    assert choice.granted == {"marketing"}
    assert not choice.services


def test_one_service_can_be_granted_alone(gate, client):
    post(client, choice="save", service="google-maps", question=gate.question.hash, source="settings")
    choice = stored(gate, client)
    assert choice.services == {"google-maps"}
    assert not choice.granted
    assert choice.record


def test_load_once_is_a_one_shot_and_stays_out_of_the_choice(gate, client):
    answer = post(client, once="youtube", source="placeholder", **{"return": "/film"})
    assert answer.headers["Location"] == "/film"
    assert stored(gate, client) is None
    once = client.get_cookie("__Host-gate-once", domain="shop.site.test")
    assert gate.once(once.value).services == {"youtube"}
    assert rows(gate) == [("grant", "placeholder", "youtube", None)]


def test_always_leaves_the_question_open_and_the_day_unchanged(gate, client):
    post(client, always="youtube", source="placeholder")
    first = stored(gate, client)
    gate.now += 10 * 86_400
    answer = post(client, always="player.vimeo.com", source="placeholder")
    choice = stored(gate, client)
    assert choice.services == {"youtube", "player.vimeo.com"}
    assert not choice.answered
    assert choice.day == first.day
    assert f"Max-Age={175 * 86_400 - NOON % 86_400}" in set_cookies(answer)[0]


def test_a_signal_keeps_analytics_and_marketing_off(gate, client):
    post(client, {"Sec-GPC": "1"}, choice="accept", question=gate.question.hash)
    assert stored(gate, client).granted == {"preferences"}


def test_a_later_grant_on_the_settings_page_goes_before_the_signal(gate, client):
    fields = {"choice": "accept", "override": "1", "question": gate.question.hash}
    post(client, {"Sec-GPC": "1"}, source="settings", **fields)
    assert stored(gate, client).over_signal
    assert stored(gate, client).granted == set(OPTIONAL)


def test_the_override_counts_on_the_settings_page_alone(gate, client):
    fields = {"choice": "accept", "override": "1", "question": gate.question.hash}
    post(client, {"Sec-GPC": "1"}, **fields)
    assert not stored(gate, client).over_signal


@pytest.mark.parametrize("headers", [{}, {"Accept": "application/json"}])
def test_a_refusal_ends_what_was_to_be_loaded_once_and_has_not_been(gate, client, headers):
    post(client, once="youtube", source="placeholder")
    assert client.get_cookie("__Host-gate-once", domain="shop.site.test")
    post(client, headers=headers, choice="reject")
    assert client.get_cookie("__Host-gate-once", domain="shop.site.test") is None


def test_always_under_a_signal_loads_once(gate, client):
    post(client, {"Sec-GPC": "1"}, always="youtube", source="placeholder")
    assert stored(gate, client) is None
    once = client.get_cookie("__Host-gate-once", domain="shop.site.test")
    assert gate.once(once.value).services == {"youtube"}


def test_the_statistics_switch_changes_nothing_else(gate, client):
    accept(gate, client)
    before = stored(gate, client)
    post(client, statistics="off", source="settings")
    assert stored(gate, client) == replace(before, statistics_off=True)


def test_an_external_referrer_rides_in_the_fragment_and_the_one_shot(gate, client):
    answer = accept(gate, client, referrer="https://news.example/a?b=1", **{"return": "/?gclid=1#top"})
    assert answer.headers["Location"] == "/?gclid=1#top&gate-referrer=https%3A%2F%2Fnews.example%2Fa%3Fb%3D1"
    once = client.get_cookie("__Host-gate-once", domain="shop.site.test")
    assert gate.once(once.value).referrer


@pytest.mark.parametrize("referrer", ["https://shop.site.test/a", "javascript:alert(1)", "https://x\r\ny/"])
def test_no_other_referrer_is_handed_over(gate, client, referrer):
    assert "#" not in accept(gate, client, referrer=referrer).headers["Location"]


def test_a_refusal_hands_no_referrer_over(client):
    answer = post(client, choice="reject", referrer="https://news.example/")
    assert answer.headers["Location"] == "/"


def test_the_script_gets_json_and_the_same_cookie(gate, client):
    answer = post(client, {"Accept": "application/json"}, choice="reject")
    assert answer.status_code == 200
    assert "rejected" in json.loads(answer.text)["notice"]
    assert stored(gate, client).answered


def test_a_shared_cookie_has_a_domain_and_the_secure_prefix(tmp_path):
    from cookiegate.web import build

    gate = StandingGate(tmp_path, cookie_domain="site.test")
    line = set_cookies(post(build(gate).test_client(), choice="reject"))[0]
    assert line.startswith("__Secure-gate=")
    assert "; Domain=site.test;" in line


def _down(*_: object, **__: object) -> None:
    raise LedgerError("the disk is full")


def test_the_receipt_is_the_visitors_own(gate, client):
    assert get(client, "/_gate/receipt").status_code == 404
    accept(gate, client)
    answer = get(client, "/_gate/receipt")
    assert answer.json["record"] == stored(gate, client).record
    assert "We use cookies" in answer.json["choices"][0]["text"]["body"]
