"""What the face's scripts do in a real browser: nothing typed is lost, and no page loses the banner."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cookiegate.config import Config
from cookiegate.core.consent import OPTIONAL, Choice, consent_of
from cookiegate.opening import open_gate

from .conftest import Visit
from .lab.visitor import BANNER_SCRIPT, accept_button, reject_button, smoothed

META_SNIPPET = """
!function(f,b,e,v,n,t,s){if(f.fbq)return;n=f.fbq=function(){n.callMethod?
n.callMethod.apply(n,arguments):n.queue.push(arguments)};if(!f._fbq)f._fbq=n;
n.push=n;n.loaded=!0;n.version='2.0';n.queue=[]}(window,document,'script','x');
fbq('init','1');fbq('track','PageView');
"""
"""The vendor's documented base code, without the lines that load its script."""


def signal_script(folder: Path, *granted: str) -> str:
    gate, _ = open_gate(Config(state_dir=folder, services=["meta-pixel"]))
    choice = Choice(question=gate.question.hash, day=1, granted=frozenset(granted))
    block = gate.face.signal_block(
        {"google", "microsoft", "clarity", "meta"}, consent_of(choice, gate.question)
    )
    return block.decode().removeprefix("<script>").removesuffix("</script>")


def run(page: Page, script: str) -> None:
    page.evaluate(
        "text => { const s = document.createElement('script'); s.text = text; document.body.append(s) }",
        script,
    )


def test_rejecting_needs_no_reload_and_the_confirmation_takes_focus(visit: Visit) -> None:
    page = visit("/plain")
    page.evaluate("window.here = true")
    smoothed(page)
    reject_button(page).click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("You have rejected all optional cookies.")
    expect(said).to_be_focused()
    assert page.evaluate("window.here") is True
    page.get_by_role("button", name="Hide this message").click()
    expect(said).to_have_count(0)


def test_accepting_loses_nothing_that_was_typed(visit: Visit) -> None:
    page = visit("/plain")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<textarea></textarea>')")
    page.locator("textarea").fill("a long letter")
    smoothed(page)
    accept_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("applies from the next page")
    expect(page.locator("textarea")).to_have_value("a long letter")
    page.reload()
    expect(accept_button(page)).to_have_count(0)


def test_a_page_that_removes_the_banner_gets_it_back_until_it_is_answered(visit: Visit) -> None:
    page = visit("/plain")
    smoothed(page)
    page.evaluate("document.querySelector('.gate').remove()")
    expect(accept_button(page)).to_be_visible()
    page.evaluate("document.body.replaceWith(document.body.cloneNode(false))")
    expect(accept_button(page)).to_be_visible()
    reject_button(page).click()
    page.get_by_role("button", name="Hide this message").click()
    page.wait_for_timeout(200)
    expect(page.locator(".gate")).to_have_count(0)


def test_a_page_that_removes_the_banner_before_it_is_painted_gets_it_back(visit: Visit) -> None:
    page = visit("/wiped")
    expect(accept_button(page)).to_be_visible()
    smoothed(page)
    assert page.evaluate("self.wiped") == 1
    reject_button(page).click()
    expect(page.get_by_role("alert")).to_be_focused()


def test_nothing_of_the_banner_is_fetched_before_a_frame_shows_it(visit: Visit) -> None:
    page = visit("/plain")
    page.add_init_script("requestAnimationFrame(time => { self.firstFrame = time })")
    page.reload()
    smoothed(page)
    assert page.evaluate(f"({BANNER_SCRIPT}).startTime > self.firstFrame")


def test_the_banner_works_where_the_site_asks_for_trusted_types(visit: Visit) -> None:
    page = visit("/trusted-types")
    smoothed(page)
    reject_button(page).click()
    expect(page.get_by_role("alert")).to_be_focused()


def test_the_banner_steps_aside_while_a_document_is_hydrated_whole(visit: Visit) -> None:
    """What React 18 does: it listens on the document, hydrates a task later, and marks the root element."""
    page = visit("/plain")
    page.evaluate("document.addEventListener('abort', () => {})")
    expect(page.locator(".gate")).to_have_count(0)
    page.evaluate("document.documentElement.__reactFiber$x = {}")
    expect(accept_button(page)).to_be_visible()
    assert page.evaluate("document.body.firstElementChild.className") == "gate"


