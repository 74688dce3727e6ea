"""The data files: stated sources, sound references, quick to load, rebuilt alike."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from typing import Any

import pytest

from cookiegate.catalogue_files import load_catalogue, load_delivery
from cookiegate.catalogue_files.entries import cookie_rows, service_rows
from cookiegate.catalogue_files.load import read
from cookiegate.core.consent import CATEGORIES, UNCLASSIFIED

FILES = (
    "services",
    "third-party-web",
    "cookies",
    "site-cookies",
    "generic-cookies",
    "snippets",
    "collect",
    "delivery",
)
CATALOGUE = load_catalogue()


@pytest.mark.parametrize("name", FILES)
def test_file_states_licence_and_date(name: str) -> None:
    data = read(f"{name}.json")
    assert data["licence"]
    assert len(data["date"]) == len("2026-01-31")


@pytest.mark.parametrize("name", [name for name in FILES if name != "generic-cookies"])
def test_file_states_its_source(name: str) -> None:
    assert read(f"{name}.json")["source"]


def test_every_service_has_a_known_category() -> None:
    assert {s.category for s in CATALOGUE.services.values()} <= {*CATEGORIES, UNCLASSIFIED}


def test_unclassified_services_are_the_shared_ones() -> None:
    for service in CATALOGUE.services.values():
        assert service.shared == (service.category == UNCLASSIFIED), service.id


def test_necessary_service_has_its_reason_and_starts_dormant() -> None:
    found = [s for s in CATALOGUE.services.values() if s.category == "necessary"]
    assert len(found) > 25
    assert all(s.reason and s.dormant for s in found)


def test_services_filed_by_hand_say_what_they_are_for() -> None:
    hand = [s for s in CATALOGUE.services.values() if s.source.startswith("services.json") and not s.shared]
    assert len(hand) > 200
    assert [s.id for s in hand if not (s.purpose and s.name and s.owner)] == []


def test_ids_can_be_written_in_settings() -> None:
    assert [id for id in CATALOGUE.services if not id.replace("-", "").isalnum() or not id.isascii()] == []


def test_every_rule_leads_to_a_service() -> None:
    named = {service for group in read("snippets.json")["groups"] for service in group["calls"].values()}
    named |= set(read("collect.json")["paths"])
    named |= {m.service for category in CATEGORIES for m in CATALOGUE.cookies_of(category) if m.service}
    assert named - set(CATALOGUE.services) == set()


def test_absorbed_entries_exist() -> None:
    web = {row[0] for row in read("third-party-web.json")["services"]}
    absorbed = {id for entry in read("services.json")["services"] for id in entry.get("absorbs", ())}
    assert absorbed - web == set()


def test_anchor_is_a_piece_of_each_call() -> None:
    for group in read("snippets.json")["groups"]:
        assert [call for call in group["calls"] if group["anchor"] not in call] == []


def test_delivery_names_exact_hosts_that_no_category_names() -> None:
    for host in load_delivery():
        assert "*" not in host
        match = CATALOGUE.match_url(host, "/")
        assert match is None or match.category in (UNCLASSIFIED, "preferences")


@pytest.mark.parametrize("id", ["google-analytics", "meta-pixel", "microsoft-clarity", "microsoft-ads"])
def test_vendor_with_consent_signals_names_its_family(id: str) -> None:
    service = CATALOGUE.service(id)
    assert service is not None
    assert service.signal in ("google", "meta", "clarity", "microsoft", "tiktok", "pinterest")


def test_catalogue_loads_quickly_in_a_fresh_process() -> None:
    script = (
        "import time\nfrom cookiegate.catalogue_files import load_catalogue\n"
        "start = time.process_time()\nload_catalogue()\nprint(time.process_time() - start)"
    )
    command = [sys.executable, "-c", script]
    times = []
    for _ in range(3):
        run = subprocess.run(command, capture_output=True, check=True, text=True)
        times.append(float(run.stdout))
    assert min(times) < 0.060


def test_rows_of_a_rebuild_are_in_order_and_complete() -> None:
    entities: list[dict[str, Any]] = [
        {"name": "Zeta Ads", "category": "ad", "domains": ["*.zeta.example", "A.zeta.example"]},
        {"name": "Alpha CDN", "company": "Alpha Inc", "category": "cdn", "domains": ["alpha.example"]},
    ]
    assert service_rows(entities) == [
        ["alpha-cdn", "Alpha CDN", "Alpha Inc", "unclassified", "alpha.example"],
        ["zeta-ads", "Zeta Ads", "Zeta Ads", "marketing", "*.zeta.example a.zeta.example"],
    ]


@pytest.mark.parametrize(
    ("name", "domain", "category", "wild", "kept"),
    [
        ("_zeta", "", "Marketing", "0", ["_zeta"]),
        ("_zeta", "", "Analytics", "1", ["_zeta*"]),
        ("_zeta", "zeta.example (3rd party)", "Marketing", "0", []),
        ("_zeta", "", "Functional", "0", []),
        ("uid", "", "Marketing", "0", []),
        ("visitor", "", "Marketing", "0", []),
    ],
)
def test_cookie_counts_only_where_its_vendor_sets_it_first_party(
    name: str, domain: str, category: str, wild: str, kept: list[str]
) -> None:
    record = {
        "Cookie / Data Key name": name,
        "Domain": domain,
        "Category": category,
        "Wildcard match": wild,
        "Platform": "Zeta",
        "Data Controller": "Zeta Inc",
    }
    assert [row[0] for row in cookie_rows([record], frozenset({"visitor"}))] == kept


def test_shipped_cookie_rows_hold_no_generic_name() -> None:
    generic = set(read("generic-cookies.json")["names"])
    assert [row[0] for row in read("cookies.json")["cookies"] if row[0] in generic] == []


def test_files_have_one_row_a_line() -> None:
    text = (files("cookiegate") / "data" / "third-party-web.json").read_text(encoding="utf-8")
    assert text.count("\n") > len(json.loads(text)["services"])
