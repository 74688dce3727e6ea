"""A day of known visits, each a request through the real gate, gives exactly these panels.

62 visits: 24 from England by a search on telephones, of which 12 accept (and come back another way, and read on)
and 12 refuse; 15 from Germany by a newsletter's link at desks, who do not answer; 11 from the United States with an
opt-out signal. Beside them robots, and somebody who has turned statistics off.
"""

from __future__ import annotations

import csv
import io

import pytest
from werkzeug.test import Client

from cookiegate.config import Config
from cookiegate.core.consent import Choice
from cookiegate.core.sealing import Rule
from cookiegate.counting.calendar import Calendar
from cookiegate.counting.sealer import Sealer
from cookiegate.dashboard.app import build
from cookiegate.opening import open_gate
from cookiegate.wsgi import GateMiddleware

from ..edges.conftest import page_app
from ..test_device import CHROME, FIREFOX, IPHONE
from .conftest import DAY, NOW, ORIGIN, SITE, sign_in
from .test_figures import lines, totals

PAGE = b"<!doctype html><title>x</title><body><script src=https://www.google-analytics.com/analytics.js></script>"
NINE = DAY * 86400 + 9 * 3600
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
ENGLAND, GERMANY, AMERICA = "81.2.69.{}", "91.0.0.{}", "8.8.8.{}"
NEWS = "/prices?utm_source=news&utm_medium=email&utm_campaign=spring&secret=4711"
HOME = f"https://{SITE}/"


class Browser:
    """One visitor's, with its own cookies and address."""

    def __init__(self, site, address, agent, language, **headers):
        self._client = Client(site)
        self._environ = {"REMOTE_ADDR": address}
        self._headers = {"User-Agent": agent, "Accept-Language": language, "Sec-Fetch-Dest": "document",
                         "Accept": "text/html", **headers}  # fmt: skip

    def get(self, path, referrer=""):
        headers = {**self._headers, **({"Referer": referrer} if referrer else {})}
        found = self._client.get(path, base_url=HOME, headers=headers, environ_overrides=self._environ)
        assert found.status_code == 200
        return found

    def answer(self, choice, question):
        found = self._client.post("/_gate/consent", base_url=HOME, data={"choice": choice, "question": question},
                                  headers={**self._headers, "Sec-Fetch-Site": "same-origin"},
                                  environ_overrides=self._environ)  # fmt: skip
        assert found.status_code == 303

    def keep(self, name, value):
        self._client.set_cookie(name, value, domain=SITE, secure=True)


@pytest.fixture
def config(tmp_path):
    return Config(state_dir=tmp_path / "site", services=("google-analytics",), site={"public_url": f"https://{SITE}"},
                  goal=({"name": "order", "path": "/thanks"},), counts={"seal": "command"})  # fmt: skip


@pytest.fixture
def lived(config):
    """The store after the day, sealed."""
    gate, pages = open_gate(config)
    gate.counter.calendar = Calendar("UTC", lambda: NINE)
    site = GateMiddleware(page_app(PAGE), gate=gate, pages=pages)
    for number in range(24):
        phone = Browser(site, ENGLAND.format(number), IPHONE, "en-GB,en;q=0.9")
        assert "cookie" in phone.get("/", "https://www.google.com/search?q=secret").text
        phone.answer("accept" if number < 12 else "reject", gate.question.hash)
        if number < 12:
            phone.get("/thanks", "https://chatgpt.com/")
            phone.get("/prices", f"{HOME}thanks")
    for number in range(15):
        Browser(site, GERMANY.format(number), CHROME, "de-DE,de;q=0.9").get(NEWS)
    for number in range(11):
        Browser(site, AMERICA.format(number), FIREFOX, "en-US", **{"Sec-GPC": "1"}).get("/")
    for _ in range(13):
        Browser(site, "66.249.66.1", GOOGLEBOT, "en").get("/prices")
    off = Browser(site, ENGLAND.format(99), IPHONE, "en")
    choice = Choice(question=gate.question.hash, day=gate.today, granted=frozenset(), statistics_off=True)
    off.keep(gate.cookie_names.consent, gate.codec.encode(choice))
    off.get("/secret-page")
    gate.counter.flusher.flush()
    store = gate.counter.flusher._store
    Sealer(store, SITE, Rule(10), last_day=lambda: DAY).run()
    yield store
    gate.counter.flusher.close()
    gate.ledger.close()


