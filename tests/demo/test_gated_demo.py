"""The demo site behind the gate, without a browser: what leaves the server."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from cookiegate.demo.content import account
from cookiegate.demo.gating import gate_settings
from cookiegate.demo.settings import DemoSettings
from cookiegate.demo.website import site_app

DOCUMENT = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "same-origin", "Host": "localhost"}
PAGES = ["/", "/walks/round-of-the-tarns", "/film", "/enquire", "/demo/network"]
LIVE = {"src", "srcset", "data", "poster", "action"}


class LiveHosts(HTMLParser):
    """Stand-in hosts that a browser would reach for `page`, its running inline scripts included."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._runs = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._runs = tag == "script" and given.get("type") in (None, "", "text/javascript")
        names = LIVE | {"href"} if tag == "link" else LIVE
        self._look(" ".join(value or "" for name, value in attrs if name in names))

    def handle_data(self, data: str) -> None:
        if self._runs:
            self._look(data)

    def handle_endtag(self, tag: str) -> None:
        self._runs = False

    def _look(self, text: str) -> None:
        self.found += re.findall(r"//([\w.-]+)\.localhost:", text)


@pytest.fixture
def gated(settings: DemoSettings) -> FlaskClient:
    return site_app(dataclasses.replace(settings, gated=True)).test_client()


def choose(client: FlaskClient, **fields: object) -> None:
    page = client.get("/", headers=DOCUMENT).text
    hidden = dict(re.findall(r'name="?(question|return|referrer)"? value="?([^">]*)"?', page))
    headers = {**DOCUMENT, "Origin": "http://localhost"}
    answer = client.post("/_gate/consent", data={**hidden, **fields}, headers=headers)
    assert answer.status_code == 303


@pytest.mark.parametrize("path", PAGES)
def test_undecided_visitor_gets_no_live_tag(gated: FlaskClient, site: FlaskClient, path: str) -> None:
    assert len(LiveHosts(site.get(path).text).found) > 8
    answer = gated.get(path, headers=DOCUMENT)
    assert answer.status_code == 200
    assert LiveHosts(answer.text).found == []
    assert "Reject all cookies" in answer.text


def test_policy_names_no_stand_in(gated: FlaskClient) -> None:
    policy = gated.get("/", headers=DOCUMENT).headers["Content-Security-Policy"]
    assert "localhost:*" in policy.split()
    assert not re.search(r"\.localhost", policy)


def test_no_cookie_but_the_session_before_a_choice(gated: FlaskClient) -> None:
    for path in PAGES:
        for cookie in gated.get(path, headers=DOCUMENT).headers.getlist("Set-Cookie"):
            assert cookie.startswith("session=")


def test_accepting_brings_every_tag_back_as_it_was(gated: FlaskClient, site: FlaskClient) -> None:
    choose(gated, choice="accept")
    for path in ("/", "/film"):
        plain, released = site.get(path).text, gated.get(path, headers=DOCUMENT)
        assert "Content-Security-Policy" not in released.headers
        assert LiveHosts(released.text).found == LiveHosts(plain).found
        scripts = re.findall(r"<script.*?</script>", plain, re.S)
        sent = re.findall(r"<script.*?</script>", released.text, re.S)
        assert [script for script in sent if script in scripts] == scripts


def test_rejecting_keeps_every_tag_held(gated: FlaskClient) -> None:
    choose(gated, choice="reject")
    answer = gated.get("/", headers=DOCUMENT)
    assert LiveHosts(answer.text).found == []
    assert "Reject all cookies" not in answer.text


def test_sign_in_works_unharmed_behind_the_gate(gated: FlaskClient) -> None:
    page = gated.get("/sign-in", headers=DOCUMENT).text
    csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert csrf
    given = {"email": account()["email"], "password": account()["password"], "csrf_token": csrf[1]}
    assert "Castles by the tide" in gated.post("/sign-in", data=given, follow_redirects=True).text


def test_held_tags_show_on_the_network_page(gated: FlaskClient) -> None:
    assert gated.get("/", headers=DOCUMENT).text
    shown = gated.get("/demo/network.json").json
    held = {row["id"]: row["held"] for row in shown["services"]}
    assert shown["choice"] == "You have not chosen yet."
    assert all(
        held[service] for service in ("google-tag", "meta", "hotjar", "linkedin", "clarity", "google-fonts")
    )


def test_real_hosts_need_no_settings_of_their_own() -> None:
    given = gate_settings(DemoSettings(state="state", real_hosts=True))
    assert given["COOKIEGATE_SERVICE"] == {"recaptcha": {"category": "preferences"}}
