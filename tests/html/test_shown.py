"""`unknown = "hold-active"`: what is only shown may come from hosts that nobody has named, the rest stays held."""

from __future__ import annotations

import pytest

from cookiegate.core.html import HtmlRewriter
from cookiegate.core.verdicts import Verdict

from .table import Table


class Lenient(Table):
    """Holds known trackers alone."""

    def url(self, url: str, base: str = "") -> Verdict | None:
        verdict = super().url(url, base)
        return verdict and verdict._replace(hold="tracker" in verdict.host)


def gate(page: str) -> bytes:
    return HtmlRewriter(Table(), shown=Lenient()).whole(page.encode())


SHOWN = [
    '<img src="https://{}/a.png" alt="">',
    "<img src=https://{}/a.png>",
    '<img srcset="https://{}/a.png 2x">',
    '<picture><source srcset="https://{}/a.png"><img src="/a.png"></picture>',
    '<video src="https://{}/a.mp4" poster="https://{}/a.png"></video>',
    '<audio src="https://{}/a.mp3"></audio>',
    '<video><source src="https://{}/a.mp4"><track src="https://{}/a.vtt"></video>',
    '<input type="image" src="https://{}/a.png">',
    '<svg><image href="https://{}/a.png"/></svg>',
    '<link rel="stylesheet" href="https://{}/a.css">',
    '<link rel="alternate stylesheet" href="https://{}/a.css">',
    '<link rel="shortcut icon" href="https://{}/a.ico">',
    '<link rel="preload" as="font" href="https://{}/a.woff2" crossorigin>',
    '<link rel="preload" as="image" imagesrcset="https://{}/a.png 2x">',
    '<style>@import "https://{}/a.css"; p {{ background: url(https://{}/a.png) }}</style>',
    '<p style="background: url(https://{}/a.png)">',
    '<table background="https://{}/a.png"></table>',
]
ACTIVE = [
    '<script src="https://{}/a.js"></script>',
    '<script type="module" src="https://{}/a.js"></script>',
    '<iframe src="https://{}/a"></iframe>',
    '<object data="https://{}/a"></object>',
    '<embed src="https://{}/a">',
    '<frame src="https://{}/a">',
    '<a href="/" ping="https://{}/a">a</a>',
    '<img src="/a.png" attributionsrc="https://{}/a">',
    '<base href="https://{}/">',
    '<meta http-equiv="refresh" content="0; url=https://{}/a">',
    '<link rel="preconnect" href="https://{}/">',
    '<link rel="dns-prefetch" href="https://{}/">',
    '<link rel="prefetch" href="https://{}/a">',
    '<link rel="modulepreload" href="https://{}/a.js">',
    '<link rel="manifest" href="https://{}/a.json">',
    '<link rel="preload" as="script" href="https://{}/a.js">',
    '<link rel="preload" as="image" as="script" href="https://{}/a.js">',
    '<link rel="preload" href="https://{}/a">',
    '<link rel="stylesheet preconnect" href="https://{}/a.css">',
    '<link rel="icon" rel="preconnect" href="https://{}/">',
    '<svg><use href="https://{}/a.svg#a"/></svg>',
    '<script type="importmap">{{"imports": {{"a": "https://{}/a.js"}}}}</script>',
]


@pytest.mark.parametrize("markup", SHOWN)
def test_what_is_shown_passes_from_unknown_hosts_and_not_from_trackers(markup: str) -> None:
    unknown = markup.format(*["unknown.test"] * 2)
    assert gate(unknown) == unknown.encode()
    assert gate(markup.format(*["tracker.test"] * 2)) != markup.format(*["tracker.test"] * 2).encode()


@pytest.mark.parametrize("markup", ACTIVE)
def test_what_acts_stays_held(markup: str) -> None:
    page = markup.format("unknown.test")
    assert gate(page) == HtmlRewriter(Table()).whole(page.encode()) != page.encode()


def test_documents_in_the_page_are_judged_alike() -> None:
    inside = "<img src=https://unknown.test/a.png>"
    assert gate(f"<noscript>{inside}</noscript><iframe srcdoc='{inside}'></iframe>").count(b"data-gate") == 0


def test_known_tracker_in_a_list_of_images_holds_it() -> None:
    page = '<img srcset="https://unknown.test/a.png 1x, https://tracker.test/b.png 2x">'
    assert b"data-gate-srcset" in gate(page)
