"""The operator adds, renames, re-categorises."""

from __future__ import annotations

from cookiegate.catalogue_files import load_catalogue, operator_catalogue
from cookiegate.config import Config

SHIPPED = load_catalogue()


def test_own_service_is_found_by_its_hosts() -> None:
    ours = SHIPPED.with_operator(
        services={
            "shop-stats": {"name": "Shop Stats", "hosts": ["*.stats.example"], "category": "analytics"}
        },
        source="cookiegate.toml",
    )
    match = ours.match_url("eu.stats.example", "/")
    assert match is not None
    assert match.service is not None
    assert (match.service.name, match.category, match.source) == (
        "Shop Stats",
        "analytics",
        "cookiegate.toml",
    )
    assert SHIPPED.match_url("eu.stats.example", "/") is None


def test_catalogued_service_takes_new_words_and_keeps_its_hosts() -> None:
    ours = SHIPPED.with_operator(services={"youtube": {"category": "preferences", "purpose": "Our films."}})
    match = ours.match_url("www.youtube.com", "/embed/x")
    assert match is not None
    assert match.service is not None
    assert (match.category, match.service.purpose, match.service.owner) == (
        "preferences",
        "Our films.",
        "Google",
    )


def test_classified_host_has_a_category_and_no_service() -> None:
    ours = SHIPPED.with_operator(classify={"cdn.nobody.example": "preferences"})
    match = ours.match_url("cdn.nobody.example", "/x")
    assert match is not None
    assert (match.service, match.category) == (None, "preferences")


def test_declared_cookie_wins_over_the_catalogue() -> None:
    ours = SHIPPED.with_operator(cookies=[{"name": "_ga", "category": "necessary", "purpose": "ours"}])
    match = ours.match_cookie("_ga")
    assert match is not None
    assert (match.category, match.kind) == ("necessary", "operator")


def test_added_collection_path_is_analytics() -> None:
    match = SHIPPED.with_operator(collect=["/numbers"]).collects("/numbers/hit?x=1")
    assert match is not None
    assert match.category == "analytics"


def test_necessary_service_waits_until_it_is_enabled() -> None:
    assert "stripe" not in SHIPPED.necessary_at("/")
    assert "stripe" in SHIPPED.with_operator(enabled=["stripe"]).necessary_at("/")


def test_paths_narrow_a_necessary_service() -> None:
    ours = SHIPPED.with_operator(services={"stripe": {"paths": ["/pay"]}}, enabled=["stripe"])
    assert "stripe" in ours.necessary_at("/pay/card")
    assert "stripe" not in ours.necessary_at("/payroll")
    assert "stripe" not in ours.necessary_at("/")


def test_settings_reach_the_catalogue() -> None:
    ours = operator_catalogue(Config(services=("hcaptcha",), classify={"x.example": "analytics"}))
    assert "hcaptcha" in ours.necessary_at("/contact")
    match = ours.match_url("x.example", "/")
    assert match is not None
    assert match.category == "analytics"
