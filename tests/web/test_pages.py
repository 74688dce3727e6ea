import pytest

from cookiegate.web import build
from tests.web.standing import StandingGate
from tests.web.visits import accept, get, post


def test_the_settings_page_names_the_controller_and_the_right_to_complain(client):
    text = get(client, "/_gate/settings").text
    for words in ("Hollins &amp; Vale Furniture Ltd", "01234567", "privacy@site.test", "ico.org.uk"):
        assert words in text


def test_nothing_is_ticked_on_first_open(client):
    assert " checked" not in get(client, "/_gate/settings").text


def test_everything_is_ticked_after_accepting_and_the_stop_list_names_it(gate, client):
    accept(gate, client)
    text = get(client, "/_gate/settings").text
    assert text.count(" checked") == 3 + 5
    assert "Rejecting stops Google Maps, Google Analytics, Hotjar, Meta Pixel, YouTube." in text


def test_it_says_which_cookies_a_withdrawal_deletes(gate, client):
    accept(gate, client)
    client.set_cookie("_ga", "1", domain="shop.site.test")
    assert "It also deletes these cookies: _ga." in get(client, "/_gate/settings").text


def test_the_signal_is_said_to_be_honoured(gate, client):
    accept(gate, client)
    text = get(client, "/_gate/settings", Sec_GPC="1").text
    assert "Opt-out preference signal honoured" in text
    assert text.count(" checked") == 2  # preferences, and its one service


def test_the_override_is_said(gate, client):
    post(
        client,
        {"Sec-GPC": "1"},
        choice="accept",
        override="1",
        source="settings",
        question=gate.question.hash,
    )
    text = get(client, "/_gate/settings", Sec_GPC="1").text
    assert "Your later choice on this page goes before it" in text
    assert "honoured" not in text


def test_the_cookie_table_has_the_gates_own_the_declared_and_the_vendors(client):
    text = get(client, "/_gate/settings").text
    for name in ("__Host-gate", "__Host-gate-once", "session", "_ga", "_ga_*", "_fbp"):
        assert f"<code>{name}</code>" in text


def test_delivery_hosts_are_printed(client):
    assert "<code>cdn.jsdelivr.net</code>" in get(client, "/_gate/settings").text


def test_the_confirmation_is_an_alert_and_comes_once(gate, client):
    answer = post(client, choice="reject", source="settings", **{"return": "/_gate/settings"})
    first, second = (get(client, answer.headers["Location"]).text for _ in range(2))
    assert 'role="alert"' in first
    assert "You have rejected all optional cookies." in first
    assert 'role="alert"' not in second


def test_a_browser_without_cookies_is_told(gate):
    client = build(gate).test_client(use_cookies=False)
    answer = post(client, choice="reject", **{"return": "/_gate/settings"})
    assert "Your browser did not keep your choice" in get(client, answer.headers["Location"]).text


def test_plain_http_off_localhost_is_told(tmp_path):
    gate = StandingGate(tmp_path, site={"name": "Shop"})
    client = build(gate).test_client()
    assert "not encrypted" in client.get("/_gate/settings", base_url="http://shop.site.test").text
    assert "not encrypted" not in client.get("/_gate/settings", base_url="http://localhost:8000").text


def test_the_way_back_is_the_page_before(client):
    text = get(client, "/_gate/settings", Referer="https://shop.site.test/blog?a=1").text
    assert '<a href="/blog?a=1">Back to Hollins &amp; Vale</a>' in text


@pytest.mark.parametrize("back", ["//evil.example", "javascript:alert(1)", "https://evil.example"])
def test_the_way_back_never_leads_elsewhere(client, back):
    text = client.get("/_gate/settings", query_string={"back": back}, base_url="https://shop.site.test").text
    assert '<a href="/">Back' in text
    assert "evil" not in text


def test_a_placeholder_names_service_and_owner_and_returns_to_the_page_around(client):
    text = get(
        client, "/_gate/held?service=youtube&host=youtube.test", Referer="https://shop.site.test/film"
    ).text
    assert "YouTube" in text
    assert "Google LLC (US)" in text
    assert 'name="return" value="/film"' in text
    assert 'target="_top"' in text


def test_an_unnamed_host_is_named_by_its_host(client):
    text = get(client, "/_gate/held?host=player.vimeo.com&category=unclassified").text
    assert 'name="once" value="player.vimeo.com"' in text


@pytest.mark.parametrize("query", ["", "host=", "host=%3Cscript%3E", "service=none", "host=a%20b"])
def test_a_placeholder_for_nothing_is_refused(client, query):
    assert get(client, f"/_gate/held?{query}").status_code == 400


def test_our_pages_are_strict(client):
    for path in ("/_gate/settings", "/_gate/held?host=a.test", "/_gate/none", "/_gate/receipt"):
        headers = get(client, path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_only_placeholders_may_be_framed_and_only_by_the_site(client):
    assert "frame-ancestors 'none'" in get(client, "/_gate/settings").headers["Content-Security-Policy"]
    held = get(client, "/_gate/held?host=a.test").headers
    assert "frame-ancestors 'self'" in held["Content-Security-Policy"]
    assert "X-Frame-Options" not in held


def test_our_pages_have_no_inline_style_or_script(client):
    for path in ("/_gate/settings", "/_gate/held?host=a.test", "/_gate/none"):
        text = get(client, path).text
        assert " style=" not in text
        assert "<style" not in text
        assert "<script>" not in text


def test_static_files_are_kept_for_ever_by_their_hash(gate, client):
    answer = get(client, gate.face.statics.url("pages.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.mimetype == "text/css"
    assert get(client, "/_gate/static/pages.0000000000.css").status_code == 404
    assert get(client, "/_gate/static/..%2f..%2fpyproject.toml").status_code == 404


def test_the_gpc_statement(client):
    answer = get(client, "/.well-known/gpc.json")
    assert answer.mimetype == "application/json"
    assert answer.json == {"gpc": True, "lastUpdate": "2026-11-23"}


def test_health_names_the_question(gate, client):
    assert get(client, "/_gate/health").json["question"] == gate.question.hash


def test_an_error_of_ours_is_one_sentence(gate, client, monkeypatch):
    def broken(_: object) -> str:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(gate.face, "settings_page", broken)
    answer = get(client, "/_gate/settings")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "went wrong on our side" in answer.text
