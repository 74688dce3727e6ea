"""A store with one known day in it, and a client that is signed in."""

from __future__ import annotations

import re
from datetime import date

import pytest
from argon2 import PasswordHasher

from cookiegate.config import Config
from cookiegate.core.counts import VIEW, VISIT, label_of
from cookiegate.core.sealing import Rule
from cookiegate.core.sealing.periods import day_of
from cookiegate.counting.sealer import Sealer
from cookiegate.dashboard.accounts import Accounts
from cookiegate.dashboard.app import build
from cookiegate.stores import Batch, MemoryStore

ORIGIN = "https://stats.test"
SITE = "www.site.test"
DAY = day_of(date(2026, 3, 4))
NOW = (DAY + 1) * 86400 + 6 * 3600


def known_day():
    """(panel, label) -> weight of 60 visits: 40 from England on mobiles, 20 from Germany at desks; 20 views more."""
    cells = {}

    def add(panel, label, visits, views=None):
        cells[panel, label] = visits * VISIT + (0 if views is None else (views - visits) * VIEW)

    add("hour", "09", 45, 65)
    add("hour", "10", 15)
    add("page", "/", 40, 45)
    add("page", "/pricing", 15, 30)
    add("page", "/hello", 5)
    add("referrer", "google.com", 40)
    add("referrer", "", 20)
    add("browser", "Safari", 40, 55)
    add("browser", "Firefox", 20, 25)
    add("system", "iOS", 40, 55)
    add("system", "Linux", 20, 25)
    add("language", "en", 40, 55)
    add("language", "de", 20, 25)
    add("cube", label_of("GB-ENG", "mobile", "search", "granted"), 25, 30)
    add("cube", label_of("GB-ENG", "mobile", "search", "undecided"), 15, 25)
    add("cube", label_of("DE-BY", "desktop", "direct", "undecided"), 20, 25)
    add("bot", "seo", 12)
    add("utm_campaign", "=1+1", 11)
    for event, count in (("shown", 40), ("accept", 20), ("reject", 12)):
        add(f"prompt:{event}:banner", "v1", count)
        add(f"prompt:{event}:device", "mobile", count)
        add(f"prompt:{event}:region", "GB-ENG", count)
        add(f"prompt:{event}:language", "en", count)
    return cells


def sealed(store, day, cells, site=SITE, last=None):
    store.add(Batch(f"{site}-{day}", site, {day: cells}, day))
    Sealer(store, site, Rule(10), last_day=lambda: day if last is None else last).run()


@pytest.fixture
def store():
    found = MemoryStore()
    sealed(found, DAY, known_day())
    return found


@pytest.fixture
def accounts(tmp_path):
    found = Accounts(tmp_path / "state" / "accounts.sqlite", lambda: NOW, PasswordHasher(1, 64, 1))
    found.add("anna", "a rather long password", "viewer")
    found.add("eve", "yet another long password", "editor")
    found.add("ada", "one more long password", "admin")
    found.add("ben", "another long password", "viewer", ("other.test",))
    yield found
    found.close()


@pytest.fixture
def app(tmp_path, store, accounts):
    config = Config(state_dir=tmp_path / "state", site={"public_url": f"https://{SITE}"})
    return build(config, store=store, accounts=accounts, clock=lambda: NOW)


def token_of(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def sign_in(client, name="anna", password="a rather long password", to=""):
    token = token_of(client.get("/sign-in", base_url=ORIGIN))
    data = {"csrf_token": token, "name": name, "password": password, "to": to}
    return client.post("/sign-in", base_url=ORIGIN, data=data)


@pytest.fixture
def editor(app):
    found = app.test_client()
    assert sign_in(found, "eve", "yet another long password").status_code == 303
    return found


def post(client, path, token_from="/account/", **data):
    """Post a form of ours with its token."""
    token = token_of(client.get(token_from, base_url=ORIGIN))
    return client.post(path, base_url=ORIGIN, data={"csrf_token": token, **data})


@pytest.fixture
def client(app):
    found = app.test_client()
    assert sign_in(found).status_code == 303
    return found


@pytest.fixture
def page(client):
    def get(query="?period=24h", path=f"/sites/{SITE}/"):
        return client.get(path + query, base_url=ORIGIN)

    return get
