"""Whatever goes wrong, the page works, nothing runs without a stored grant, and no refusal is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from playwright.sync_api import ConsoleMessage, Locator, Page, Route, expect

from ..conftest import Visit
from ..lab.recorder import Recorder
from ..lab.visitor import accept, accept_button, ran, reject, reject_button
from ..lab.waiting import wait_until
from ..site.vectors import PEERS_17
from .test_seventeen import SCANNED

SHOP, MARKS = "shop.test", "marks.test"
GRANTED = "!!self.cookiegate && cookiegate.allows('marketing')"


def nothing_ran(page: Page, recorder: Recorder) -> None:
    recorder.settle(least=0.6)
    assert ran(page) == []
    assert recorder.vectors <= SCANNED
    assert page.locator("h1").is_visible()


def garbage(route: Route) -> None:
    route.fulfill(status=200, content_type="application/json", body='{"tree": 7, "css": null')


BROKEN: dict[str, Callable[[Route], None]] = {
    "refused": lambda route: route.abort(),
    "error": lambda route: route.fulfill(status=503, body="down"),
    "garbage": garbage,
    "silent": lambda route: None,
}


def visit_broken(visit: Visit, recorder: Recorder, how: str, path: str) -> Page:
    """The page at `path`, whose service is not to be had."""
    page = visit("/plain?tag=none", host=SHOP)
    page.route("https://gate.test/**", BROKEN[how])
    recorder.clear()
    page.goto(f"https://{SHOP}{path}", wait_until="domcontentloaded")
    return page


@pytest.mark.parametrize("how", BROKEN)
def test_page_with_the_script_in_it_is_held_and_works_without_the_service(
    visit: Visit, recorder: Recorder, how: str
) -> None:
    page = visit_broken(visit, recorder, how, "/vectors?tag=inline")
    nothing_ran(page, recorder)
    expect(accept_button(page)).to_have_count(0)
    assert page.evaluate("cookiegate.choice.decided") is False


@pytest.mark.parametrize("how", ["refused", "error", "garbage"])
@pytest.mark.parametrize("marked", ["gate", "vanilla", "klaro", "template"])
def test_marked_up_page_reaches_nobody_where_the_tag_is_not_answered(
    visit: Visit, recorder: Recorder, marked: str, how: str
) -> None:
    page = visit_broken(visit, recorder, how, f"/vectors?as={marked}")
    recorder.settle(least=0.6)
    assert recorder.vectors == set()
    assert page.locator("h1").is_visible()


@pytest.mark.parametrize("how", ["refused", "error", "garbage"])
def test_unmodified_page_is_as_without_a_tag_where_the_tag_is_not_answered(
    visit: Visit, recorder: Recorder, how: str
) -> None:
    """As the documentation says: the inline form has no such hour."""
    page = visit_broken(visit, recorder, how, "/vectors")
    recorder.wait_for(PEERS_17)
    assert recorder.vectors == set(PEERS_17)
    assert page.evaluate("!self.cookiegate")


@pytest.mark.parametrize("how", ["refused", "error"])
def test_without_the_script_that_decides_nothing_is_granted_and_a_refusal_counts(
    visit: Visit, recorder: Recorder, how: str
) -> None:
    page = visit("/plain", host=SHOP)
    page.route("**/more.*.js", BROKEN[how])
    recorder.clear()
    page.goto(f"https://{SHOP}/vectors")
    accept_button(page).click()
    expect(page.get_by_text("Your choice could not be saved.")).to_be_visible()
    assert page.evaluate(GRANTED) is False
    reject_button(page).click()
    expect(reject_button(page)).to_have_count(0)
    page.reload()
    assert page.evaluate("cookiegate.choice.decided && !cookiegate.allows('marketing')")
    nothing_ran(page, recorder)


@pytest.mark.parametrize("how", ["refused", "error", "garbage"])
def test_acceptance_that_is_not_recorded_grants_nothing(visit: Visit, recorder: Recorder, how: str) -> None:
    page = visit("/vectors", host=SHOP)
    expect(accept_button(page)).to_be_visible()
    page.route("**/consent", BROKEN[how])
    accept_button(page).click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.reload()
    assert page.evaluate(GRANTED) is False
    nothing_ran(page, recorder)


def test_acceptance_that_is_answered_late_grants_nothing_until_then(visit: Visit, recorder: Recorder) -> None:
    """A service that takes half a minute: the page works meanwhile, and one that is left has granted nothing."""
    page = visit("/vectors", host=SHOP)
    expect(accept_button(page)).to_be_visible()
    waiting: list[Route] = []
    page.route("**/consent", lambda route: waiting.append(route))
    accept_button(page).click()
    page.wait_for_timeout(1000)
    assert page.evaluate(GRANTED) is False
    nothing_ran(page, recorder)
    page.goto(f"https://{SHOP}/vectors")
    assert page.evaluate(GRANTED) is False
    accept_button(page).click()
    wait_until(page, lambda: len(waiting) == 2, "a second message")
    recorder.clear()
    with page.expect_navigation():
        waiting[1].continue_()
    page.wait_for_function(GRANTED)
    recorder.wait_for(PEERS_17)


@pytest.mark.parametrize("how", ["refused", "error", "garbage", "silent"])
def test_refusal_is_never_lost(visit: Visit, recorder: Recorder, how: str) -> None:
    page = visit("/plain", host=SHOP)
    accept(page)
    page.wait_for_function(GRANTED)
    page.route("**/consent", BROKEN[how])
    page.evaluate("void cookiegate.reject()")
    page.wait_for_function("document.cookie.includes('gate-no=')")
    page.wait_for_timeout(500)
    page.goto(f"https://{SHOP}/vectors")
    assert page.evaluate(GRANTED) is False
    nothing_ran(page, recorder)
    page.unroute("**/consent")
    page.reload()
    page.wait_for_function("!/gate-no=[^;]*w/.test(document.cookie)")
    page.reload()
    assert page.evaluate("cookiegate.choice.decided && !cookiegate.allows('marketing')")


PERSISTED = "addEventListener('pageshow', event => { self.persisted = event.persisted })"


@pytest.mark.parametrize("host", [MARKS, SHOP])
def test_page_from_the_back_forward_cache_follows_a_withdrawal(
    visit: Visit, recorder: Recorder, host: str
) -> None:
    """Such a page comes back as it was left, with what runs in it; the withdrawal loads it anew."""
    page = visit("/plain", host=host)
    page.context.add_init_script(PERSISTED)
    with page.expect_navigation() if host == SHOP else nullcontext():
        page.evaluate("void cookiegate.accept()")
    page.wait_for_function(GRANTED)
    page.goto(f"https://{host}/plain?next")
    page.wait_for_function(GRANTED)
    page.evaluate("self.left = true")
    page.go_back(wait_until="commit")
    page.go_forward(wait_until="commit")
    assert page.evaluate("[self.left, self.persisted]") == [True, True], "kept, and no other page"
    other = page.context.new_page()
    other.goto(f"https://{host}/plain?other")
    with other.expect_navigation():
        other.evaluate("void cookiegate.reject()")
    other.close()
    page.go_back(wait_until="commit")
    page.wait_for_function("self.cookiegate && !cookiegate.allows('marketing')")


BLOCKED = "Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set() {} })"


def test_blocked_cookies_grant_nothing_and_say_why(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    page.context.add_init_script(BLOCKED)
    page.goto(f"https://{SHOP}/vectors")
    accept_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("cookies are blocked")
    assert page.evaluate(GRANTED) is False
    nothing_ran(page, recorder)


THROWS = """
Object.defineProperty(Document.prototype, 'cookie', { get() { throw new DOMException('no', 'SecurityError') } });
"""


def test_cookies_that_must_not_be_read_leave_the_page_held(visit: Visit, recorder: Recorder) -> None:
    errors: list[str] = []
    page = visit("/plain", host=SHOP)
    page.context.add_init_script(THROWS)
    page.on("pageerror", lambda error: errors.append(str(error)))
    recorder.clear()
    page.goto(f"https://{SHOP}/vectors")
    expect(accept_button(page)).to_be_visible()
    nothing_ran(page, recorder)
    assert page.evaluate(GRANTED) is False
    assert errors == []


@pytest.mark.parametrize("how", ["first", "inline"])
def test_sandboxed_frame_of_the_site_is_held(visit: Visit, recorder: Recorder, how: str) -> None:
    """There nothing is stored, and to ask for a cookie is an error."""
    errors: list[str] = []
    page = visit("/plain?tag=none", host=SHOP)
    page.on("pageerror", lambda error: errors.append(str(error)))
    recorder.clear()
    page.evaluate(
        """source => {
            const frame = Object.assign(document.createElement('iframe'), { src: source });
            frame.sandbox = 'allow-scripts';
            document.body.append(frame);
        }""",
        f"/vectors?tag={how}",
    )
    expect(page.frame_locator("iframe").first.locator("h1")).to_be_visible()
    recorder.settle(least=0.8)
    (inner,) = [each for each in page.frames if "/vectors" in each.url]
    assert inner.evaluate("self.ran || []") == []
    assert recorder.vectors <= SCANNED
    assert errors == []


FULL = """
Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
"""


def test_full_storage_and_a_full_jar_take_a_choice_all_the_same(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    page.context.add_init_script(FULL)
    page.evaluate("for (let n = 0; n < 200; n++) document.cookie = `site${n}=${'x'.repeat(20)}; path=/`")
    page.reload()
    accept(page)
    assert page.evaluate(GRANTED)
    page.evaluate("void cookiegate.reject()")
    page.wait_for_function("self.cookiegate && cookiegate.choice.decided && !cookiegate.allows('marketing')")
    # A page that reloads itself while its context closes can keep Chromium from closing.
    page.goto("about:blank")


def test_hostile_page_that_frames_the_site_gets_no_banner_to_overlay(
    visit: Visit, recorder: Recorder
) -> None:
    page = visit("/plain?tag=none", host="second.test")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://shop.test/vectors' }))"
    )
    frame = page.frame_locator("iframe").first
    expect(frame.locator("h1")).to_be_visible()
    recorder.settle(least=0.6)
    expect(frame.get_by_role("button", name="Accept all cookies")).to_have_count(0)
    assert recorder.vectors <= SCANNED
    (inner,) = [each for each in page.frames if "shop.test" in each.url]
    assert inner.evaluate("self.ran || []") == []


def test_page_of_another_site_cannot_choose_for_its_visitor(visit: Visit, recorder: Recorder) -> None:
    """Neither by a script nor by a form, whatever it copies from the site."""
    page = visit("/plain", host=SHOP)
    question = page.evaluate("cookiegate._.S.question")
    page.goto("https://second.test/plain?tag=none")
    fields = {"choice": "accept", "question": question, "source": "banner"}
    status = page.evaluate(
        """fields => fetch('https://gate.test/_gate/embed/shop.test/consent',
                           { method: 'POST', body: new URLSearchParams(fields), mode: 'no-cors' })
                     .then(answer => answer.type)""",
        fields,
    )
    assert status == "opaque"
    page.set_content(
        f"""<form method=post action="https://gate.test/_gate/embed/shop.test/consent">
            <input name=choice value=accept><input name=question value={question}></form>"""
    )
    with page.expect_navigation() as answered:
        page.evaluate("document.forms[0].submit()")
    assert answered.value is not None
    assert answered.value.status == 403
    page.goto(f"https://{SHOP}/plain")
    assert page.evaluate("cookiegate.choice.decided") is False


@pytest.mark.parametrize("how", ["twice", "nonce", "pinned", "older", "kept", "inline"])
def test_tag_works_as_it_stands(visit: Visit, recorder: Recorder, how: str) -> None:
    errors: list[str] = []
    page = visit(f"/plain?tag={how}", host=SHOP)
    page.on("console", lambda message: errors.append(message.text) if _is_ours(message) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    recorder.clear()
    page.goto(f"https://{SHOP}/vectors?tag={how}")
    expect(accept_button(page)).to_have_count(1)
    nothing_ran(page, recorder)
    recorder.clear()
    accept(page)
    wanted = {"script", "injected", "module"} if how == "nonce" else set(PEERS_17)
    recorder.wait_for(wanted)
    assert wanted <= recorder.vectors
    assert page.evaluate(GRANTED)
    assert errors == []


def test_tag_with_an_older_question_holds_and_refuses_and_grants_nothing(
    visit: Visit, recorder: Recorder
) -> None:
    page = visit("/plain?tag=none", host=SHOP)
    recorder.clear()
    page.goto(f"https://{SHOP}/vectors?tag=outdated")
    accept_button(page).click()
    expect(page.get_by_text("Your choice could not be saved.")).to_be_visible()
    nothing_ran(page, recorder)
    assert page.evaluate(GRANTED) is False
    reject(page)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.url.endswith("/consent") else None)
    page.goto(f"https://{SHOP}/vectors?tag=outdated")
    nothing_ran(page, recorder)
    assert page.evaluate("cookiegate.choice.decided && !cookiegate.allows('analytics')")
    assert sent == [], "a refusal that was recorded is not sent with every page"


def _is_ours(message: ConsoleMessage) -> bool:
    """The browser's own notices about what a policy or the network kept away are what the tag is for."""
    # A browser that keeps nothing writes the script that vendors hear by: test_smooth has one that does.
    quiet = (
        "Content Security Policy",
        "Content-Security-Policy",
        "preloaded using link preload",
        "parser-blocking",
    )
    return message.type in ("error", "warning") and not any(words in message.text for words in quiet)