def test_enter_on_a_checkbox_saves_and_never_accepts(visit: Visit) -> None:
    page = visit("/plain", js=False)
    page.locator("summary").click()
    page.locator("input[value=analytics]").check()
    with page.expect_navigation():
        page.locator("input[value=analytics]").press("Enter")
    page.goto(page.url.split("/plain")[0] + "/_gate/settings")
    expect(page.get_by_role("heading", name="Some of it is allowed")).to_be_visible()
    expect(page.locator("input[name=category]:checked")).to_have_count(1)


@pytest.mark.parametrize("granted", [("marketing",), OPTIONAL, ("analytics",)], ids="+".join)
def test_metas_own_snippet_finds_the_signal_first_in_its_queue(
    visit: Visit, tmp_path: Path, granted: tuple[str, ...]
) -> None:
    page = visit("/plain")
    run(page, signal_script(tmp_path, *granted))
    assert page.evaluate("typeof fbq") == "undefined"
    run(page, META_SNIPPET)
    calls = page.evaluate("fbq.queue.map(call => [...call].slice(0, 2))")
    told = (
        [["consent", "revoke"], ["consent", "grant"]] if "marketing" in granted else [["consent", "revoke"]]
    )
    assert calls == [*told, ["init", "1"], ["track", "PageView"]]


def test_google_and_microsoft_get_default_then_one_update(visit: Visit, tmp_path: Path) -> None:
    page = visit("/plain")
    run(page, signal_script(tmp_path, "analytics"))
    layer = page.evaluate("dataLayer.map(entry => [...entry])")
    assert [entry[1] for entry in layer] == ["default", "update"]
    assert layer[1][2] == {"analytics_storage": "granted"}
    assert page.evaluate("uetq") == ["consent", "default", {"ad_storage": "denied"}]
    assert page.evaluate("[...clarity.q[0]]") == [
        "consentv2",
        {"ad_Storage": "denied", "analytics_Storage": "granted"},
    ]


def test_the_referrer_is_handed_over_and_the_fragment_is_the_pages_own_again(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit("/plain#top&gate-referrer=https%3A%2F%2Fnews.example%2Fa%3Fb%3D1")
    gate, _ = open_gate(Config(state_dir=tmp_path))
    run(page, gate.face.referrer_block().decode().removeprefix("<script>").removesuffix("</script>"))
    assert page.evaluate("document.referrer") == "https://news.example/a?b=1"
    assert page.evaluate("location.hash") == "#top"


def test_a_held_captcha_shows_its_placeholder_in_the_vendors_container(visit: Visit, tmp_path: Path) -> None:
    page = visit("/plain")
    gate, _ = open_gate(Config(state_dir=tmp_path))
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<div class=g-recaptcha></div>')"
    )
    attribute = (
        gate.face.embed_placeholder(["recaptcha"]).decode().partition('data-embeds="')[2].partition('"')[0]
    )
    page.evaluate(
        """([data, source]) => {
            const s = document.createElement("script");
            s.src = source;
            s.dataset.embeds = new DOMParser().parseFromString(data, "text/html").documentElement.textContent;
            document.body.append(s);
        }""",
        [attribute, gate.face.statics.url("embeds.js")],
    )
    box = page.locator(".g-recaptcha")
    expect(box.get_by_role("button", name="Load once")).to_be_visible()
    with page.expect_navigation():
        box.get_by_role("button", name="Always load").click()
    page.goto(page.url.split("/plain")[0] + "/_gate/settings")
    expect(page.get_by_role("checkbox", name="reCAPTCHA")).to_be_checked()


def test_a_category_switch_moves_its_services(visit: Visit) -> None:
    page = visit("/_gate/settings")
    category = page.locator("fieldset", has_text="Analytics").first
    category.get_by_role("checkbox", name="Allow all").check()
    services = category.locator("input[name=service]")
    assert services.count() > 1
    expect(category.locator("input[name=service]:checked")).to_have_count(services.count())
    services.first.uncheck()
    expect(category.get_by_role("checkbox", name="Allow all")).not_to_be_checked()
