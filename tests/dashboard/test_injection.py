"""Whatever a visitor, or a site, can bring into a label comes out inert, in every form that the dashboard has.

Inert in HTML is that nothing but texts and values differs from the same page with a plain label: not one element, not
one attribute more.
"""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import re
import unicodedata
import zipfile
from urllib.parse import quote

import html5lib
import pytest
from argon2 import PasswordHasher
from werkzeug.test import Client

from cookiegate.config import Config
from cookiegate.core.counts.labels import LONGEST
from cookiegate.core.sealing import Rule
from cookiegate.counting.calendar import Calendar
from cookiegate.counting.sealer import Sealer
from cookiegate.dashboard.accounts import Accounts
from cookiegate.dashboard.app import build
from cookiegate.dashboard.desk import Desk
from cookiegate.dashboard.files import FORMULA
from cookiegate.dashboard.panels import PANELS
from cookiegate.dashboard.report import message_of, report_of
from cookiegate.dashboard.sheets import kinds
from cookiegate.opening import open_gate
from cookiegate.stores import MemoryStore
from cookiegate.wsgi import GateMiddleware

from ..edges.conftest import page_app
from ..test_device import FIREFOX
from .conftest import DAY, NOW, ORIGIN, SITE, post, sealed, sign_in, token_of
from .hostile import LABELS, PLAIN, day_of_labels

DAYS = "?period=24h&compare=none"
SEEN = {name: re.sub(r"[^ -~\u0600-\u06ff＝]", "\ufffd", label) for name, label in LABELS.items()}
each_label = pytest.mark.parametrize("name", LABELS)


class House:
    """A dashboard over one day, and clients of it."""

    def __init__(self, folder, accounts, label, site=SITE):
        self.site = site
        self.store = MemoryStore()
        sealed(self.store, DAY, day_of_labels(label), site=site)
        self.config = Config(
            state_dir=folder / "state",
            site={"public_url": f"https://{SITE}"},
            mail={"host": "127.0.0.1", "sender": "a@site.test", "to": ("b@site.test",)},
        )
        self.accounts = accounts
        self.app = build(self.config, store=self.store, accounts=accounts, clock=lambda: NOW)
        self.client = self.app.test_client()
        assert sign_in(self.client, "eve", "yet another long password").status_code == 303

    def get(self, path, client=None):
        found = (client or self.client).get(path, base_url=ORIGIN)
        assert found.status_code == 200, (path, found.status_code)
        return found

    def report(self):
        desk = Desk(self.config, self.store, self.accounts, lambda: NOW + 7 * 86400)
        return report_of(desk, self.site, "week")

    def guest(self, path=f"/sites/{SITE}/"):
        """(client, first page) of a new link."""
        made = post(self.client, f"{path}links/", k="10", days="7")
        path = re.search(r'href="https?://[^/"]+(/shared/[^"]+)"', made.text)[1]
        guest = self.app.test_client()
        first = self.get(path, guest)
        found = guest.post(path, base_url=ORIGIN, data={"csrf_token": token_of(first)})
        assert found.status_code == 303
        return guest, first


@pytest.fixture
def house(tmp_path, accounts):
    return lambda label, site=SITE: House(tmp_path, accounts, label, site)


@pytest.fixture(scope="module")
def benign(tmp_path_factory):
    """What the places of the same day say under a plain label: {place: page}, "report" and "shared" among them."""
    folder = tmp_path_factory.mktemp("benign")
    accounts = Accounts(folder / "state" / "accounts.sqlite", lambda: NOW, PasswordHasher(1, 64, 1))
    accounts.add("eve", "yet another long password", "editor")
    plain = House(folder, accounts, "benign")
    found = {place: plain.get(f"/sites/{SITE}/{place}{DAYS}").text for place in PLACES}
    guest, first = plain.guest()
    found["shared"] = first.text
    found["guest"] = plain.get(f"/sites/{SITE}/{DAYS}", guest).text
    found["report"] = plain.report()
    yield found
    accounts.close()


# -- HTML


def skeleton(text):
    """What a browser makes of a page, without texts and values."""
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    return [(str(node.tag), sorted(map(str, node.attrib))) for node in tree.iter()]


def texts(page):
    return "".join(html5lib.parse(page, namespaceHTMLElements=False).itertext())


def is_inert(page, plain):
    """Whether nothing but texts and values differs, no address leads elsewhere, and no unseen character is left."""
    assert skeleton(page) == skeleton(plain)
    for node in html5lib.parse(page, namespaceHTMLElements=False).iter():
        for name in ("href", "src", "action"):
            assert re.match(
                r"[/?#]|https://stats\.test/|https://db-ip\.com\Z|$", node.attrib.get(name, "")
            ), node.attrib[name]
    assert not unseen(page)


def unseen(text):
    """Characters that control, turn round or hide what is beside them, but those of layout."""
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {"\n"}


