"""Pages that somebody saw are counted by one message each, and nobody by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from cookiegate.embed import views

from .conftest import Service, make_config

BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)
SHOP = "www.shop.test"
HERE = {"REMOTE_ADDR": "203.0.113.9"}


class Buffered:
    """The cells that a service has counted for one of its sites, as they wait in memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.added: list[Any] = []
        from cookiegate.counting.buffer import Buffer

        def add(_self: Buffer, _day: int, cells: Any, weight: Any) -> None:
            self.added += [(*cell, weight) for cell in cells]

        monkeypatch.setattr(Buffer, "add", add)

    def labels(self, panel: str) -> list[str]:
        return [cell[1] for cell in self.added if cell[0] == panel]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Buffered:
    return Buffered(monkeypatch)


def see(service: Service, host: str = SHOP, origin: str = f"https://{SHOP}", **fields: str) -> TestResponse:
    data = {"path": "/cats", "from": "", "query": "", "state": "u", "signal": "", "asked": "1"} | fields
    headers = {"Origin": origin, "Sec-Fetch-Mode": "cors", "User-Agent": BROWSER}
    return service.client.post(f"/_gate/embed/{host}/seen", data=data, headers=headers, environ_base=HERE)


def test_view_is_counted_by_page_source_and_campaign(service: Service, counted: Buffered) -> None:
    answer = see(
        service,
        **{"from": "https://news.example", "query": "utm_source=letter+%26+co", "path": "/users/4711"},
    )
    assert (answer.status_code, answer.data) == (204, b"")
    assert "Set-Cookie" not in answer.headers
    assert counted.labels("page") == ["/users/:number"]
    assert counted.labels("referrer") == ["news.example"]
    assert counted.labels("utm_source") == ["letter & co"]


def test_page_that_is_loaded_anew_is_no_other_arrival(service: Service, counted: Buffered) -> None:
    see(service, **{"from": f"https://{SHOP}"})
    assert counted.labels("page") == ["/cats"]
    assert counted.labels("referrer") == []


@pytest.mark.parametrize(
    "sent",
    [
        {"path": "cats"},
        {"path": "/cats?name=ada"},
        {"path": "/" + "x" * 2000},
        {"origin": "https://evil.test"},
        {"origin": "null"},
    ],
)
def test_what_no_script_of_ours_sends_is_not_counted(
    service: Service, counted: Buffered, sent: dict[str, str]
) -> None:
    assert see(service, **sent).status_code in (400, 403)  # type: ignore[arg-type]
    assert counted.added == []


def test_hostile_fields_count_as_nothing_more_than_a_view(service: Service, counted: Buffered) -> None:
    hostile = {
        "from": "javascript:alert(1)",
        "granted": "xyz",
        "signal": "all",
        "utm_source": "a&utm_medium=b",
    }
    assert see(service, **hostile).status_code == 204
    assert counted.labels("referrer") == [""]
    assert "ada" not in str(counted.added)


def test_views_are_switched_off_by_the_setting(tmp_path: Path, counted: Buffered) -> None:
    service = Service(make_config(tmp_path, embed={SHOP: {"views": False}}))
    assert see(service).status_code == 204
    assert counted.added == []
    assert "views:" not in service.client.get(f"/_gate/embed/{SHOP}.js").text


def test_what_one_network_may_have_counted_is_limited(
    tmp_path: Path, counted: Buffered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "NETWORK_BURST", 2)
    monkeypatch.setattr(views, "SHARED_BURST", 1)
    monkeypatch.setattr("cookiegate.web.allowance.monotonic", lambda: 0.0)
    service = Service(make_config(tmp_path))
    assert [see(service).status_code for _ in range(5)] == [204] * 5
    assert len(counted.labels("page")) == 3


def test_answers_to_the_question_are_counted(service: Service, counted: Buffered) -> None:
    agent = {"User-Agent": BROWSER}
    token = service.post(headers=agent).json["token"]  # type: ignore[index]
    service.post(headers=agent, choice="reject", token=token)
    panels = {cell[0] for cell in counted.added}
    assert {"prompt:accept:region", "prompt:withdrawn:region"} <= panels


def test_statistics_are_turned_off_without_an_answer_to_the_question(service: Service) -> None:
    answer = service.post(choice="", statistics="off")
    choice = service.decoded(answer)
    assert (choice.statistics_off, choice.answered, choice.granted) == (True, False, frozenset())
    kept = service.post(choice="accept", token=answer.json["token"])  # type: ignore[index]
    assert service.decoded(kept).statistics_off
    assert service.records() == 1
    assert service.post(choice="", statistics="perhaps").status_code == 400
