"""What each role may do; notes, the second factor, and a proxy that vouches."""

from __future__ import annotations

import pyotp
import pytest

from cookiegate.config import Config
from cookiegate.dashboard.accounts import Accounts
from cookiegate.dashboard.app import build
from cookiegate.dashboard.second_factor import SecondFactors, new_secret
from cookiegate.dashboard.shares import Shares

from .conftest import NOW, ORIGIN, SITE, post, sign_in, token_of

PAGE = f"/sites/{SITE}/?period=24h"
PASSWORD = "a rather long password"


def test_an_editor_notes_a_day_and_everyone_sees_it(editor, client):
    text = "<b>Spring & sale</b>"
    found = post(editor, f"/sites/{SITE}/notes", day="2026-03-04", text=text, query="?period=24h")
    assert found.headers["Location"] == f"/sites/{SITE}/?period=24h"
    shown = client.get(f"/sites/{SITE}/?period=7d", base_url=ORIGIN).text
    assert "4 Mar: &lt;b&gt;Spring &amp; sale&lt;/b&gt;" in shown
    assert "<b>Spring" not in shown
    assert "Add a note" not in shown
    rows = client.get(f"/api/v1/sites/{SITE}/figures/notes?period=7d", base_url=ORIGIN).json["rows"]
    assert rows == [{"day": "2026-03-04", "text": text}]
    assert (
        "Spring"
        not in client.get(f"/sites/{SITE}/?period=custom&from=2026-03-01&to=2026-03-02", base_url=ORIGIN).text
    )


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2026-03-05", "?period=custom&from=2026-03-04&to=2026-03-05&region=GB"),
        ("2026-01-01", "?period=custom&from=2026-01-01&to=2026-03-04&region=GB"),
        ("1999-01-01", "?period=custom&from=1999-01-01&to=1999-01-01&region=GB"),
    ],
)
def test_a_note_on_another_day_is_shown_once_it_is_made(editor, day, shown):
    query = "?period=24h&region=GB"
    found = post(editor, f"/sites/{SITE}/notes", day=day, text="a fair", query=query)
    assert found.headers["Location"] == f"/sites/{SITE}/{shown}"
    assert "a fair" in editor.get(found.headers["Location"], base_url=ORIGIN).text


def test_a_note_is_removed(editor, client, accounts):
    post(editor, f"/sites/{SITE}/notes", day="2026-03-04", text="a fair", query="//evil.test")
    assert post(client, f"/sites/{SITE}/notes/remove", id="1").status_code == 403
    assert post(editor, f"/sites/{SITE}/notes/remove", id="1").status_code == 303
    assert post(editor, f"/sites/{SITE}/notes/remove", id="1").status_code == 404
    assert post(editor, f"/sites/{SITE}/notes/remove", id="x").status_code == 400
    assert [event for _, name, event in accounts.audit() if name == "eve"][:2] == [
        f"note removed on {SITE}",
        f"note made on {SITE}",
    ]


@pytest.mark.parametrize(
    "data", [{"day": "2026-02-30"}, {"day": ""}, {"text": ""}, {"text": "x" * 141}, {"text": "a\x00b"}]
)
def test_a_note_that_cannot_be_is_refused(editor, data):
    found = post(editor, f"/sites/{SITE}/notes", **{"day": "2026-03-04", "text": "a fair", **data})
    assert found.status_code == 400


def test_a_viewer_changes_nothing(client):
    assert post(client, f"/sites/{SITE}/notes", day="2026-03-04", text="a fair").status_code == 403
    assert client.get("/admin/", base_url=ORIGIN).status_code == 403


def test_an_editor_of_one_site_changes_no_other(app, accounts):
    accounts.add("otto", PASSWORD, "editor", ("other.test",))
    otto = app.test_client()
    sign_in(otto, "otto", PASSWORD)
    assert post(otto, f"/sites/{SITE}/notes", day="2026-03-04", text="a fair").status_code == 404
    assert otto.get(f"/sites/{SITE}/links/", base_url=ORIGIN).status_code == 404