PLACES = ("", "pages/", "regions/", "held-services/", "answers-by-banner/")


@each_label
def test_a_page_holds_it_as_text(house, benign, name):
    hostile = house(LABELS[name])
    for place in PLACES:
        page = hostile.get(f"/sites/{SITE}/{place}{DAYS}").text
        is_inert(page, benign[place])
        first = SEEN[name].split()[0]
        assert (first.partition("-")[0] if place == "regions/" else first) in texts(page)


# -- files


def is_harmless(text):
    """Whether each line of a CSV has a cell for each name, no cell can be run, and no separator but the comma
    begins one: a spreadsheet of another country parts at semicolons."""
    first, *lines = list(csv.reader(io.StringIO(text, newline="")))
    assert all(len(line) == len(first) for line in lines)
    for line in lines:
        for cell in line:
            assert not cell.lstrip(" ").startswith(FORMULA), cell
            assert not re.search(r"[;|\t] *[=+@-]", cell), cell
            assert not unseen(cell), cell
    return lines


@each_label
def test_a_file_of_cells_runs_nothing(house, name):
    hostile = house(LABELS[name])
    for sheet in kinds():
        found = hostile.get(f"/api/v1/sites/{SITE}/figures/{sheet}.csv{DAYS}")
        assert found.headers["Content-Type"] == "text/csv; charset=utf-8"
        lines = is_harmless(found.text)
        if sheet == "pages":
            label = next(line[0] for line in lines if line[0] not in (PLAIN, "(other)"))
            assert label.replace("'", "") == SEEN[name].replace("'", "")


@each_label
def test_an_archive_runs_nothing(house, name):
    found = house(LABELS[name]).get(f"/api/v1/sites/{SITE}/figures.zip{DAYS}")
    with zipfile.ZipFile(io.BytesIO(found.data)) as archive:
        for entry in archive.namelist():
            assert re.fullmatch(r"[a-z-]+\.(csv|json)", entry)
            text = archive.read(entry).decode("utf-8")
            assert is_harmless(text) is not None if entry.endswith(".csv") else json.loads(text)


@each_label
def test_json_holds_it_as_a_string(house, name):
    hostile = house(LABELS[name])
    for path in ("figures", "figures/pages", "figures/regions"):
        found = hostile.get(f"/api/v1/sites/{SITE}/{path}{DAYS}")
        assert found.headers["Content-Type"] == "application/json"
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        sheets = found.json.get("sheets") or {"one": found.json}
        labels = {row.get("label") for sheet in sheets.values() for row in sheet["rows"]}
        assert SEEN[name] in labels
        assert not any(unseen(str(label)) for label in labels)


# -- what is sent


@each_label
def test_a_report_holds_it_as_text(house, benign, name):
    hostile = house(LABELS[name])
    report, plain = hostile.report(), benign["report"]
    is_inert(report.html, plain.html)
    assert SEEN[name].split()[0] in texts(report.html)
    assert SEEN[name].split()[0] in report.text
    assert not unseen(report.text)
    assert len(report.text.splitlines()) == len(plain.text.splitlines())
    mail = hostile.config.mail
    sent = email.message_from_bytes(message_of(report, mail).as_bytes(), policy=email.policy.default)
    assert list(sent) == list(message_of(plain, mail))
    assert sent.get_body(("plain",)).get_content().split() == report.text.split()


@each_label
def test_a_link_shows_it_as_text(house, benign, name):
    hostile = house(LABELS[name])
    guest, first = hostile.guest()
    is_inert(first.text, benign["shared"])
    page = hostile.get(f"/sites/{SITE}/{DAYS}", guest).text
    is_inert(page, benign["guest"])
    assert SEEN[name].split()[0] in texts(page)


# -- what people who are signed in bring in


def typed(label):
    """As a form can send it."""
    return label.encode("utf-8", "replace").decode("utf-8")


ROUTED = [
    name for name, label in LABELS.items() if "/" not in label and not unseen(label) and len(label) < 200
]


def pages_of(house):
    """Every page that names the site."""
    path = f"/sites/{quote(house.site)}/"
    guest, first = house.guest(path)
    return [house.get("/"), house.get(path + DAYS), house.get(f"{path}pages/{DAYS}"), first,
            house.get(f"{path}links/"), house.get(path + DAYS, guest)]  # fmt: skip


@pytest.mark.parametrize("name", ROUTED)
def test_the_name_of_a_site_is_text(house, name):
    hostile = house("benign", LABELS[name])
    for page, plain in zip(pages_of(hostile), pages_of(house("benign", "plain.test")), strict=True):
        is_inert(page.text, plain.text)
        assert hostile.site in texts(page.text)
    found = hostile.get(f"/api/v1/sites/{quote(hostile.site)}/figures/pages.csv{DAYS}")
    assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+"', found.headers["Content-Disposition"])
    report = hostile.report()
    assert message_of(report, hostile.config.mail)["Subject"] == report.subject