@pytest.mark.parametrize("how", ["async", "defer", "late"])
def test_misplaced_tag_holds_what_comes_after_it(visit: Visit, recorder: Recorder, how: str) -> None:
    page = visit(f"/plain?tag={how}", host=SHOP)
    expect(accept_button(page)).to_be_visible()
    page.evaluate("new Image().src = 'https://pixel.stranger.example/pixel.png'")
    recorder.settle()
    assert recorder.requests == []
    reject(page)
    page.reload()
    expect(page.get_by_role("link", name="Cookie settings")).to_be_visible()
    expect(reject_button(page)).to_have_count(0)


def test_frame_of_the_site_is_held_and_asks_nobody(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('iframe'), { src: '/vectors' }))"
    )
    frame = page.frame_locator("iframe").first
    expect(frame.locator("h1")).to_be_visible()
    recorder.settle(least=0.6)
    assert recorder.vectors <= SCANNED
    expect(frame.get_by_role("button", name="Accept all cookies")).to_have_count(0)
    expect(accept_button(page)).to_have_count(1)


SANDBOXED = f"https://{SHOP}/made?tag=first&csp=sandbox allow-scripts&head=<script src=https://script.stranger.example/script.js></script>"


@pytest.mark.parametrize("press", [accept_button, reject_button])
def test_sandboxed_page_keeps_no_choice_and_works(
    visit: Visit, recorder: Recorder, press: Callable[[Page], Locator]
) -> None:
    """Cookies and storage throw there, and its messages say that they come from nowhere: nobody answers those."""
    page = visit("/plain?tag=none", host=SHOP)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    recorder.clear()
    page.goto(SANDBOXED)
    press(page).click()
    if press is accept_button:
        expect(page.get_by_text("Your choice could not be saved.")).to_be_visible()
        press = reject_button
        press(page).click()
    expect(press(page)).to_have_count(0)
    assert page.evaluate(GRANTED) is False
    nothing_ran(page, recorder)
    assert errors == []


