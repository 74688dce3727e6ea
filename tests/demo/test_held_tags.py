from __future__ import annotations

from collections.abc import Iterable

import pytest

from cookiegate.core.consent import Consent
from cookiegate.core.question import Question
from cookiegate.demo.held_tags import HeldTags
from cookiegate.demo.report import report

EXTERNAL = (
    b'<script async type="text/plain" data-gate="analytics" '
    b'data-gate-src="http://www.googletagmanager.com.localhost:8001/gtag/js?id=G-1"></script>'
)
INLINE = b'<script type="text/plain" data-gate="marketing">fbq("//connect.facebook.net/x.js")</script>'
MARKED = b"<script type='text/plain' data-gate='analytics'>gtag('js', 1)</script>"
STRANGE = b'<img src="data:," data-gate="unclassified" data-gate-src="//pixel.unheard-of.example/">'


@pytest.mark.parametrize(
    ("tag", "service"),
    [(EXTERNAL, "google-tag"), (INLINE, "meta"), (MARKED, "google-tag"), (STRANGE, "other")],
)
def test_held_tag_is_counted_by_its_service(tag: bytes, service: str) -> None:
    held = HeldTags()
    held.look(b"<!doctype html><body><script src=/own.js></script>" + tag + b"</body>")
    assert held.counts() == {service: 1}


def test_watched_page_passes_unchanged_and_is_counted() -> None:
    def app(environ: dict[str, object], start_response: object) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [INLINE[:30], INLINE[30:], MARKED]

    held = HeldTags()
    chunks = held.watch(app)({"PATH_INFO": "/"}, lambda *_: print)
    assert b"".join(chunks) == INLINE + MARKED
    assert held.counts() == {"meta": 1, "google-tag": 1}


def consent(state: str, granted: Iterable[str] = (), **more: object) -> Consent:
    return Consent(state, Question(), frozenset(granted), **more)


@pytest.mark.parametrize(
    ("here", "words"),
    [
        (consent("undecided"), "You have not chosen yet."),
        (consent("denied"), "You rejected all cookies."),
        (consent("denied", signal="gpc"), "Your browser sends an opt-out signal, and the gate honours it."),
        (consent("partial", ["analytics"]), "You allowed analytics, and nothing else."),
        (
            consent("partial", ["analytics", "preferences"]),
            "You allowed analytics and preferences, and nothing else.",
        ),
        (consent("granted", ["analytics"]), "You accepted all cookies."),
    ],
)
def test_choice_is_said_in_plain_words(here: Consent, words: str) -> None:
    assert report(None, None, {}, here, gated=True)["choice"] == words


def test_held_tags_are_told_by_service() -> None:
    counts = {
        "total": 0,
        "services": [{"id": "meta", "name": "Meta", "what": "", "requests": 0, "hosts": {}}],
    }
    shown = report(counts, [], {"meta": 2, "other": 1}, consent("undecided"), gated=True)
    assert shown["sentence"] == (
        "No request has reached a tracker. The gate held 3 tags on the pages that were opened."
    )
    assert [(row["id"], row["held"]) for row in shown["services"]] == [("meta", 2), ("other", 1)]