@each_label
def test_a_note_is_text(house, name):
    text = typed(LABELS[name])[:140]
    hostile = house("benign")
    path = f"/sites/{SITE}/"
    answer = post(hostile.client, f"{path}notes", day="2026-03-04", text=text, query=DAYS)
    kept = " ".join(text.split())
    if not kept.isprintable():
        assert answer.status_code == 400
        return
    page = hostile.get(path + DAYS).text
    assert kept in texts(page)
    assert len(html5lib.parse(page, namespaceHTMLElements=False).findall(".//script")) == 1
    is_harmless(hostile.get(f"/api/v1{path}figures/notes.csv{DAYS}").text)
    assert hostile.get(f"/api/v1{path}figures/notes{DAYS}").json["rows"] == [
        {"day": "2026-03-04", "text": kept}
    ]


@each_label
def test_the_name_of_a_key_is_text(house, name):
    hostile = house("benign")
    text = typed(LABELS[name])[:60]
    page = post(hostile.client, "/account/keys", name=text)
    if page.status_code == 400:
        return
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    assert len(tree.findall(".//script")) == 1
    assert " ".join(text.split()) in texts(page.text)
    assert not unseen(page.text)


PARAMETERS = ("q", "sort", "period", "compare", "from", "by", "region", "device", "channel", "x")


@each_label
def test_a_parameter_is_text(house, name):
    label = quote(LABELS[name].encode("utf-8", "surrogatepass")[:300])
    hostile = house("benign")
    for parameter in PARAMETERS:
        query = f"?{parameter}={label}{'&period=custom' if parameter == 'from' else ''}"
        page = hostile.client.get(f"/sites/{SITE}/pages/{query}", base_url=ORIGIN)
        assert page.status_code == (200 if parameter == "q" else 400)
        assert len(html5lib.parse(page.text, namespaceHTMLElements=False).findall(".//script")) == 1
        assert not unseen(page.text)
        answer = hostile.client.get(f"/api/v1/sites/{SITE}/figures/pages{query}", base_url=ORIGIN)
        assert (answer.status_code, set(answer.json)) == (400, {"error"})
        assert not unseen(answer.json["error"])


# -- from the first byte on


@pytest.fixture
def visited(tmp_path):
    """A store that was counted by the real gate: eleven visits for each label, which stands wherever a request has
    room for it."""
    config = Config(state_dir=tmp_path / "site", services=("google-analytics",), site={"public_url": f"https://{SITE}"},
                    counts={"seal": "command"})  # fmt: skip
    gate, pages = open_gate(config)
    gate.counter.calendar = Calendar("UTC", lambda: DAY * 86400 + 9 * 3600)
    site = GateMiddleware(page_app(b"<!doctype html><title>x</title><body>"), gate=gate, pages=pages)
    for label in LABELS.values():
        text = quote(label.encode("utf-8", "surrogatepass")[:300])
        fields = "&".join(
            f"utm_{name}={text}" for name in ("source", "medium", "campaign", "term", "content")
        )
        header = re.sub(r"[\r\n\x00]", "", label)[:300].encode("utf-8", "surrogatepass").decode("latin-1")
        headers = {"User-Agent": f"{FIREFOX} {header}", "Accept-Language": header, "Accept": "text/html",
                   "Referer": f"https://{header}/", "Sec-Fetch-Dest": "document"}  # fmt: skip
        for _ in range(11):
            found = Client(site).get(f"/{text}?{fields}", base_url=f"https://{SITE}/", headers=headers)
            assert found.status_code == 200
    gate.counter.flusher.flush()
    store = gate.counter.flusher._store
    Sealer(store, SITE, Rule(10), last_day=lambda: DAY).run()
    yield store
    gate.counter.flusher.close()
    gate.ledger.close()


def test_what_requests_bring_is_clean_in_the_store_and_inert_in_the_dashboard(visited, house):
    hostile = house("benign")
    hostile.app = build(hostile.config, store=visited, accounts=hostile.accounts, clock=lambda: NOW)
    hostile.client = hostile.app.test_client()
    sign_in(hostile.client, "eve", "yet another long password")
    told = 0
    for panel in PANELS:
        for _, row in visited.rows(SITE, panel.source, DAY, DAY):
            told += 1
            assert len(row.label) <= LONGEST
            assert not unseen(row.label), row.label
    assert told > 100
    for place in PLACES:
        page = hostile.get(f"/sites/{SITE}/{place}{DAYS}")
        tree = html5lib.parse(page.text, namespaceHTMLElements=False)
        assert len(tree.findall(".//script")) == 1
        assert not [name for node in tree.iter() for name in node.attrib if str(name).startswith("on")]
    for sheet in kinds():
        is_harmless(hostile.get(f"/api/v1/sites/{SITE}/figures/{sheet}.csv{DAYS}").text)