SIGNAL = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })"


def test_signal_is_honoured_without_asking(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    page.context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })"
    )
    page.goto(f"https://{SHOP}/vectors")
    expect(page.get_by_text("Opt-out signal honoured:")).to_be_visible()
    expect(accept_button(page)).to_have_count(0)
    nothing_ran(page, recorder)
    with page.expect_navigation():
        page.evaluate("void cookiegate.accept()")
    page.wait_for_function("self.cookiegate && cookiegate.allows('preferences')")
    assert page.evaluate("cookiegate.allows('analytics') || cookiegate.allows('marketing')") is False


def test_choice_reaches_the_whole_domain_by_the_service_itself(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host="www.shared.test")
    accept(page)
    (cookie,) = [c for c in page.context.cookies() if c.get("name") == "__Secure-gate"]
    assert (cookie.get("domain"), cookie.get("secure"), cookie.get("httpOnly")) == (
        ".shared.test",
        True,
        False,
    )
    assert page.evaluate(GRANTED)


def test_hostile_page_cannot_frame_or_read_the_service(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain?tag=none", host="second.test")
    read = """async path => (await fetch('https://gate.test/_gate/embed/shop.test' + path,
                { method: 'POST', body: new URLSearchParams({ choice: 'accept' }) })).status"""
    with pytest.raises(Exception, match="Failed to fetch"):
        page.evaluate(read, "/consent")
    response = page.goto("https://gate.test/_gate/embed/shop.test/settings")
    assert response is not None
    assert response.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
