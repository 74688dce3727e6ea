"""One choice: what is stored, what is taken back, and what becomes of it where something on its way fails."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ..conftest import Visit
from ..lab.recorder import Recorder
from ..lab.visitor import accept, accept_button, ran, reject
from ..lab.waiting import wait_until

SHOP, WHOLE = "shop.test", "www.shared.test"
GRANTED = "!!self.cookiegate && cookiegate.allows('marketing')"
HELD = "self.cookiegate && cookiegate.choice.decided && !cookiegate.allows('marketing')"
NOTHING = "{ preferences: false, analytics: false, marketing: false }"


def no_more(page: Page) -> None:
    """A page that goes on by itself while its context closes can keep Chromium from closing."""
    page.unroute_all(behavior="ignoreErrors")
    page.goto("about:blank")


@pytest.mark.parametrize("by", ["script", "banner"])
def test_withdrawal_by_saving_counts_without_the_service(visit: Visit, recorder: Recorder, by: str) -> None:
    page = visit("/plain", host=SHOP)
    accept(page)
    page.route("**/consent", lambda route: route.abort())
    if by == "script":
        with page.expect_navigation():
            page.evaluate(f"void cookiegate.set({NOTHING})")
    else:
        page.evaluate("void cookiegate.open()")
        page.get_by_text("Choose", exact=True).click()
        for box in page.locator(".gate input[name=category]").all():
            box.uncheck()
        with page.expect_navigation():
            page.get_by_role("button", name="Save choice").click()
    page.goto(f"https://{SHOP}/vectors")
    page.wait_for_function("self.cookiegate")
    assert page.evaluate(HELD)
    assert ran(page) == []
    page.unroute("**/consent")
    page.reload()
    page.wait_for_function("!/gate-no=[^;]*w/.test(document.cookie)")
    assert page.evaluate(HELD), "sent again with the next page, and answered"


def test_part_that_is_withdrawn_counts_without_the_service(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    accept(page)
    page.route("**/consent", lambda route: route.abort())
    with page.expect_navigation():
        page.evaluate("void cookiegate.set({ marketing: false })")
    page.wait_for_function("self.cookiegate")
    assert page.evaluate(HELD)
    assert page.evaluate("cookiegate.allows('analytics')")
    no_more(page)


@pytest.mark.parametrize(
    "body",
    ["{}", "[]", "null", '{"token":"x","age":9,"wipe":[]}', '{"token":"","age":99999,"wipe":[]}'],
)
@pytest.mark.parametrize("host", [SHOP, WHOLE])
def test_answer_of_another_shape_leaves_a_refusal_as_it_is(
    visit: Visit, recorder: Recorder, body: str, host: str
) -> None:
    page = visit("/plain", host=host)
    reject(page)
    page.wait_for_function("document.cookie.includes('gate=1~')")
    before = page.evaluate("document.cookie")
    page.route(
        "**/consent",
        lambda route: route.fulfill(
            body=body,
            content_type="application/json",
            headers={
                "Access-Control-Allow-Origin": f"https://{host}",
                "Access-Control-Allow-Credentials": "true",
            },
        ),
    )
    assert page.evaluate("cookiegate.accept().then(() => 'done', () => 'failed')") == "failed"
    assert page.evaluate("document.cookie") == before
    page.reload()
    assert page.evaluate(HELD)
    expect(accept_button(page)).to_have_count(0)


def stale(page: Page, host: str) -> None:
    """From now on the tag is answered with an older question, as by a cache in between."""
    url = f"https://gate.test/_gate/embed/{host}.js"
    text = page.evaluate("url => fetch(url).then(answer => answer.text())", url)
    question = text.partition('question:"')[2][:12]
    older = text.replace(question, "0123456789ab")
    page.route(url, lambda route: route.fulfill(body=older, content_type="text/javascript"))


def test_tag_that_stays_old_is_loaded_anew_once_and_then_says_so(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain?tag=none", host=SHOP)
    stale(page, SHOP)
    page.goto(f"https://{SHOP}/plain")
    went: list[str] = []
    page.on("framenavigated", lambda frame: went.append(frame.url))
    with page.expect_navigation():
        accept_button(page).click()
    accept_button(page).click()
    expect(page.get_by_text("Your choice could not be saved.")).to_be_visible()
    page.wait_for_timeout(1000)
    assert len(went) == 1
    no_more(page)


def test_call_or_stored_choice_that_an_old_tag_makes_loads_nothing_anew(
    visit: Visit, recorder: Recorder
) -> None:
    page = visit("/plain?tag=none", host="moved.test")
    stale(page, "moved.test")
    page.context.add_cookies(
        [
            {
                "name": "cc_cookie",
                "value": "%7B%22categories%22%3A%5B%22analytics%22%5D%7D",
                "url": "https://moved.test",
            }
        ]
    )
    went: list[str] = []
    page.on("framenavigated", lambda frame: went.append(frame.url))
    page.goto("https://moved.test/plain")
    expect(accept_button(page)).to_be_visible()
    assert page.evaluate("cookiegate.set({ analytics: true }).then(() => 'done', () => 'failed')") == "failed"
    page.wait_for_timeout(1000)
    assert len(went) == 1
    no_more(page)


def test_script_that_did_not_come_is_asked_for_again(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain?tag=none", host=SHOP)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/more.*.js", lambda route: route.abort(), times=1)
    page.goto(f"https://{SHOP}/plain")
    accept_button(page).hover()
    page.wait_for_timeout(400)
    accept(page)
    page.wait_for_function(GRANTED)
    assert errors == []


def test_no_error_where_another_tab_has_chosen_and_the_script_does_not_come(
    visit: Visit, recorder: Recorder
) -> None:
    page = visit("/plain?tag=none", host=SHOP)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.route("**/more.*.js", lambda route: route.abort())
    page.goto(f"https://{SHOP}/plain")
    expect(accept_button(page)).to_be_visible()
    page.evaluate("document.cookie = '__Host-gate-no=' + cookiegate._.S.question + '~1~~~w; path=/; secure'")
    page.evaluate("void document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(500)
    assert errors == []


def test_acceptance_does_not_wait_for_what_hangs_beside_it(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    expect(accept_button(page)).to_be_visible()
    page.route("**/_gate/embed/shop.test.js", lambda route: None, times=1)
    with page.expect_navigation(timeout=9_000, wait_until="commit"):
        accept_button(page).click()
    no_more(page)


def test_acceptance_does_not_send_a_form_twice(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    methods: list[str] = []
    page.on("request", lambda sent: methods.append(sent.method) if "/plain?order" in sent.url else None)
    page.evaluate(
        """() => {
             const form = document.createElement("form");
             Object.assign(form, { method: "post", action: "/plain?order#done" });
             document.body.append(form);
             form.submit();
           }"""
    )
    page.wait_for_url("**/plain?order#done")
    accept(page)
    page.wait_for_function(GRANTED)
    assert methods == ["POST", "GET"]
    assert page.url.endswith("/plain?order#done")


LEAVING = """() => {
  const write = value => {
    document.cookie = "_ga=" + value + "; path=/; max-age=9999";
    localStorage.setItem("_ga", value);
    sessionStorage.setItem("_ga", value);
    const base = indexedDB.open("_ga");
    return Promise.all([caches.open("_ga"), new Promise(done => base.onsuccess = done)]);
  };
  addEventListener("pagehide", () => write("late"));
  return write("early").then(() => 0);
}"""
LEFT = """async () => [
  document.cookie.includes("_ga="), "_ga" in localStorage, "_ga" in sessionStorage,
  (await indexedDB.databases()).some(base => base.name == "_ga"), await caches.has("_ga"),
]"""


@pytest.mark.parametrize("act", ["cookiegate.reject()", "cookiegate.set({ analytics: false })"])
def test_what_a_tracker_writes_as_its_page_goes_is_taken_away(
    visit: Visit, recorder: Recorder, act: str
) -> None:
    page = visit("/plain", host=SHOP)
    accept(page)
    page.evaluate(LEAVING)
    assert page.evaluate(LEFT) == [True] * 5
    with page.expect_navigation():
        page.evaluate(f"void {act}")
    wait_until(page, lambda: not any(page.evaluate(LEFT)), "nothing left")


def test_grant_that_another_host_of_the_domain_plants_widens_no_refusal(
    visit: Visit, recorder: Recorder
) -> None:
    page = visit("/plain", host=WHOLE)
    question = page.evaluate("cookiegate._.S.question")
    reject(page)
    page.wait_for_timeout(300)
    evil = page.context.new_page()
    evil.goto("https://evil.shared.test/plain?tag=none")
    day = page.evaluate("Math.floor(Date.now() / 864e5)")
    planted = f"1~q{question}~d{day}~gamp.{'A' * 43}"
    for name, value in (("__Secure-gate", planted), ("__Secure-gate-no", ""), ("__Host-gate-no", "")):
        evil.evaluate(f"document.cookie = '{name}={value}; domain=shared.test; path=/; secure; max-age=9999'")
    recorder.clear()
    page.goto(f"https://{WHOLE}/vectors")
    assert page.evaluate(HELD)
    recorder.settle(least=0.6)
    assert ran(page) == []
    page.wait_for_function("!document.cookie.includes('gamp')")


def test_ready_is_told_as_an_event_too(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain?tag=none", host=SHOP)
    page.context.add_init_script(
        """self.heard = [];
           document.addEventListener("cookiegate:ready", event => heard.push(event.detail.decided));
           addEventListener("DOMContentLoaded", () => cookiegate.on("ready", choice => heard.push(choice.decided)));"""
    )
    page.goto(f"https://{SHOP}/plain")
    expect(accept_button(page)).to_be_visible()
    assert page.evaluate("heard") == [False, False], "once by the event, once by on()"


def test_setting_one_category_keeps_single_services(visit: Visit, recorder: Recorder) -> None:
    page = visit("/partial", host="same.test")
    with page.expect_navigation():
        page.frame_locator("iframe[title='A film']").get_by_role("button", name="always").click()
    page.wait_for_function("self.cookiegate && cookiegate.choice.services.length == 1")
    with page.expect_navigation():
        page.evaluate("void cookiegate.set({ analytics: true })")
    page.wait_for_function("self.cookiegate && cookiegate.choice.analytics")
    assert page.evaluate("cookiegate.choice.services.length") == 1
    with page.expect_navigation():
        page.evaluate("void cookiegate.reject()")
    page.wait_for_function("self.cookiegate && cookiegate.choice.decided")
    assert page.evaluate("cookiegate.choice.services.length") == 0
