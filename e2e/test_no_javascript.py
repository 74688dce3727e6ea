"""Everything that a visitor can decide, they can decide without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .lab.lab import GATED, Lab
from .lab.visitor import accept, accept_button, choose, reject, reject_button, settings_link


@pytest.mark.parametrize("path", ["/plain", "/vectors", "/contact"])
def test_reject_returns_to_the_same_page(visit: Visit, path: str) -> None:
    page = visit(path, js=False)
    reject(page)
    assert page.url == f"https://{GATED}{path}"
    expect(settings_link(page)).to_have_count(1)


def test_accept_returns_to_the_same_page(visit: Visit) -> None:
    page = visit("/vectors?known=1", js=False)
    accept(page)
    assert page.url.split("#")[0] == f"https://{GATED}/vectors?known=1"


def test_nothing_is_ticked_beforehand(visit: Visit) -> None:
    page = visit("/_gate/settings", js=False)
    boxes = page.locator("input[type=checkbox]:not([disabled])")
    assert boxes.count() >= 3
    for box in boxes.all():
        expect(box).not_to_be_checked()


def test_choice_by_category_is_shown_again(visit: Visit) -> None:
    page = visit("/plain", js=False)
    choose(page, "preferences", "marketing")
    page.goto(f"https://{GATED}/_gate/settings")
    chosen = page.locator("input[name=category]:checked").all()
    assert {box.get_attribute("value") for box in chosen} == {"preferences", "marketing"}


def test_banner_comes_back_until_it_is_answered(visit: Visit) -> None:
    page = visit("/plain", js=False)
    page.goto(f"https://{GATED}/vectors")
    page.go_back(wait_until="commit")
    page.reload()
    expect(accept_button(page)).to_be_visible()
    expect(reject_button(page)).to_be_visible()


def test_settings_page_informs(visit: Visit) -> None:
    """Controller, contact, complaint, services by name, the cookie table, the statistics switch."""
    page = visit("/_gate/settings", js=False)
    text = page.locator("body").inner_text()
    for part in (
        "Lab Shop Ltd", "Company 1234567", f"privacy@{GATED}", "The Information Office",
        "Lab Stats", "Lab Ads", "Lab Maps", "shop_pref",
    ):  # fmt: skip
        assert part in text
    assert "statistics" in text.lower()


def test_pages_of_the_gate_carry_a_strict_policy(lab: Lab) -> None:
    policy = lab.fetch("/_gate/settings").header("Content-Security-Policy")
    assert "default-src 'none'" in policy or "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
