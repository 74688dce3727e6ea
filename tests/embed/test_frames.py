"""Held frames of embedded sites: what is said in their place, one act for one service, and the page that shows one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cookiegate.embed.pinned import keep_pinned, pinned_scripts
from cookiegate.embed.scripts import Scripts
from cookiegate.errors import LedgerError
from cookiegate.ledger import Ledger

from .conftest import Service, make_config

PLACE = "/_gate/embed/www.shop.test"


@pytest.fixture
def service(tmp_path: Path) -> Service:
    embed = {
        "www.shop.test": {"origins": ["https://www.shop.test", "https://shop.test"]},
        "other.test": {"services": ["vimeo"], "site": {"languages": ["de", "en"]}},
    }
    return Service(make_config(tmp_path, services=("youtube", "google-maps"), embed=embed))


def press(service: Service, **fields: Any) -> Any:
    return service.post(choice="", source="placeholder", **fields)


def test_one_frame_is_recorded_and_kept_in_no_choice(service: Service) -> None:
    answer = press(service, once="youtube")
    assert (answer.status_code, answer.json) == (200, {"once": "youtube"})
    assert "Set-Cookie" not in answer.headers
    assert service.records() == 1


def test_always_allows_one_service_and_leaves_the_question_open(service: Service) -> None:
    choice = service.decoded(press(service, always="youtube"))
    assert (choice.granted, choice.services) == (frozenset(), {"youtube"})
    assert not choice.answered
    assert choice.record
    assert service.records() == 1


def test_always_adds_to_what_was_chosen(service: Service) -> None:
    token = service.post(choice="save", category=["analytics"]).json["token"]  # type: ignore[index]
    token = press(service, always="youtube", token=token).json["token"]
    choice = service.decoded(press(service, always="google-maps", token=token))
    assert (choice.granted, choice.services) == ({"analytics"}, {"youtube", "google-maps"})
    assert choice.answered


def test_categories_that_a_script_sets_leave_single_services_as_they_are(service: Service) -> None:
    token = press(service, always="youtube").json["token"]
    by_script = service.post(choice="save", category=["analytics"], source="api", token=token)
    assert service.decoded(by_script).services == {"youtube"}
    by_banner = service.post(choice="save", category=["analytics"], source="settings", token=token)
    assert service.decoded(by_banner).services == frozenset()
    assert service.decoded(service.post(choice="reject", source="api", token=token)).services == frozenset()


@pytest.mark.parametrize(
    "fields",
    [
        {"once": "vimeo"},
        {"always": "vimeo"},
        {"always": "www.youtube.com"},
        {"once": "youtube", "always": "youtube"},
        {"once": "youtube", "statistics": "off"},
        {"once": "You Tube"},
        {"always": "x" * 10_000},
        {"once": "youtube", "source": "banner"},
        {"always": "youtube", "source": "api"},
        {},
    ],
)
def test_what_is_not_asked_of_this_site_changes_nothing(service: Service, fields: dict[str, str]) -> None:
    """Another site's service, a host, two acts in one, an act from where there is no placeholder."""
    assert service.post(**{"choice": "", "source": "placeholder"} | fields).status_code == 400
    assert service.records() == 0


@pytest.mark.parametrize("origin", ["https://evil.test", "https://other.test", "https://gate.test", "null"])
def test_no_other_page_may_press_a_button(service: Service, origin: str) -> None:
    for act in ("once", "always"):
        assert press(service, **{act: "youtube"}, origin=origin).status_code == 403
    assert service.records() == 0


def test_signal_turns_always_into_once(service: Service) -> None:
    assert press(service, always="youtube", signal="gpc").json == {"once": "youtube"}
    maps = service.decoded(press(service, always="google-maps", signal="gpc"))
    assert maps.services == {"google-maps"}


def test_always_to_an_older_question_is_refused(service: Service) -> None:
    answer = press(service, always="youtube", question="0" * 12)
    assert (answer.status_code, answer.json["stale"]) == (409, True)


