"""The banner: reachable, equal, honest, small, and usable by everybody."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from cookiegate.catalogue_files import load_delivery

from .conftest import Visit
from .lab.lab import GATED, OPEN, SAVED_PAGES, Lab
from .lab.recorder import Recorder
from .lab.visitor import ACCEPT, REJECT, accept, accept_button, reject, reject_button, smoothed
from .test_leaks import nobody

WIDTHS = [320, 1280]
OWN_PAGES = ["/plain", "/vectors", "/tall", "/contact", "/fragments"]
SAVED = sorted(path.name for path in SAVED_PAGES.glob("*.html")) if SAVED_PAGES.is_dir() else []
APPEARANCES: list[dict[str, Any]] = [
    {},
    {"color_scheme": "dark"},
    {"forced_colors": "active"},
    {"viewport": {"width": 320, "height": 640}},
    {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
]
NAMES = ["light", "dark", "forced colours", "320", "320 dark"]
LOOKS = pytest.mark.parametrize("look", APPEARANCES, ids=NAMES)
HELD = {"Sec-Fetch-Dest": "document"}


def violations(page: Page, within: str | None = None) -> list[str]:
    """axe's findings in the gate's own parts (`within`) or in the whole page."""
    found = Axe().run(page, context=within).response["violations"]
    return [f"{item['id']}: {node['html'][:120]}" for item in found for node in item["nodes"]]


def banner_selector(page: Page) -> str:
    """The outermost element that the gate inserted around the buttons."""
    return str(
        page.evaluate(
            """words => { const button = [...document.querySelectorAll('button')]
                            .find(one => one.textContent.trim() === words);
                          let top = button;
                          while (top.parentElement !== document.body) top = top.parentElement;
                          top.setAttribute('data-under-test', '');
                          return '[data-under-test]'; }""",
            ACCEPT,
        )
    )


@LOOKS
def test_banner_has_no_axe_violation(visit: Visit, look: dict[str, Any]) -> None:
    page = visit("/plain", **look)
    assert violations(page, banner_selector(page)) == []


@LOOKS
def test_settings_page_has_no_axe_violation(visit: Visit, look: dict[str, Any]) -> None:
    page = visit("/_gate/settings", **look)
    assert violations(page) == []


@pytest.mark.parametrize("decide", [accept, reject], ids=["accept", "reject"])
@LOOKS
def test_page_after_a_choice_has_no_axe_violation(visit: Visit, look: dict[str, Any], decide: Any) -> None:
    page = visit("/plain", **look)
    decide(page)
    assert violations(page) == []
    page.goto(f"https://{GATED}/_gate/settings")
    assert violations(page) == []


@LOOKS
def test_placeholder_has_no_axe_violation(visit: Visit, look: dict[str, Any]) -> None:
    page = visit("/partial", **look)
    address = page.locator("iframe[title='A film']").get_attribute("src") or ""
    page.goto(f"https://{GATED}{address}")
    assert violations(page) == []


def test_signal_notice_has_no_axe_violation(visit: Visit) -> None:
    page = visit("/_gate/settings", extra_http_headers={"Sec-GPC": "1"})
    assert violations(page) == []


def test_axe_flags_a_bad_banner(visit: Visit) -> None:
    page = visit("/plain", host=OPEN)
    page.evaluate(
        """document.body.insertAdjacentHTML('afterbegin', `<div id=bad role=dialog>
             <p style="color:#bbb;background:#fff">We use cookies</p><img src=/pixel.gif>
             <button></button></div>`)"""
    )
    flagged = {line.split(":")[0] for line in violations(page, "#bad")}
    assert flagged >= {"color-contrast", "image-alt", "button-name"}


@pytest.mark.parametrize("path", OWN_PAGES)
def test_one_tab_reaches_the_banner(visit: Visit, path: str) -> None:
    page = visit(path)
    selector = banner_selector(page)
    page.keyboard.press("Tab")
    assert page.evaluate("selector => document.activeElement.closest(selector) !== null", selector)


def test_keyboard_is_not_trapped(visit: Visit) -> None:
    page = visit("/contact")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "name":
            return
    pytest.fail("twelve presses of Tab do not lead from the banner to the page's form")


def test_escape_grants_nothing(visit: Visit, recorder: Recorder) -> None:
    page = visit("/vectors")
    accept_button(page).focus()
    page.keyboard.press("Escape")
    page.reload()
    expect(accept_button(page)).to_be_visible()
    nobody(recorder)


EQUAL = [
    "color",
    "background-color",
    "border-top-color",
    "border-top-width",
    "border-top-style",
    "border-top-left-radius",
    "font-size",
    "font-weight",
    "font-family",
    "text-transform",
    "text-decoration-line",
    "opacity",
    "padding-top",
    "padding-left",
    "min-width",
    "min-height",
    "box-shadow",
    "outline-style",
    "cursor",
    "display",
]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_buttons_are_equal(visit: Visit, width: int, scheme: str) -> None:
    page = visit("/plain", viewport={"width": width, "height": 800}, color_scheme=scheme)
    boxes, looks = [], []
    for button in (accept_button(page), reject_button(page)):
        box = button.bounding_box()
        assert box is not None
        boxes.append((round(box["width"]), round(box["height"])))
        looks.append(
            button.evaluate(
                "(node, all) => [node.tagName, node.className, ...all.map(n => getComputedStyle(node)[n])]",
                EQUAL,
            )
        )
    assert boxes[0] == boxes[1]
    assert min(boxes[0]) >= 44
    assert looks[0] == looks[1]


@pytest.mark.parametrize("width", WIDTHS)
def test_page_does_not_scroll_sideways(visit: Visit, width: int) -> None:
    for path in ("/plain", "/_gate/settings"):
        page = visit(path, viewport={"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def hit(page: Page) -> list[str]:
    """What a tap in the middle of each button would meet: the two words, where all is well."""
    return list(
        page.evaluate(
            """words => words.map(word => {
                 const all = [...document.querySelectorAll('button')];
                 const button = all.find(one => one.textContent.trim() === word);
                 if (!button) return 'no button';
                 button.scrollIntoView({ block: 'nearest' });
                 const box = button.getBoundingClientRect();
                 const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                 if (!top) return 'nothing';
                 return button.contains(top) ? word : top.outerHTML.slice(0, 90);
               })""",
            [ACCEPT, REJECT],
        )
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", OWN_PAGES)
def test_both_buttons_can_be_pressed(visit: Visit, path: str, width: int) -> None:
    assert hit(visit(path, viewport={"width": width, "height": 800})) == [ACCEPT, REJECT]


@pytest.mark.skipif(not SAVED, reason=f"no saved pages: {SAVED_PAGES} is not there")
@pytest.mark.parametrize("name", SAVED)
def test_both_buttons_can_be_pressed_on_real_pages(visit: Visit, recorder: Recorder, name: str) -> None:
    page = visit(f"/saved/{name}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert hit(page) == [ACCEPT, REJECT]
    recorder.settle()
    assert recorder.hosts <= set(load_delivery())


def gzip_added(lab: Lab, path: str, cookie: str = "") -> tuple[int, int]:
    """Bytes that the gate adds to the page at `path`: compressed, and as they are."""
    headers = HELD | ({"Cookie": cookie} if cookie else {})
    gated, plain = lab.fetch(path, headers=headers).body, lab.fetch(path, host=OPEN, headers=HELD).body
    return len(gzip.compress(gated, 6)) - len(gzip.compress(plain, 6)), len(gated) - len(plain)


@pytest.mark.parametrize("path", ["/plain", "/contact", "/vectors"])
def test_banner_adds_at_most_2048_bytes_compressed(lab: Lab, path: str) -> None:
    added, _ = gzip_added(lab, path)
    assert added <= 2048


def test_link_adds_at_most_150_bytes(visit: Visit, lab: Lab) -> None:
    page = visit("/plain")
    reject(page)
    (cookie,) = page.context.cookies()
    compressed, plain = gzip_added(lab, "/plain", f"{cookie['name']}={cookie['value']}")
    assert 0 < compressed <= 150
    assert plain <= 150


def test_confirmation_takes_focus(visit: Visit) -> None:
    page = visit("/plain")
    smoothed(page)
    reject_button(page).click()
    expect(page.get_by_role("alert")).to_be_focused()


def test_first_layer_informs(visit: Visit) -> None:
    page = visit("/plain")
    text = page.locator(banner_selector(page)).inner_text()
    for part in ("We use cookies", "Lab Shop Ltd"):
        assert part in text