@pytest.fixture
def client(config, lived, accounts):
    found = build(config, store=lived, accounts=accounts, clock=lambda: NOW).test_client()
    assert sign_in(found).status_code == 303
    return found


@pytest.fixture
def page(client):
    return lambda query="?period=24h": client.get(f"/sites/{SITE}/{query}", base_url=ORIGIN)


def test_the_totals(page):
    assert totals(page()) == {
        "Visits": "62",
        "Views": "74",
        "Accepted all": "31 %",
        "Seen by consent tools": "19 %",
        "Visitors who opted in": "12",
        "Goals reached": "12",
    }


def test_the_panels(page):
    found = page()
    assert {panel: lines(found, panel) for panel in PANELS} == PANELS


PANELS = {
    "regions": {"United Kingdom": ["36"], "Germany": ["15"], "United States": ["11"]},
    "pages": {"/": ["35", "35"], "/prices": ["27", "15"], "/thanks": ["12", "12"]},
    "sources": {"google.com": ["24"], "No referrer": ["26"], "chatgpt.com": ["12"]},
    "channels": {"Search engines": ["24"], "E-mail": ["15"], "AI assistants": ["12"], "Direct": ["11"]},
    "campaigns": {"spring": ["15"]},
    "devices": {"Mobile": ["36"], "Desktop": ["26"]},
    "browsers": {"Safari": ["36"], "Chrome": ["15"], "Firefox": ["11"]},
    "systems": {"iOS": ["36"], "Windows": ["15"], "Linux": ["11"]},
    "languages": {"English": ["47"], "German": ["15"]},
    "held-services": {"Google Analytics (analytics)": ["50"]},
    "robots": {"Search engines": ["13"]},
    "goals": {"order": ["12"]},
}


def test_the_answers(client):
    def sheet(name):
        found = client.get(f"/api/v1/sites/{SITE}/figures/{name}.csv?period=24h", base_url=ORIGIN)
        return list(csv.DictReader(io.StringIO(found.data.decode("utf-8-sig")), quoting=csv.QUOTE_NONNUMERIC))

    (whole,) = sheet("answers")
    told = [whole[name] for name in ("shown", "told", "accept", "accept_most", "reject", "reject_most")]
    assert told == [39, "whole", 12, 12, 12, 12]
    # Up to 15 may have chosen a part, since that is told of nobody: as many gave no answer, or fewer.
    assert [whole[name] for name in ("custom", "custom_most", "ignored", "ignored_most")] == [0, 15, 0, 15]
    assert (whole["signal"], whole["withdrawn"], whole["left"]) == (11, "", 0)
    by = {
        row["name"]: (row["shown"], row["accept"], row["reject_most"]) for row in sheet("answers-by-device")
    }
    assert by == {"Mobile": (24, 12, 12), "Desktop": (15, 0, 0)}
    assert {row["name"]: row["shown"] for row in sheet("answers-by-region")} == {
        "United Kingdom": 24,
        "Germany": 15,
    }
    states = {row["name"]: row["visits"] for row in sheet("consent")}
    assert states == {"Not decided": 39, "Accepted all": 12, "Opt-out signal": 11}
    assert [(row["name"], row["visits"]) for row in sheet("hours")] == [("09:00", 62)]


def test_a_filter_answers_for_its_part(page):
    found = page("?period=24h&region=GB")
    assert totals(found)["Visits"] == "36"
    assert lines(found, "regions") == {"England": ["36"]}


def test_nothing_of_anybody_is_in_what_is_shown(client, page):
    everything = page().text + client.get(f"/api/v1/sites/{SITE}/figures?period=24h", base_url=ORIGIN).text
    for word in ("81.2.69", "91.0.0", "Mozilla", "secret", "4711", "q="):
        assert word not in everything.replace("&q=", "")
