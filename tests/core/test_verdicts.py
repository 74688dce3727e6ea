"""What passes and what is held."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from cookiegate.catalogue_files import load_catalogue, registrable_domain
from cookiegate.core.catalogue import Catalogue
from cookiegate.core.consent import Choice, consent_of
from cookiegate.core.question import AskedService, Question
from cookiegate.core.site import Site
from cookiegate.core.verdicts import Verdicts

CATALOGUE = load_catalogue()
ASKED = Question(
    services=(
        AskedService("google-analytics", "analytics"),
        AskedService("meta-pixel", "marketing"),
        AskedService("vimeo", "preferences"),
    )
)


def verdicts(
    granted: Iterable[str] = (),
    services: Iterable[str] = (),
    catalogue: Catalogue = CATALOGUE,
    **settings: Any,
) -> Verdicts:
    choice = Choice(question=ASKED.hash, day=1, granted=frozenset(granted), services=frozenset(services))
    site = Site("www.shop.example", registrable=registrable_domain())
    return Verdicts(catalogue, site, consent_of(choice, ASKED), **settings)


ALL = ("preferences", "analytics", "marketing")
GA = "https://www.google-analytics.com/g/collect"
VIMEO = "https://player.vimeo.com/video/1"


@pytest.mark.parametrize("url", ["/a.js", "https://img.shop.example/x", "data:,x", "//shop.example", "#"])
def test_own_site_has_no_verdict(url: str) -> None:
    assert verdicts().url(url) is None


@pytest.mark.parametrize(
    "url", [GA, VIMEO, "https://nobody.example/x", "//d111.cloudfront.net/x", "https:///"]
)
def test_third_party_is_held_without_consent(url: str) -> None:
    verdict = verdicts().url(url)
    assert verdict is not None
    assert verdict.hold


def test_granted_category_releases_only_what_was_asked() -> None:
    some = verdicts(["analytics"])
    assert (found := some.url(GA)) is not None
    assert not found.hold
    for url in ("https://static.hotjar.com/c.js", VIMEO, "https://nobody.example/x"):
        assert (found := some.url(url)) is not None
        assert found.hold


def test_everything_granted_releases_unknown_hosts_too() -> None:
    assert (found := verdicts(ALL).url("https://nobody.example/x")) is not None
    assert not found.hold


def test_released_service_passes_alone() -> None:
    one = verdicts(services=["vimeo", "frames.nobody.example"])
    assert (found := one.url(VIMEO)) is not None
    assert not found.hold
    assert (found := one.url("https://frames.nobody.example/x")) is not None
    assert not found.hold
    assert (found := one.url(GA)) is not None
    assert found.hold


def test_allowed_and_delivery_hosts_pass() -> None:
    open_ = verdicts(allow=["*.partner.example"], delivery=["code.jquery.com"])
    for url in ("https://a.partner.example/x", "https://code.jquery.com/jquery.js"):
        assert (found := open_.url(url)) is not None
        assert not found.hold
    assert (found := open_.url("https://releases.jquery.com/x")) is not None
    assert found.hold


def test_necessary_service_passes_only_where_enabled() -> None:
    url = "https://js.stripe.com/v3/"
    found = verdicts().url(url)
    assert found is not None
    assert (found.hold, found.category, found.service) == (True, "unclassified", "stripe")
    enabled = CATALOGUE.with_operator(services={"stripe": {"paths": ["/pay"]}}, enabled=["stripe"])
    assert (found := verdicts(catalogue=enabled, necessary=enabled.necessary_at("/pay")).url(url)) is not None
    assert (found.hold, found.category) == (False, "necessary")
    assert (found := verdicts(catalogue=enabled).url(url)) is not None
    assert found.hold


def test_path_decides_on_a_host_with_many_services() -> None:
    some = verdicts(["analytics"])
    gtag = "https://www.googletagmanager.com/gtag/js?id="
    assert (found := some.url(gtag + "G-1")) is not None
    assert (found.hold, found.category, found.signal) == (False, "analytics", "google")
    assert (found := some.url(gtag + "AW-1")) is not None
    assert (found.hold, found.category) == (True, "marketing")


def test_answer_is_the_same_when_the_host_is_known() -> None:
    warm = verdicts()
    spellings = ["https://www.google-analytics.com/a", "HTTPS://WWW.GOOGLE-ANALYTICS.COM/b", GA, GA]
    assert len({warm.url(url) for url in spellings}) == 1


def test_known_host_lends_its_answer_to_no_other_spelling() -> None:
    warm = verdicts()
    warm.url("https://x%3f.shop.example/")
    warm.url("https://shop.example/")
    for url in ("https://evil.example?.shop.example/", "https://shop.example@evil.example/"):
        assert (found := warm.url(url)) is not None
        assert found.hold
        assert found.host == "evil.example"


def test_memory_of_hosts_is_bounded() -> None:
    warm = verdicts()
    for number in range(9000):
        warm.url(f"https://h{number}.example/")
    assert len(warm._by_host) <= 4096


def test_inline_script_is_held_for_any_tracker_in_it() -> None:
    some = verdicts(["analytics"])
    assert (found := some.inline(b"gtag('config', 'G-1')")) is not None
    assert (found.hold, found.signal) == (False, "google")
    assert (found := some.inline(b"gtag('config', 'G-1'); fbq('init', '1')")) is not None
    assert (found.hold, found.service) == (True, "meta-pixel")


def test_inline_script_that_names_unknown_or_own_hosts_passes() -> None:
    assert verdicts().inline(b"load('https://nobody.example/x')") is None
    own = Verdicts(
        CATALOGUE, Site("www.hotjar.com", registrable=registrable_domain()), consent_of(None, ASKED)
    )
    assert own.inline(b"load('https://static.hotjar.com/x')") is None


@pytest.mark.parametrize("name", ["session", "csrftoken", "__cf_bm", "cart"])
def test_sites_own_cookie_passes_whole(name: str) -> None:
    found = verdicts().cookie(name, httponly=False, from_server=True)
    assert (found.keep, found.session_only, found.declared) == (True, False, True)


@pytest.mark.parametrize("from_server", [True, False])
def test_tracking_cookie_follows_its_service(from_server: bool) -> None:
    assert not verdicts().cookie("_ga", httponly=True, from_server=from_server).keep
    assert verdicts(["analytics"]).cookie("_ga", httponly=True, from_server=from_server).keep
    assert not verdicts(["analytics"]).cookie("_hjid", httponly=True, from_server=from_server).keep


def test_undeclared_cookie_of_the_server_passes_for_the_session_only() -> None:
    found = verdicts().cookie("shopkeeper", httponly=True, from_server=True)
    assert (found.keep, found.session_only, found.declared) == (True, True, False)
    assert not verdicts().cookie("shopkeeper", httponly=False, from_server=True).keep
    assert verdicts().cookie("shopkeeper", httponly=False, from_server=False).keep


def test_undeclared_cookie_is_untouched_when_everything_is_granted() -> None:
    found = verdicts(ALL).cookie("shopkeeper", httponly=False, from_server=True)
    assert (found.keep, found.session_only) == (True, False)


def test_operators_own_analytics_cookie_follows_its_category() -> None:
    ours = CATALOGUE.with_operator(cookies=[{"name": "stats_*", "category": "analytics"}])
    assert not verdicts(catalogue=ours).cookie("stats_1", httponly=True, from_server=True).keep
    assert verdicts(["analytics"], catalogue=ours).cookie("stats_1", httponly=True, from_server=True).keep


def test_policy_sources_cover_what_was_granted_and_nothing_else() -> None:
    assert verdicts().granted_hosts() == ()
    sources = verdicts(["analytics"]).granted_hosts()
    assert {"google-analytics.com", "*.google-analytics.com", "www.googletagmanager.com/gtag/js"} <= set(
        sources
    )
    assert not any("facebook" in source for source in sources)


def test_policy_sources_hold_no_separator() -> None:
    sources = verdicts(services=["frames.example", "a.example;script-src *", "b.example, c"]).granted_hosts()
    assert sources == ("frames.example",)


def test_enabled_necessary_service_is_in_the_policy_before_a_choice() -> None:
    ours = CATALOGUE.with_operator(enabled=["recaptcha"])
    sources = verdicts(catalogue=ours).granted_hosts()
    assert "www.google.com/recaptcha/" in sources
    assert "www.google.com" not in sources