def test_an_admin_sees_accounts_and_what_was_done(app):
    ada = app.test_client()
    sign_in(ada, "ada", "one more long password")
    found = ada.get("/admin/", base_url=ORIGIN).text
    assert "other.test" in found
    assert "signed in" in found


def test_a_key_is_made_shown_once_and_removed(client, app):
    page = post(client, "/account/keys", name="nightly")
    key = page.text.split("<code>")[1].split("</code>")[0]
    asked = {"Authorization": f"Bearer {key}"}
    assert app.test_client().get("/api/v1/sites", base_url=ORIGIN, headers=asked).status_code == 200
    assert key not in client.get("/account/", base_url=ORIGIN).text
    assert post(client, "/account/keys", name="nightly").status_code == 400
    assert post(client, "/account/keys/remove", name="nightly").status_code == 303
    assert app.test_client().get("/api/v1/sites", base_url=ORIGIN, headers=asked).status_code == 401


# -- the second factor


def code_at(secret, seconds=NOW):
    return pyotp.TOTP(secret).at(int(seconds))


@pytest.fixture
def secret(client):
    page = client.get("/account/second-factor", base_url=ORIGIN)
    secret = page.text.split("<code>")[1].split("</code>")[0]
    data = {"csrf_token": token_of(page), "secret": secret}
    wrong = client.post("/account/second-factor", base_url=ORIGIN, data={**data, "code": "000000"})
    assert wrong.status_code == 400
    done = client.post("/account/second-factor", base_url=ORIGIN, data={**data, "code": code_at(secret)})
    assert done.status_code == 303
    return secret


def with_code(client, code):
    token = token_of(client.get("/sign-in/code", base_url=ORIGIN))
    return client.post("/sign-in/code", base_url=ORIGIN, data={"csrf_token": token, "code": code})


def test_a_password_alone_signs_in_no_more(app, secret, accounts):
    again = app.test_client()
    assert sign_in(again, to=PAGE).headers["Location"] == "/sign-in/code"
    assert again.get(PAGE, base_url=ORIGIN).status_code == 303
    assert with_code(again, code_at(secret)).status_code == 403  # used when it was set
    accounts.clock = lambda: NOW + 30
    assert with_code(again, "12345x").status_code == 403
    found = with_code(again, code_at(secret, NOW + 30))
    assert found.headers["Location"] == PAGE
    assert again.get(PAGE, base_url=ORIGIN).status_code == 200


def test_a_one_time_link_asks_for_the_code_too(app, secret, accounts):
    path = f"/once/{accounts.link('anna')}"
    again = app.test_client()
    token = token_of(again.get(path, base_url=ORIGIN))
    found = again.post(path, base_url=ORIGIN, data={"csrf_token": token})
    assert found.headers["Location"] == "/sign-in/code"


def test_codes_cannot_be_guessed_at_leisure(app, secret):
    again = app.test_client()
    sign_in(again)
    assert [with_code(again, f"{n:06d}").status_code for n in range(6)][-1] == 429


def test_nor_where_the_second_factor_is_removed(app, client, secret, accounts):
    statuses = [post(client, "/account/second-factor/remove", code="000000").status_code for _ in range(7)]
    assert statuses == [400] * 5 + [429] * 2
    assert SecondFactors(accounts).is_on("anna")
    again = app.test_client()
    sign_in(again)
    assert with_code(again, code_at(secret)).status_code == 429  # the same account of attempts


def test_half_a_sign_in_ends(app, secret, accounts):
    again = app.test_client()
    sign_in(again)
    accounts.clock = lambda: NOW + 301
    assert again.get("/sign-in/code", base_url=ORIGIN).headers["Location"] == "/sign-in"


def test_a_code_is_good_once_and_near_its_time(accounts):
    factors, secret = SecondFactors(accounts), new_secret()
    assert factors.turn_on("anna", secret, code_at(secret, NOW - 30))
    assert factors.fits("anna", code_at(secret))
    assert not factors.fits("anna", code_at(secret))
    assert not factors.fits("anna", code_at(secret, NOW + 61))
    assert factors.turn_off("anna")
    assert not factors.turn_off("anna")
    assert not factors.fits("anna", code_at(secret, NOW + 30))


