"""Links for people without an account: what they show, what they keep from, how they end."""

from __future__ import annotations

import csv
import io
import re

import pytest

from cookiegate.core.counts import VIEW, VISIT
from cookiegate.core.sealing import Rule
from cookiegate.dashboard.period import iso
from cookiegate.dashboard.shares import Shares
from cookiegate.dashboard.thrift import Thrifty

from ..sealing.histories import random_week
from .conftest import DAY, NOW, ORIGIN, SITE, post, sealed, token_of
from .test_figures import lines, totals
from .test_links import day_with_all

LINKS = f"/sites/{SITE}/links/"
PAGE = f"/sites/{SITE}/?period=24h"


def made(editor, **data):
    found = post(editor, LINKS, **{"k": "10", "days": "7", **data})
    assert found.status_code == 200, found.text
    return re.search(r'class="made"[^>]*>.*?href="(?:https://[^/]+)?(/shared/[^"]+)"', found.text)[1]


def opened(app, path, **data):
    guest = app.test_client()
    token = token_of(guest.get(path, base_url=ORIGIN))
    found = guest.post(path, base_url=ORIGIN, data={"csrf_token": token, **data})
    return guest, found


def test_a_link_shows_what_the_page_shows_and_nothing_can_be_changed(app, editor, page):
    path = made(editor)
    guest, found = opened(app, path)
    assert found.headers["Location"] == f"/sites/{SITE}/"
    shown = guest.get(PAGE, base_url=ORIGIN)
    assert totals(shown) == totals(page())
    assert lines(shown, "pages") == lines(page(), "pages")
    assert "Add a note" not in shown.text
    for place in ("/account/", "/admin/", LINKS):
        assert guest.get(place, base_url=ORIGIN).status_code == 403
    token = token_of(shown)
    for place in (f"/sites/{SITE}/notes", LINKS, "/account/keys", "/account/second-factor"):
        assert guest.post(place, base_url=ORIGIN, data={"csrf_token": token}).status_code == 403
    assert (
        guest.get(f"/api/v1/sites/{SITE}/figures/totals?period=24h", base_url=ORIGIN).json["rows"][0]["value"]
        == 60
    )


def test_looking_at_a_link_signs_nobody_in(app, editor):
    path = made(editor)
    stranger = app.test_client()
    assert stranger.get(path, base_url=ORIGIN).status_code == 200
    assert stranger.get(PAGE, base_url=ORIGIN).status_code == 303


def test_a_link_is_bound_to_its_site_and_filter(app, editor, store):
    sealed(store, DAY, {("hour", "09"): 30 * VISIT, ("page", "/x"): 30 * VISIT}, site="other.test")
    guest, _ = opened(app, made(editor, region="GB"))
    assert totals(guest.get(PAGE, base_url=ORIGIN))["Visits"] == "40"
    assert guest.get("/sites/other.test/", base_url=ORIGIN).status_code == 404
    assert guest.get(f"{PAGE}&region=DE", base_url=ORIGIN).status_code == 400
    assert guest.get(f"{PAGE}&region=GB-ENG", base_url=ORIGIN).status_code == 200
    assert "Without the filter" not in guest.get(PAGE, base_url=ORIGIN).text
    assert guest.get("/api/v1/sites", base_url=ORIGIN).json == {"sites": [SITE]}


def test_a_password_is_asked_for(app, editor):
    path = made(editor, password="only for friends")
    assert opened(app, path, password="")[1].status_code == 403
    assert opened(app, path, password="only for foes")[1].status_code == 403
    assert opened(app, path, password="only for friends")[1].status_code == 303


def test_guesses_are_throttled(app, editor):
    path = made(editor, password="only for friends")
    answers = [opened(app, path, password=f"guess {n}")[1].status_code for n in range(12)]
    assert answers[0] == 403
    assert answers[-1] == 429


def test_a_link_ends_for_whoever_is_looking(app, editor, accounts):
    path = made(editor)
    guest, _ = opened(app, path)
    share = Shares(accounts).of_site(SITE)[0]
    assert post(editor, f"{LINKS}end", id=share.id).status_code == 303
    assert guest.get(PAGE, base_url=ORIGIN).status_code == 303
    assert app.test_client().get(path, base_url=ORIGIN).status_code == 404
    assert post(editor, f"{LINKS}end", id=share.id).status_code == 404


def test_a_link_is_good_for_its_days(app, editor, accounts):
    path = made(editor, days="1")
    guest, _ = opened(app, path)
    accounts.clock = lambda: NOW + 2 * 86400
    assert guest.get(PAGE, base_url=ORIGIN).status_code == 303
    assert app.test_client().get(path, base_url=ORIGIN).status_code == 404


def test_a_removed_account_has_no_links(app, editor, accounts):
    path = made(editor)
    accounts.remove("eve")
    assert app.test_client().get(path, base_url=ORIGIN).status_code == 404


