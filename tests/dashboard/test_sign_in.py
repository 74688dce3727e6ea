"""Nothing answers without a sign-in; attempts are throttled; links work once."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from cookiegate.dashboard.accounts import Accounts
from cookiegate.errors import AccountError

from .conftest import ORIGIN, SITE, post, sign_in, token_of


@pytest.mark.parametrize("path", ["/", f"/sites/{SITE}/", f"/sites/{SITE}/pages/", "/sites/nowhere/"])
def test_a_stranger_is_sent_to_the_sign_in(app, path):
    found = app.test_client().get(path, base_url=ORIGIN)
    assert found.status_code == 303
    assert found.headers["Location"].startswith("/sign-in")


def test_every_route_but_these_asks_for_a_sign_in(app):
    open_ones = {
        "sign_in.page",
        "sign_in.once",
        "pages.static",
        "shared.page",
        "pages.privacy",
        "pages.privacy_json",
    }
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in open_ones:
            continue
        path = rule.rule.replace("<site>", SITE).replace("<panel>", "pages").replace("<sheet>", "pages")
        if "GET" in rule.methods:
            wanted = 401 if path.startswith("/api/") else 303
            assert client.get(path, base_url=ORIGIN).status_code == wanted, rule
        else:
            assert client.post(path, base_url=ORIGIN).status_code == 400, rule


def test_signing_in_sets_a_host_cookie_and_goes_on(app):
    found = sign_in(app.test_client(), to=f"/sites/{SITE}/?period=7d")
    assert found.headers["Location"] == f"/sites/{SITE}/?period=7d"
    cookie = found.headers["Set-Cookie"]
    assert cookie.startswith("__Host-dashboard=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


@pytest.mark.parametrize("place", ["//evil.test/", "/\\evil.test", "https://evil.test/", "/\tx", "/sign-in"])
def test_signing_in_leads_nowhere_else(app, place):
    assert sign_in(app.test_client(), to=place).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("name", "password"), [("anna", "wrong"), ("nobody", "a rather long password"), ("", "")]
)
def test_a_wrong_pair_is_refused_alike(app, name, password):
    found = sign_in(app.test_client(), name, password)
    assert found.status_code == 403
    assert "do not go together" in found.text


def test_a_form_without_its_token_is_refused(app):
    data = {"name": "anna", "password": "a rather long password"}
    assert app.test_client().post("/sign-in", base_url=ORIGIN, data=data).status_code == 400


def test_attempts_are_throttled_by_name(app):
    statuses = [sign_in(app.test_client(), "anna", "wrong").status_code for _ in range(7)]
    assert statuses == [403] * 5 + [429] * 2


def test_the_limiter_writes_no_address_and_no_name(app, caplog):
    for _ in range(7):
        sign_in(app.test_client(), "anna", "wrong")
    assert "127.0.0.1" not in caplog.text
    assert "anna" not in caplog.text


def test_an_account_sees_its_sites_alone(app):
    client = app.test_client()
    sign_in(client, "ben", "another long password")
    found = client.get(f"/sites/{SITE}/", base_url=ORIGIN)
    assert found.status_code == 404
    assert SITE not in client.get("/", base_url=ORIGIN).text


def test_signing_out_everywhere_ends_other_sessions(app):
    here, there = app.test_client(), app.test_client()
    sign_in(here)
    sign_in(there)
    token = token_of(here.get(f"/sites/{SITE}/", base_url=ORIGIN))
    here.post("/sign-out", base_url=ORIGIN, data={"csrf_token": token, "everywhere": "1"})
    assert there.get(f"/sites/{SITE}/", base_url=ORIGIN).status_code == 303


def test_a_link_signs_in_once_and_only_by_its_button(app, accounts):
    place = f"/once/{accounts.link('anna')}"
    client = app.test_client()
    token = token_of(client.get(place, base_url=ORIGIN))
    assert client.get(place, base_url=ORIGIN).status_code == 200
    assert client.post(place, base_url=ORIGIN, data={"csrf_token": token}).status_code == 303
    assert client.get(f"/sites/{SITE}/", base_url=ORIGIN).status_code == 200
    assert app.test_client().get(place, base_url=ORIGIN).status_code == 404


def test_every_answer_carries_a_strict_policy(app):
    for path in ("/sign-in", "/nothing", "/once/x", "/"):
        headers = app.test_client().get(path, base_url=ORIGIN).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "private, no-store"


def test_what_is_done_is_noted_without_an_address(app, accounts):
    sign_in(app.test_client(), "anna", "wrong")
    sign_in(app.test_client())
    events = [(name, event) for _, name, event in accounts.audit()]
    assert events[:2] == [("anna", "signed in"), ("anna", "sign-in refused")]
    sign_in(app.test_client(), "my-password-typed-as-name", "x")
    assert accounts.audit()[0][1:] == ("(no account)", "sign-in refused")


def test_a_sign_out_is_noted(app, accounts):
    client = app.test_client()
    sign_in(client)
    post(client, "/sign-out")
    assert accounts.audit()[0][1:] == ("anna", "signed out")


@pytest.mark.parametrize(
    "bad", [("anna", "a rather long password"), ("x y", "a rather long password"), ("zoe", "short")]
)
def test_accounts_that_cannot_be(accounts, bad):
    with pytest.raises(AccountError):
        accounts.add(*bad, "viewer")


def test_passwords_are_kept_as_argon2id(accounts, tmp_path):
    content = b"".join(path.read_bytes() for path in (tmp_path / "state").glob("accounts.sqlite*"))
    assert b"a rather long password" not in content
    assert b"$argon2id$" in content


FORMAT_1 = """
CREATE TABLE account (name TEXT PRIMARY KEY, password TEXT NOT NULL, role TEXT NOT NULL, sites TEXT NOT NULL,
  epoch INTEGER NOT NULL, made INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE once (token TEXT PRIMARY KEY, account TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT NOT NULL, event TEXT NOT NULL);
INSERT INTO account VALUES ('carla', '', 'admin', '', 3, 0);
PRAGMA user_version = 1;
"""


def test_accounts_of_format_1_are_kept_and_are_like_new_ones(tmp_path):
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as file:
        file.executescript(FORMAT_1)
    old, new = Accounts(tmp_path / "old.sqlite"), Accounts(tmp_path / "new.sqlite")
    assert old.get("carla").role == "admin"
    query = "SELECT m.name, c.name, c.type, c.dflt_value FROM sqlite_master m, pragma_table_info(m.name) c ORDER BY 1, 2"
    with old.connection.read() as one, new.connection.read() as other:
        assert one.execute(query).fetchall() == other.execute(query).fetchall()
    old.close()
    new.close()