# -- a proxy that vouches


@pytest.fixture
def behind(tmp_path, store, accounts):
    config = Config(
        state_dir=tmp_path / "state",
        site={"public_url": f"https://{SITE}"},
        trusted_proxies=("10.0.0.1",),
        dashboard={"user_header": "Remote-User"},
    )
    client = build(config, store=store, accounts=accounts, clock=lambda: NOW).test_client()

    def get(user, peer="10.0.0.1", path=PAGE):
        headers = {} if user is None else {"Remote-User": user}
        return client.get(path, base_url=ORIGIN, headers=headers, environ_base={"REMOTE_ADDR": peer})

    return get


def test_a_trusted_proxy_says_who_is_signed_in(behind):
    assert behind("anna").status_code == 200
    assert behind("anna", path="/api/v1/sites").json == {"sites": [SITE]}
    assert behind("ben").status_code == 404


def test_nobody_else_is_believed(behind):
    assert behind("anna", peer="10.0.0.2").status_code == 303
    assert behind(None).status_code == 303


def test_whom_a_proxy_names_must_have_an_account(behind):
    assert behind("stranger").status_code == 403


def test_a_sign_in_by_a_proxy_is_noted_once_in_a_while(behind, accounts):
    def events():
        return [(name, event) for _, name, event in accounts.audit() if "proxy" in event]

    behind("anna"), behind("anna", path="/api/v1/sites"), behind("anna", peer="10.0.0.2")
    assert events() == [("anna", "signed in by the proxy")]
    behind("stranger"), behind("another-stranger")
    assert events()[0] == ("(no account)", "sign-in by the proxy refused")
    assert len(events()) == 2
    accounts.clock = lambda: NOW + 12 * 3600
    behind("anna")
    assert events()[0] == ("anna", "signed in by the proxy")
    assert len(events()) == 3


def test_a_header_is_nothing_where_the_settings_name_none(app):
    found = app.test_client().get(PAGE, base_url=ORIGIN, headers={"Remote-User": "anna"})
    assert found.status_code == 303


def test_accounts_keep_no_secret_in_the_clear(accounts, tmp_path):
    assert isinstance(accounts, Accounts)
    link = accounts.link("anna")
    with accounts.connection.read() as connection:
        everything = "\n".join(connection.iterdump())
    assert PASSWORD not in everything
    assert link not in everything


# -- an account that is changed, or made again


def test_an_account_made_again_is_another_one(app, accounts, client):
    assert client.get(PAGE, base_url=ORIGIN).status_code == 200
    accounts.remove("anna")
    accounts.add("anna", "quite another password", "admin")
    assert client.get(PAGE, base_url=ORIGIN).status_code == 303
    assert client.get("/admin/", base_url=ORIGIN).status_code == 303


def test_half_a_sign_in_is_of_no_account_made_again(app, secret, accounts):
    again = app.test_client()
    sign_in(again)
    accounts.remove("anna")
    accounts.add("anna", "quite another password", "admin")
    assert again.get("/sign-in/code", base_url=ORIGIN).headers["Location"] == "/sign-in"


def test_a_changed_role_counts_at_once(accounts, client):
    assert client.get("/admin/", base_url=ORIGIN).status_code == 403
    accounts.change("anna", role="admin")
    assert client.get("/admin/", base_url=ORIGIN).status_code == 200
    accounts.change("anna", sites=("other.test",))
    assert client.get(PAGE, base_url=ORIGIN).status_code == 404


def test_links_end_that_their_maker_could_not_make_any_more(accounts, editor):
    shares = Shares(accounts)

    def after(**change):
        for site in (SITE, "other.test"):
            shares.make("eve", site, k=10, days=7)
        accounts.change("eve", **change)
        return len(shares.of_site(SITE)), len(shares.of_site("other.test"))

    assert after(role="admin") == (1, 1)
    assert after(sites=("other.test",)) == (0, 2)
    assert after(role="viewer") == (0, 0)
