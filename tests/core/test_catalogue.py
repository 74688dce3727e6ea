"""What the shipped catalogue says of hosts, cookies, inline scripts and paths."""

from __future__ import annotations

import pytest

from cookiegate.catalogue_files import load_catalogue
from cookiegate.core.host_table import HostTable
from cookiegate.core.urls import split_url

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("url", "category", "service"),
    [
        ("https://www.google-analytics.com/g/collect", "analytics", "google-analytics"),
        ("https://region1.google-analytics.com/g/collect", "analytics", "google-analytics"),
        ("https://www.googletagmanager.com/gtm.js?id=GTM-1", "analytics", "google-tag-manager"),
        ("https://www.googletagmanager.com/gtag/js?id=G-1", "analytics", "google-analytics"),
        ("https://www.googletagmanager.com/gtag/js?l=d&id=AW-1", "marketing", "google-ads"),
        ("https://www.facebook.com/tr?id=1", "marketing", "meta-pixel"),
        ("https://www.facebook.com/tr/?id=1", "marketing", "meta-pixel"),
        ("https://www.facebook.com/travel", "marketing", "facebook"),
        ("https://connect.facebook.net/en_US/fbevents.js", "marketing", "meta-pixel"),
        ("https://connect.facebook.net/en_US/sdk.js", "marketing", "facebook"),
        ("https://www.google.com/recaptcha/api.js", "necessary", "recaptcha"),
        ("https://www.gstatic.com/recaptcha/releases/x.js", "necessary", "recaptcha"),
        ("https://www.google.de/maps/embed?pb=1", "preferences", "google-maps"),
        ("https://www.google.co.uk/pagead/1p-user-list/1", "marketing", "google-ads"),
        ("https://px.ads.linkedin.com/collect", "marketing", "linkedin-insight"),
        ("https://s.yimg.com/a.png", "preferences", "yahoo-assets"),
        ("https://s.yimg.com/wi/ytc.js", "marketing", "yahoo-ads"),
        ("https://static.cloudflareinsights.com/beacon.min.js", "analytics", "cloudflare-insights"),
        ("https://www.youtube-nocookie.com/embed/x", "marketing", "youtube"),
        ("https://player.vimeo.com/video/1", "preferences", "vimeo"),
        ("https://fonts.gstatic.com/s/x.woff2", "preferences", "google-fonts"),
        ("https://js.stripe.com/v3/", "necessary", "stripe"),
        ("https://d111111abcdef8.cloudfront.net/x", "unclassified", None),
        ("https://bucket.s3.amazonaws.com/x", "unclassified", None),
        ("https://someone.github.io/x", "unclassified", None),
    ],
)
def test_url_is_filed(url: str, category: str, service: str | None) -> None:
    match = CATALOGUE.match_url(*(split_url(url) or ("", "")))
    assert match is not None
    assert (match.category, match.service and match.service.id) == (category, service)


def test_unnamed_host_has_no_match() -> None:
    assert CATALOGUE.match_url("nobody-named.example", "/") is None


def test_exact_pattern_leaves_other_hosts_alone() -> None:
    table = HostTable()
    table.add("one", ["maps.example", "*.wide.example"])
    assert table.find("x.maps.example") is None
    assert table.find("wide.example") is not None
    assert table.find("notwide.example") is None


@pytest.mark.parametrize(
    ("name", "category", "service"),
    [
        ("_ga", "analytics", "google-analytics"),
        ("_ga_ABC123", "analytics", "google-analytics"),
        ("_fbp", "marketing", "meta-pixel"),
        ("_hjSessionUser_1", "analytics", "hotjar"),
        ("mp_0123_mixpanel", "analytics", "mixpanel"),
        ("_pk_id.1.abcd", "analytics", "matomo"),
        ("__hstc", "marketing", "hubspot"),
        ("session", "necessary", None),
        ("PHPSESSID", "necessary", None),
        ("sessionid", "necessary", None),
        ("laravel_session", "necessary", None),
        ("wordpress_logged_in_0123", "necessary", None),
        ("__cf_bm", "necessary", None),
        ("AWSALB", "necessary", None),
    ],
)
def test_cookie_is_filed(name: str, category: str, service: str | None) -> None:
    match = CATALOGUE.match_cookie(name)
    assert match is not None
    assert (match.category, match.service) == (category, service)


