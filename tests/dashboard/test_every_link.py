"""Whoever follows the links of our own pages, one after the other, finds a page at the end of each."""

from __future__ import annotations

import html
import re
from collections import deque
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from argon2 import PasswordHasher

from cookiegate.dashboard.accounts import Accounts
from cookiegate.dashboard.app import build

from . import truth
from .conftest import ORIGIN, post, sign_in
from .test_shares import opened

KEPT = ("period", "compare", "by")
"""Arguments whose every value is followed; of others one page for each set of names and panel."""
BOUND = {
    "all": {},
    "a region": {"region": "GB"},
    "a device": {"device": "mobile"},
    "a channel": {"channel": "search"},
    "all three": {"region": "DE", "device": "desktop", "channel": "direct"},
    "a higher threshold": {"k": "50"},
}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("links")
    with pytest.MonkeyPatch.context() as monkeypatch:
        known = truth.demo(folder, 57, monkeypatch)
    now = (max(known.days) + 1) * 86400 + 6 * 3600
    accounts = Accounts(folder / "accounts.sqlite", lambda: now, PasswordHasher(1, 64, 1))
    accounts.add("eve", "yet another long password", "editor")
    found = build(known.config, store=known.store, accounts=accounts, clock=lambda: now)
    found.extensions["tests_site"] = known.site
    yield found
    accounts.close()


def kind_of(address):
    split = urlsplit(address)
    args = dict(parse_qsl(split.query))
    return split.path, tuple(sorted(args)), tuple(args.get(name) for name in KEPT)


def targets(page, address):
    for found in re.findall(r'<(?:a|form|iframe|img|link|script)\b[^>]*?\s(?:href|src)="([^"]*)"', page.text):
        target = urljoin(address, html.unescape(found)).partition("#")[0]
        if target.startswith("/") and not target.startswith("//"):
            yield target


def walk(client, start, most=700):
    """(address, status) of each kind of page that `start` leads to."""
    waiting, seen, found = deque([start]), {kind_of(start)}, []
    while waiting and len(found) < most:
        address = waiting.popleft()
        page = client.get(address, base_url=ORIGIN)
        found.append((address, page.status_code))
        if page.mimetype != "text/html":
            continue
        for target in targets(page, address):
            if kind_of(target) not in seen:
                seen.add(kind_of(target))
                waiting.append(target)
    return found


def wrong(found):
    return [(address, status) for address, status in found if status not in (200, 302, 303)]


@pytest.fixture(scope="module")
def editor(app):
    found = app.test_client()
    assert sign_in(found, "eve", "yet another long password").status_code == 303
    return found


def test_links_of_a_signed_in_reader_lead_somewhere(app, editor):
    found = walk(editor, f"/sites/{app.extensions['tests_site']}/")
    assert len(found) > 300
    assert wrong(found) == []


@pytest.mark.parametrize("bound", BOUND)
def test_links_of_a_guest_lead_somewhere(app, editor, bound):
    site = app.extensions["tests_site"]
    made = post(editor, f"/sites/{site}/links/", **{"k": "10", "days": "7", **BOUND[bound]})
    path = re.search(r'class="made"[^>]*>.*?href="(?:https://[^/]+)?(/shared/[^"]+)"', made.text)[1]
    guest, _ = opened(app, path)
    found = walk(guest, f"/sites/{site}/")
    assert len(found) > 100
    assert wrong(found) == []
