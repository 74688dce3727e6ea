"""Who may keep which page: `cache = "bypass-on-cookie"` and `"private"`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cookiegate.config import Config
from cookiegate.opening import open_gate

from .conftest import PAGE, call, page_app, request

PUBLIC = (("Content-Type", "text/html"), ("Cache-Control", "public, max-age=600"))


def said(app: Any, **changes: Any) -> str:
    return call(app, request(**changes)).get("Cache-Control") or ""


@pytest.fixture
def unshared(tmp_path: Path, edge: Any) -> Iterator[Any]:
    gate, pages = open_gate(Config(state_dir=tmp_path / "state", cache="private"))
    yield lambda app: edge(app, gate=gate, pages=pages)
    gate.ledger.close()


def test_page_without_a_choice_keeps_the_sites_lifetime_for_shared_caches(
    behind: Callable[[Any], Any],
) -> None:
    assert "s-maxage=600" in said(behind(page_app(PAGE, *PUBLIC)))


@pytest.mark.parametrize("destination", ["iframe", "empty"])
def test_page_without_a_banner_is_nobody_elses(behind: Callable[[Any], Any], destination: str) -> None:
    assert "private" in said(behind(page_app(PAGE, *PUBLIC)), HTTP_SEC_FETCH_DEST=destination)


def test_any_cookie_of_ours_makes_a_page_private(
    behind: Callable[[Any], Any], cookie: Callable[..., str]
) -> None:
    site = behind(page_app(PAGE, *PUBLIC))
    for header in (cookie(), cookie("analytics"), "__Host-gate=forged"):
        answer = call(site, request(HTTP_COOKIE=header))
        assert "private" in (answer.get("Cache-Control") or "")
        assert answer.get("CDN-Cache-Control") == "no-store"


def test_no_page_is_shared_where_the_operator_wants_none(unshared: Any) -> None:
    assert "private" in said(unshared(page_app(PAGE, *PUBLIC)))
    script = page_app(b"1", ("Content-Type", "text/javascript"), ("Cache-Control", "public, max-age=600"))
    assert said(unshared(script), HTTP_SEC_FETCH_DEST="script") == "public, max-age=600"


def test_unshared_page_may_hold_what_is_its_visitors(unshared: Any) -> None:
    body = call(unshared(page_app(PAGE, *PUBLIC)), request("/land?utm_source=mail")).body
    assert b"/land?utm_source=mail" in body
