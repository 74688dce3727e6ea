"""The tags are in the page in the shape that their vendors document."""

from __future__ import annotations

import dataclasses
import re

import pytest

from cookiegate.demo.settings import DemoSettings
from cookiegate.demo.website import site_app

SHAPES = {
    "google tag": [
        '<script async src="https://www.googletagmanager.com/gtag/js?id=G-',
        "window.dataLayer = window.dataLayer || [];",
        "function gtag(){dataLayer.push(arguments);}",
        "gtag('js', new Date());",
        "gtag('config', 'G-",
    ],
    "tag manager": [
        "{'gtm.start':new Date().getTime(),event:'gtm.js'}",
        "https://www.googletagmanager.com/gtm.js?id=",
        '<noscript><iframe src="https://www.googletagmanager.com/ns.html?id=GTM-',
    ],
    "meta": [
        "https://connect.facebook.net/en_US/fbevents.js",
        "fbq('init', '",
        "fbq('track', 'PageView');",
        "https://www.facebook.com/tr?id=100200300400500&amp;ev=PageView&amp;noscript=1",
    ],
    "hotjar": ["https://static.hotjar.com/c/hotjar-", "'.js?sv='", "_hjSettings={hjid:", "w.hj.q"],
    "clarity": ["https://www.clarity.ms/tag/", '"clarity"'],
    "linkedin": [
        "_linkedin_partner_id = ",
        "window._linkedin_data_partner_ids.push(_linkedin_partner_id);",
        "https://snap.licdn.com/li.lms-analytics/insight.min.js",
        "https://px.ads.linkedin.com/collect/?pid=4567890&amp;fmt=gif",
    ],
    "fonts": [
        '<link rel="preconnect" href="https://fonts.gstatic.com" crossorigin>',
        '<link rel="stylesheet" href="https://fonts.googleapis.com/css2?family=',
    ],
}


def page(settings: DemoSettings, path: str = "/", **change: object) -> str:
    return site_app(dataclasses.replace(settings, **change)).test_client().get(path).text


@pytest.mark.parametrize("vendor", SHAPES)
def test_tag_has_its_documented_shape(settings: DemoSettings, vendor: str) -> None:
    text = page(settings, real_hosts=True)
    for part in SHAPES[vendor]:
        assert part in text


def test_film_and_captcha_are_their_vendors(settings: DemoSettings) -> None:
    assert 'src="https://www.youtube.com/embed/' in page(settings, "/film", real_hosts=True)
    form = page(settings, "/enquire", real_hosts=True)
    assert '<script src="https://www.google.com/recaptcha/api.js" async defer></script>' in form
    assert 'class="g-recaptcha" data-sitekey="' in form


def test_stand_ins_differ_from_the_real_hosts_in_their_origin_alone(settings: DemoSettings) -> None:
    stand_in = page(settings)
    origin = re.compile(rf"http://([\w.-]+)\.localhost:{settings.network_port}")
    assert origin.sub(r"https://\1", stand_in) == page(settings, real_hosts=True)
    assert not re.search(r"https://(?!schema)", stand_in)


def test_page_of_the_site_carries_no_markup_of_the_gate(settings: DemoSettings) -> None:
    assert "data-gate" not in page(settings, real_hosts=True)