@pytest.mark.parametrize("act", ["once", "always"])
def test_what_is_not_recorded_is_not_given(
    service: Service, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise LedgerError("full")

    monkeypatch.setattr(Ledger, "append", full)
    answer = press(service, **{act: "youtube"})
    assert answer.status_code == 503
    assert "token" not in answer.json
    assert "once" not in answer.json


def test_placeholders_say_what_is_held_and_whose_it_is(service: Service) -> None:
    answer = service.client.get(f"{PLACE}/held?lang=en", headers={"Origin": "https://shop.test"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.test"
    assert "max-age=300" in answer.headers["Cache-Control"]
    data = answer.json
    assert data is not None
    assert data["services"].keys() == {"youtube", "google-maps"}
    title, body = data["services"]["youtube"]
    assert title == "Held: YouTube"
    for words in ("This content comes from Google", "Load once", "Always load", '"value": "youtube"'):
        assert words in str(body).replace("'", '"')
    assert "script" not in str(body)
    again = service.client.get(f"{PLACE}/held?lang=en", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_placeholders_are_in_the_pages_language(service: Service) -> None:
    for page, visitor, wanted in [("en", "de", "en"), ("", "en", "en"), ("fr", "fr", "de")]:
        path = f"/_gate/embed/other.test/held?lang={page}"
        assert service.client.get(path, headers={"Accept-Language": visitor}).json["lang"] == wanted  # type: ignore[index]


def directives(policy: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in policy.split("; ")}


def test_page_for_one_frame_lets_in_one_service_and_stands_in_one_site(service: Service) -> None:
    page = service.client.get(f"{PLACE}/frame/youtube", headers={"Sec-Fetch-Dest": "iframe"})
    policy = directives(page.headers["Content-Security-Policy"])
    assert policy["default-src"] == policy["base-uri"] == ["'none'"]
    assert policy["frame-ancestors"] == ["https://shop.test", "https://www.shop.test"]
    assert {"*.youtube.com", "*.youtube-nocookie.com"} <= set(policy["frame-src"])
    assert not [host for host in policy["frame-src"] if "maps" in host or ":" in host or host == "*"]
    for kind in ("script-src", "style-src"):
        (source,) = policy[kind]
        assert source.startswith("'sha256-")
    assert policy.keys() == {
        "default-src", "base-uri", "script-src", "style-src", "frame-src", "frame-ancestors",
    }  # fmt: skip
    assert "X-Frame-Options" not in page.headers
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["www.shop.test/frame/vimeo", "other.test/frame/youtube", "www.shop.test/frame/x",
                                  "nobody.test/frame/youtube", "www.shop.test/frame/youtube/x"])  # fmt: skip
def test_there_is_no_page_for_what_a_site_does_not_ask_about(service: Service, path: str) -> None:
    page = service.client.get(f"/_gate/embed/{path}")
    assert page.status_code == 404
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


def test_page_for_one_frame_is_none_to_open_by_itself(service: Service) -> None:
    for destination, status in (("document", 404), ("iframe", 200)):
        headers = {"Sec-Fetch-Dest": destination}
        assert service.client.get(f"{PLACE}/frame/youtube", headers=headers).status_code == status


def test_every_other_answer_can_be_framed_by_nobody(service: Service) -> None:
    for path in ("www.shop.test.js", "www.shop.test/banner", "www.shop.test/held", "www.shop.test/settings"):
        answer = service.client.get(f"/_gate/embed/{path}")
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_script_for_frames_of_a_printed_tag_is_kept(tmp_path: Path) -> None:
    config, scripts = make_config(tmp_path), Scripts()
    name = scripts.files["frames"]
    assert f"/{name}" in scripts.pinned
    assert "FRAMES_" not in scripts.pinned
    keep_pinned(config, scripts)
    kept = next(tmp_path.rglob(name))
    assert kept.read_text() == pinned_scripts(config, scripts)[name] == scripts.text("frames")
    older = kept.with_name("frames.01234567.js")
    older.write_text("/* an earlier release */")
    client = Service(config).client
    for asked, text in ((older.name, "/* an earlier release */"), (name, scripts.text("frames"))):
        answer = client.get(f"{PLACE}/{asked}")
        assert answer.text == text
        assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in client.get(f"{PLACE}/frames.76543210.js").headers["Cache-Control"]