@pytest.mark.parametrize("data", [{"k": "9"}, {"k": "101"}, {"days": "0"}, {"days": "400"}, {"password": "short"},
                                  {"k": "ten"}, {"region": "gb"}, {"device": "<b>"}])  # fmt: skip
def test_a_link_that_cannot_be_is_refused_in_one_sentence(editor, accounts, data):
    typed = {"k": "12", "days": "7", **data}
    found = post(editor, LINKS, **typed)
    assert found.status_code == 400
    assert re.search(r'<p class="wrong" role="alert">[A-Z“][^<]{10,120}\.</p>', found.text)
    for name in ("k", "days"):
        assert re.search(rf'name="{name}"[^>]* value="{typed[name]}"', found.text), "what was typed stays"
    assert "short" not in found.text, "but a password"
    assert Shares(accounts).of_site(SITE) == []


def test_a_viewer_makes_no_links(client):
    assert client.get(LINKS, base_url=ORIGIN).status_code == 403
    assert post(client, LINKS, k="10", days="7").status_code == 403


def test_a_higher_threshold_shows_less_and_adds_up(app, editor, store):
    guest, _ = opened(app, made(editor, k="30"))
    shown = guest.get(PAGE, base_url=ORIGIN)
    assert totals(shown)["Visits"] == "60"
    assert lines(shown, "devices") == {"Told together": ["60"]}  # 40 and 20: one alone would be known
    assert "under 30 visits" in shown.text
    rows = guest.get(f"/api/v1/sites/{SITE}/figures/sources?period=24h", base_url=ORIGIN).json["rows"]
    assert sum(row["visits"] for row in rows) == 60
    assert all(row["visits"] >= 30 for row in rows)


@pytest.mark.parametrize("k", [12, 20, 45, 60, 61])
def test_nothing_under_a_higher_threshold_is_in_a_row(store, k):
    thrifty = Thrifty(store, Rule(k))
    for panel in ("total", "hour", "page", "referrer", "browser", "region", "device", "channel", "state", "bot",
                  "language", "prompt:shown:device"):  # fmt: skip
        rows = thrifty.rows(SITE, panel, DAY, DAY)
        assert all(row.visits >= k for _, row in rows)
        whole = sum(row.visits for _, row in store.rows(SITE, panel, DAY, DAY))
        assert sum(row.visits for _, row in rows) in (0, whole)


@pytest.fixture
def strict(app, editor, store):
    """Somebody with a link of five times k, to a site of a thousand visits."""
    cells = random_week(1000, 4, day_with_all)[0]
    sealed(
        store, DAY - 1, {cell: c.visits * VISIT + (c.views - c.visits) * VIEW for cell, c in cells.items()}
    )
    guest, _ = opened(app, made(editor, k="50"))
    return lambda path: guest.get(path, base_url=ORIGIN)


YESTERDAY = f"?period=custom&from={iso(DAY - 1)}&to={iso(DAY - 1)}"
FIGURES = f"/api/v1/sites/{SITE}/figures"


def test_a_link_of_a_higher_threshold_says_the_same_everywhere(strict):
    told = strict(f"{FIGURES}{YESTERDAY}").json["sheets"]
    page, seen = strict(f"/sites/{SITE}/{YESTERDAY}"), 0
    for panel in ("regions", "channels", "devices", "sources", "systems", "browsers", "languages"):
        rows = told[panel]["rows"]
        file = list(
            csv.DictReader(io.StringIO(strict(f"{FIGURES}/{panel}.csv{YESTERDAY}").text.lstrip("\ufeff")))
        )
        assert [row["visits"] for row in file] == [str(row["visits"]) for row in rows]
        assert all(row["visits"] >= 50 for row in rows)
        shown = lines(page, panel)
        for row in rows if panel != "regions" else ():
            if row["name"] in shown:
                assert shown[row["name"]][0].replace(",", "").lstrip("≥ ") == str(row["visits"]), (panel, row)
                seen += 1
        assert sum(row["visits"] for row in rows) == told["totals"]["rows"][0]["value"], panel
    assert seen > 10


def test_a_link_of_a_higher_threshold_says_what_it_keeps_back(strict):
    page = strict(f"/sites/{SITE}/{YESTERDAY}").text
    assert "answers are told for all together and by banner" in page
    assert "this link tells those of whole weeks alone" in page
    assert "a source is named where the visits of its channel are told" in page
    sheets = strict(f"{FIGURES}{YESTERDAY}").json["sheets"]
    assert sheets["answers"]["rows"][0]["shown"] >= 50
    for side in ("region", "device", "language"):
        assert sheets[f"answers-by-{side}"]["rows"] == []
        assert "banner" in sheets[f"answers-by-{side}"]["refusal"]
    assert sheets["answers-by-banner"]["rows"]
