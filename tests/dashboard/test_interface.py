"""What leaves the dashboard as a file or through the interface is what the page shows."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile

import pytest

from cookiegate.core.counts import VISIT
from cookiegate.dashboard.files import FORMULA
from cookiegate.dashboard.sheets import kinds
from cookiegate.dashboard.tokens import PREFIX, Tokens
from cookiegate.errors import AccountError, StoreError

from .conftest import DAY, ORIGIN, SITE, sealed
from .test_figures import lines, totals

ROOT = f"/api/v1/sites/{SITE}/figures"
DAYS = "?period=24h"
EVIL = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "＝1", " =1", '"><script>alert(1)</script>']


@pytest.fixture
def key(accounts):
    return Tokens(accounts).make("anna", "test")


@pytest.fixture
def ask(app, key):
    def get(path, key=key, **headers):
        headers = {"Authorization": f"Bearer {key}", **headers}
        return app.test_client().get(path, base_url=ORIGIN, headers=headers)

    return get


def rows(found):
    assert found.status_code == 200, found.text
    return list(csv.DictReader(io.StringIO(found.data.decode("utf-8-sig")), quoting=csv.QUOTE_NONNUMERIC))


@pytest.mark.parametrize(
    "panel", ["regions", "pages", "channels", "sources", "devices", "browsers", "robots"]
)
@pytest.mark.parametrize("query", [DAYS, "?period=24h&region=GB", "?period=7d"])
def test_a_file_says_what_the_page_says(page, ask, panel, query):
    shown = lines(page(query, f"/sites/{SITE}/"), panel)
    for row in rows(ask(f"{ROOT}/{panel}.csv{query}")):
        figures = [row[name] for name in ("views", "visits") if row.get(name) is not None]
        if row["label"] == "(not told)":
            continue
        wanted = shown[row["name"]]
        assert sorted(figures) == sorted(float(text.replace(",", "")) for text in wanted)


def test_totals_are_those_of_the_page_in_every_form(page, ask):
    shown = totals(page(DAYS))
    sheet = {row["name"]: row["value"] for row in rows(ask(f"{ROOT}/totals.csv{DAYS}"))}
    assert sheet["Visits"] == float(shown["Visits"]) == 60
    assert f"{sheet['Accepted all']:.0%}".replace("%", " %") == shown["Accepted all"]
    assert sheet["Visitors who opted in"] in ("", None)
    assert ask(f"{ROOT}/totals{DAYS}").json["rows"][0]["value"] == 60


@pytest.mark.parametrize(
    "panel", ["regions", "pages", "channels", "sources", "devices", "browsers", "languages", "hours"]
)
def test_a_file_adds_up_to_the_total(ask, panel):
    total = {row["figure"]: row["value"] for row in rows(ask(f"{ROOT}/totals.csv{DAYS}"))}
    assert sum(row["visits"] for row in rows(ask(f"{ROOT}/{panel}.csv{DAYS}"))) == total["visits"]


def test_all_forms_hold_the_same(ask):
    everything = ask(f"{ROOT}{DAYS}").json
    archive = zipfile.ZipFile(io.BytesIO(ask(f"{ROOT}.zip{DAYS}").data))
    assert {name.removesuffix(".csv") for name in archive.namelist()} - {"question.json"} == set(kinds())
    for name, sheet in everything["sheets"].items():
        single = ask(f"{ROOT}/{name}{DAYS}").json
        assert {part: single[part] for part in sheet} == sheet
        text = ask(f"{ROOT}/{name}.csv{DAYS}").text
        assert archive.read(f"{name}.csv").decode() == text
        for written, row in zip(rows(ask(f"{ROOT}/{name}.csv{DAYS}")), sheet["rows"], strict=True):
            assert {part: as_csv(written[part]) for part in row} == {
                part: as_csv(value) for part, value in row.items()
            }
    assert json.loads(archive.read("question.json"))["threshold"] == 10


def as_csv(value):
    """What a JSON value is where CSV has numbers and texts alone; an apostrophe keeps a formula from being one."""
    return "" if value is None else value.replace("'", "") if isinstance(value, str) else value


def test_the_archive_is_the_same_bytes_each_time(ask):
    assert ask(f"{ROOT}.zip{DAYS}").data == ask(f"{ROOT}.zip{DAYS}").data


def test_a_filter_that_a_sheet_cannot_honour_is_said_in_the_file(ask):
    query = "?period=24h&region=GB"
    assert {row["scope"] for row in rows(ask(f"{ROOT}/pages.csv{query}"))} == {"whole site"}
    assert {row["scope"] for row in rows(ask(f"{ROOT}/regions.csv{query}"))} == {"filter"}
    assert "Whole site" in ask(f"{ROOT}/pages{query}").json["refusal"]


def test_a_file_begins_with_the_mark_that_excel_needs(ask):
    archive = zipfile.ZipFile(io.BytesIO(ask(f"{ROOT}.zip{DAYS}").data))
    for content in (ask(f"{ROOT}/pages.csv{DAYS}").data, archive.read("pages.csv")):
        assert content.startswith(b'\xef\xbb\xbf"label"')


def test_a_file_that_names_regions_says_whose_data_they_are(ask, page):
    for name in kinds():
        content = ask(f"{ROOT}/{name}.csv{DAYS}").text
        named = name in ("regions", "answers-by-region", "coverage-by-country")
        assert content.split("\r\n")[0].endswith(',"scope","credit"' if named else ',"scope"'), name
    assert {row["credit"] for row in rows(ask(f"{ROOT}/regions.csv{DAYS}"))} == {
        "IP Geolocation by DB-IP (https://db-ip.com)"
    }
    assert '<a href="https://db-ip.com"' in page().text
    assert '<a href="https://db-ip.com"' in page("", f"/sites/{SITE}/regions/").text


def test_no_cell_of_a_file_is_a_formula(ask, store):
    cells = {("page", text): 20 * VISIT for text in EVIL}
    sealed(store, DAY + 7, cells | {("hour", "01"): 160 * VISIT})
    found = ask(f"{ROOT}/pages.csv?period=custom&from=2026-03-11&to=2026-03-11")
    assert len(rows(found)) >= len(EVIL)
    for row in csv.reader(io.StringIO(found.text)):
        assert not any(cell.lstrip(" ").startswith(FORMULA) for cell in row)
    assert found.headers["Content-Type"].startswith("text/csv")
    assert found.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/v1/sites/nowhere.test/figures", 404), (f"{ROOT}/nothing", 404), (f"{ROOT}/nothing.csv", 404),
     (f"{ROOT}?period=9d", 400), (f"{ROOT}?period=", 400), (f"{ROOT}?sort=x", 400), ("/api/v1/nothing", 404),
     (f"{ROOT}?period=7d&period=7d", 400), (f"{ROOT}?period=custom&from=2026-W01-1&to=2026-03-01", 400),
     (f"{ROOT}?region=%00", 400), (f"{ROOT}?channel=%3Cscript%3E", 400), ("/api/v1/sites?x=1", 400)],
)  # fmt: skip
def test_what_cannot_be_asked_is_one_sentence_of_json(ask, path, status):
    found = ask(path)
    assert found.status_code == status
    assert found.json["error"].count(".") == 1 or found.json["error"].endswith(".")
    assert found.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", f"Bearer {PREFIX}wrong", "Basic YTpi", f"Bearer {'a' * 9000}"]
)
def test_without_a_good_key_nothing_is_said(app, header):
    found = app.test_client().get(ROOT, base_url=ORIGIN, headers={"Authorization": header})
    assert found.status_code == 401
    assert found.headers["WWW-Authenticate"].lower().startswith("bearer")


def test_a_key_opens_no_page(app, key):
    found = app.test_client().get(
        f"/sites/{SITE}/", base_url=ORIGIN, headers={"Authorization": f"Bearer {key}"}
    )
    assert found.status_code == 303


def test_a_key_sees_what_its_account_sees(accounts, ask):
    other = Tokens(accounts).make("ben", "test")
    assert ask("/api/v1/sites", key=other).json == {"sites": []}
    assert ask(ROOT, key=other).status_code == 404


def test_a_key_ends(accounts, ask, key):
    tokens = Tokens(accounts)
    with pytest.raises(AccountError, match="already"):
        tokens.make("anna", "test")
    assert tokens.remove("anna", "test")
    assert not tokens.remove("anna", "test")
    assert ask(ROOT).status_code == 401
    short = tokens.make("anna", "short", 1)
    later = accounts.clock() + 2 * 86400
    accounts.clock = lambda: later
    assert tokens.account_of(short) is None


def test_a_removed_account_has_no_keys(accounts, ask, key):
    accounts.remove("anna")
    accounts.add("anna", None, "viewer")
    assert ask(ROOT).status_code == 401


def test_a_store_that_is_down_is_a_sentence_of_json(ask, store, monkeypatch):
    def fail(*_):
        raise StoreError("the disk is gone")

    monkeypatch.setattr(store, "sums", fail)
    found = ask(ROOT)
    assert found.status_code == 503
    assert "disk" not in found.text


def test_answers_are_squeezed_where_that_is_asked_for(ask):
    plain, small = ask(ROOT), ask(ROOT, **{"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 4
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Content-Encoding" not in ask(f"{ROOT}.zip", **{"Accept-Encoding": "gzip"}).headers
    assert "Content-Encoding" not in ask(ROOT, **{"Accept-Encoding": "gzip;q=0"}).headers