@pytest.mark.parametrize(
    "name", ["id", "uid", "user", "visitor_id", "_", "mp_x", "IDE", "test", "data", "i", "sp"]
)
def test_name_that_any_site_may_use_says_nothing(name: str) -> None:
    match = CATALOGUE.match_cookie(name)
    assert match is None or match.kind == "site"


@pytest.mark.parametrize(
    ("script", "service"),
    [
        (b"gtag('js', new Date())", "google-analytics"),
        (b"w[l].push({'gtm.start':new Date().getTime()})", "google-tag-manager"),
        (b"fbq('init', '1')", "meta-pixel"),
        (b"var _paq = window._paq = window._paq || []; _paq.push(['trackPageView'])", "matomo"),
        (b"(function(h){h._hjSettings={hjid:1}})(window)", "hotjar"),
        (b'clarity("set", "a", "b")', "microsoft-clarity"),
        (b"ttq.load('X'); ttq.page()", "tiktok-pixel"),
        (b"twq('config','x')", "x-ads"),
        (b"lintrk('track', {})", "linkedin-insight"),
        (b"pintrk('load', '1')", "pinterest-tag"),
        (b"snaptr('init', '1')", "snapchat"),
        (b"window.uetq = window.uetq || []", "microsoft-ads"),
        (b"amplitude.init('x')", "amplitude"),
        (b"mixpanel.init('x')", "mixpanel"),
        (b"analytics.SNIPPET_VERSION='4'", "segment"),
        (b"heap.load('1')", "heap"),
        (b"posthog.init('x')", "posthog"),
        (
            b"window.plausible=window.plausible||function(){(plausible.q=plausible.q||[]).push(arguments)}",
            "plausible",
        ),
        (b".async-hide { opacity: 0 }", "google-optimize"),
        (b"window._vwo_code=1", "vwo"),
        (b'u="https:\\/\\/static.hotjar.com\\/c\\/h.js"', "hotjar"),
        (b"s.src='//cdn.segment.com/analytics.js/v1/'", "segment"),
        (b"s.src='https://www.facebook.com/tr?id=1'", "meta-pixel"),
        (b"go('//proxy.example/https://static.hotjar.com/c/h.js')", "hotjar"),
        (b"u='https://cdn.example/a,https://px.ads.linkedin.com/b'", "linkedin-insight"),
        (b"x" * 9000 + b"\n//snap.licdn.com/li.js\n" + b"x" * 9000, "linkedin-insight"),
    ],
)
def test_tool_is_known_by_its_call_or_its_host(script: bytes, service: str) -> None:
    match = CATALOGUE.match_inline(script)
    assert match is not None
    assert match.service is not None
    assert match.service.id == service


@pytest.mark.parametrize(
    "script",
    [
        b"const segment = list[0]; heap.push(segment); const amplitude = 3; // hotjar",
        b"function hj(a){return aq(a)} hj(1); function ga(x){} ga(2)",
        b"state={links:['https://www.facebook.com/us','https://twitter.com/us','https://youtube.com/c']}",
        b"fetch('https://api.nobody-named.example/v1')",
        b"a = '//cdn.jsdelivr.net/npm/vue'; b='https://d111.cloudfront.net/x'",
        b"dataLayer.push({price: 3})",
        b"var plausible = true; posthogs(); theheap.x()",
        b"// http://",
        b"",
    ],
)
def test_first_party_script_is_left_alone(script: bytes) -> None:
    assert CATALOGUE.match_inline(script) is None


@pytest.mark.parametrize(
    "path",
    [
        "/g/collect",
        "/g/collect?v=2&tid=G-1",
        "/x/g/collect?v=2",
        "/gtm.js?id=GTM-1",
        "/a/gtm.js?id=GTM-1",
        "/matomo.php?idsite=1",
        "/stats/matomo.js",
        "/piwik.php",
        "/api/event",
        "/ingest/e/?ip=1",
        "/cdn-cgi/rum?",
        "/gtag/js?id=G-1",
        "/collect?v=1&tid=UA-1",
    ],
)
def test_collection_path_is_known(path: str) -> None:
    assert CATALOGUE.collects(path) is not None


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/collect",
        "/collections/all",
        "/api/events",
        "/api/event/7",
        "/ingest",
        "/js/script.js",
        "/blog/gtm.js",
        "/matomo",
        "/matomo.phpx",
        "/analytics.js",
        "/track",
        "/api/send",
        "/g",
        "/b/ssl",
    ],
)
def test_ordinary_path_is_the_sites(path: str) -> None:
    assert CATALOGUE.collects(path) is None
