"""The functions and events that a site's own scripts use, and pages that change under the visitor's feet."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from ..conftest import Visit
from ..lab.recorder import Recorder
from ..lab.servers import ROOT
from ..lab.visitor import accept, accept_button, ran, reject
from ..test_leaks import nobody

MARKS = "marks.test"
INSERT = """([name, file]) => {
  const script = document.createElement('script');
  script.type = 'text/plain';
  script.dataset.gate = name;
  script.dataset.gateSrc = `https://${file}.stranger.example/${file}.js`;
  document.body.append(script);
}"""


KINDS = """of => Object.fromEntries(Object.entries(of).map(([name, value]) =>
  [name, Array.isArray(value) ? 'array' : value instanceof Promise ? 'promise' : typeof value]))"""


def declared(interface: str) -> dict[str, str]:
    """The members of an interface in the declarations that sites use, each with the kind of value it is."""
    text = (ROOT / "static" / "js" / "embed" / "cookiegate.d.ts").read_text("utf-8")
    (body,) = re.findall(rf"export interface {interface} {{\n(.*?)\n}}", text, re.DOTALL)
    kinds = {"boolean": "boolean", "CookieGateChoice": "object", "readonly string[]": "array"}
    found = {}
    for name, called, kind in re.findall(r"^  (?:readonly )?(\w+)(\()?(?:: ([^;]+);)?", body, re.MULTILINE):
        given = (
            "promise" if kind.startswith("Promise") else "string" if kind.startswith('"') else kinds.get(kind)
        )
        found[name] = "function" if called else str(given)
    return found


def test_declarations_name_what_is_there_and_nothing_else(visit: Visit) -> None:
    page = visit("/plain", host=MARKS)
    assert page.evaluate(f"({KINDS})(cookiegate)") == declared("CookieGate")
    assert page.evaluate(f"({KINDS})(cookiegate.choice)") == declared("CookieGateChoice")


def test_what_a_page_does_to_the_choice_that_it_is_given_changes_nothing(visit: Visit) -> None:
    page = visit("/plain", host=MARKS)
    page.evaluate("cookiegate.choice.services.push('labads'); cookiegate.choice.marketing = true")
    assert page.evaluate("cookiegate.choice.services") == []
    assert page.evaluate("cookiegate.allows('labads') || cookiegate.allows('marketing')") is False


def test_state_is_known_before_any_other_script(visit: Visit) -> None:
    page = visit("/vectors", host=MARKS)
    page.context.add_init_script(
        """document.addEventListener('DOMContentLoaded', () => {}, { once: true });
           new MutationObserver((_, self) => { if (window.cookiegate) {
             self.disconnect(); window.early = [cookiegate.allows('analytics'), cookiegate.choice.decided]; }
           }).observe(document, { childList: true, subtree: true })"""
    )
    page.reload()
    assert page.evaluate("self.early") == [False, False]


def test_choice_is_told_to_late_and_to_early_listeners(visit: Visit) -> None:
    page = visit("/plain", host=MARKS)
    page.evaluate(
        """() => { self.told = []; self.heard = [];
                   self.stop = cookiegate.on('choice', choice => told.push(choice.analytics));
                   document.addEventListener('cookiegate:choice', event => heard.push(event.detail.marketing)); }"""
    )
    page.evaluate("cookiegate.set({ analytics: true })")
    page.wait_for_function("self.told.length == 2")
    page.evaluate("cookiegate.set({ marketing: true })")
    page.wait_for_function("self.heard.length == 2")
    page.evaluate("self.stop()")
    assert page.evaluate("[told, heard]") == [[False, True, True], [False, True]]
    choice = page.evaluate("cookiegate.choice")
    assert choice == {
        "decided": True,
        "signal": "",
        "services": [],
        "preferences": False,
        "analytics": True,
        "marketing": True,
    }
    assert page.evaluate(
        "cookiegate.allows('hotjar') && !cookiegate.allows('labmaps') && !cookiegate.allows('x')"
    )


def test_withdrawing_by_script_loads_the_page_anew(visit: Visit) -> None:
    page = visit("/plain", host=MARKS)
    page.evaluate("cookiegate.accept()")
    page.wait_for_function("cookiegate.allows('marketing')")
    page.evaluate("localStorage.setItem('_hjSession', 'x'); document.cookie = '_ga=1; path=/'; "
                  "document.cookie = '_fbp=1; domain=marks.test; path=/'; document.cookie = 'mine=1'")  # fmt: skip
    with page.expect_navigation():
        page.evaluate("void cookiegate.reject()")
    page.wait_for_function("self.cookiegate && cookiegate.choice.decided")
    assert page.evaluate("cookiegate.allows('marketing')") is False
    assert page.evaluate("document.cookie.match(/_ga|_fbp/) === null && document.cookie.includes('mine=1')")
    assert page.evaluate("localStorage.length") == 0


def test_calls_made_at_once_wait_until_they_can_act(visit: Visit) -> None:
    page = visit("/plain", host=MARKS)
    page.context.add_init_script(
        """new MutationObserver((_, self) => { if (window.cookiegate) {
             self.disconnect(); cookiegate.reject(); }
           }).observe(document, { childList: true, subtree: true })"""
    )
    page.reload()
    page.wait_for_function("cookiegate.choice.decided && document.cookie.includes('gate=1~')")


def test_open_shows_the_present_state(visit: Visit) -> None:
    page = visit("/plain", host=MARKS)
    page.evaluate("cookiegate.set({ analytics: true })")
    page.wait_for_function("cookiegate.choice.decided")
    page.evaluate("cookiegate.open()")
    expect(accept_button(page)).to_be_visible()
    assert page.evaluate(
        "[...document.querySelectorAll('[name=category]:checked')].map(box => box.value)"
    ) == ["analytics"]


DISPATCH = """() => {
  const all = [window, document, ...document.querySelectorAll(':not(button)')]
      .flatMap(one => [one, ...(one.childNodes || [])]).filter(one => one.localName != 'button');
  for (const type of ['click', 'input', 'pointerover', 'focusin', 'scroll'])
    for (const one of new Set(all)) one.dispatchEvent(new Event(type, { bubbles: true }));
  return all.length;
}"""


def test_events_that_scripts_dispatch_anywhere_are_no_errors(visit: Visit) -> None:
    """At the window, a document or a text there is nothing that an element has."""
    page = visit("/plain", host=MARKS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    expect(accept_button(page)).to_be_visible()
    assert page.evaluate(DISPATCH) > 50
    page.wait_for_timeout(300)
    assert errors == []


@pytest.mark.parametrize("where", ["a", "[role=region]"])
def test_click_in_what_the_site_marks_as_its_settings_link_opens_them(visit: Visit, where: str) -> None:
    page = visit("/plain", host="shop.test")
    reject(page)
    page.locator(f"[data-gate-settings] {where}, {where}[data-gate-settings]").first.click()
    expect(accept_button(page)).to_be_visible()


WORDS = {"": "First", "de": "Deutsch", "pt": "Europeu", "pt-br": "Brasileiro"}


@pytest.mark.parametrize(
    ("page_language", "wanted"),
    [
        ("de", "Deutsch"),
        ("de-DE", "Deutsch"),
        ("DE-de", "Deutsch"),
        ("pt-BR", "Brasileiro"),
        ("pt-br", "Brasileiro"),
        ("pt-PT", "Europeu"),
        ("fr-CA", "First"),
        ("", "First"),
    ],
)
def test_settings_link_is_in_the_language_of_the_page(visit: Visit, page_language: str, wanted: str) -> None:
    page = visit("/plain?tag=none", host="shop.test")
    url = "https://gate.test/_gate/embed/shop.test.js"
    loader = page.evaluate("url => fetch(url).then(answer => answer.text())", url)
    words = json.dumps({tag: ["Cookies", word, "Signal"] for tag, word in WORDS.items()})
    other, found = re.subn(r"\blink:\{[^}]*\}", f"link:{words}", loader)
    assert found == 1
    page.route(url, lambda route: route.fulfill(body=other, content_type="text/javascript"))
    page.context.add_init_script(
        f"new MutationObserver(() => document.documentElement.lang = {page_language!r})"
        ".observe(document, { childList: true })"
    )
    page.goto("https://shop.test/plain")
    expect(page.locator("[data-gate-settings] a")).to_have_text(wanted)


def test_elements_that_come_later_are_released_or_stay_held(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=MARKS)
    page.evaluate("cookiegate.set({ analytics: true })")
    page.wait_for_function("cookiegate.allows('analytics')")
    page.evaluate("history.pushState({}, '', '/another')")
    page.evaluate(INSERT, ["analytics", "later"])
    page.evaluate(INSERT, ["marketing", "never"])
    recorder.wait_for(["later"])
    recorder.settle()
    assert recorder.vectors == {"later"}


def test_script_that_a_page_inserts_later_reaches_nobody(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host="shop.test")
    page.evaluate(
        """() => { history.pushState({}, '', '/spa');
                   const script = document.createElement('script');
                   script.src = 'https://tag.stranger.example/tag.js';
                   document.head.append(script);
                   new Image().src = 'https://pixel.stranger.example/pixel.png';
                   fetch('https://fetch.stranger.example/fetch.json').catch(() => 0); }"""
    )
    nobody(recorder)


def test_known_snippets_and_services_on_own_hosts_are_held(visit: Visit) -> None:
    """No policy would stop these: one is inline, one loads from the site's own domain."""
    page = visit("/plain?snippet", host="shop.test")
    page.wait_for_function("self.cookiegate")
    assert ran(page) == ["own"]
    accept(page)
    page.wait_for_function("self.ran.length == 3")
    assert ran(page) == ["own", "snippet", "ownstats"]


def test_inserted_scripts_are_held_by_the_policy_alone(visit: Visit) -> None:
    """As the documentation says: none of another host's, but what is inline, or on the site's own domain, runs."""
    page = visit("/plain", host="shop.test")
    page.wait_for_function("self.cookiegate")
    page.evaluate(
        """() => document.head.append(...[{ src: 'https://stats.shop.test/ownstats.js' },
                { src: 'https://static.hotjar.com/hotjar.js' },
                { text: "(self.ran = self.ran || []).push('inline'); self.hj = () => 0; hj('trigger', 'x')" }]
            .map(what => Object.assign(document.createElement('script'), what)))"""
    )
    page.wait_for_function("(self.ran || []).includes('ownstats')")
    page.wait_for_timeout(300)
    assert sorted(ran(page)) == ["inline", "ownstats"]


def test_typed_input_survives_a_choice(visit: Visit) -> None:
    page = visit("/plain", host="shop.test")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<input id=name aria-label=Name>')")
    page.locator("#name").press_sequentially("Ada")
    accept_button(page).click()
    expect(page.get_by_role("alert")).to_contain_text("applies from the next page")
    assert page.locator("#name").input_value() == "Ada"
    page.reload()
    assert page.evaluate("cookiegate.allows('marketing')")


def consent_commands(page: Page) -> list[list[object]]:
    return list(
        page.evaluate(
            "(self.dataLayer || []).map(entry => [...entry]).filter(entry => entry[0] == 'consent')"
        )
    )


def test_vendors_hear_denied_first_and_one_update(visit: Visit) -> None:
    page = visit("/plain", host="shop.test")
    assert consent_commands(page) == []
    accept(page)
    commands = consent_commands(page)
    assert [command[1] for command in commands] == ["default", "update"]
    assert set(dict(commands[1][2]).values()) == {"granted"}
    assert page.evaluate("self.ttq.map(call => call[0])") == ["holdConsent", "grantConsent"]


CONFIG = """<script>function gtag() { dataLayer.push(arguments) } (self.dataLayer = self.dataLayer || []).length;
gtag("js", new Date()); gtag("config", "G-1"); (self.uetq = self.uetq || []).push("pageLoad")</script>"""


@pytest.mark.parametrize("tag", ["first", "defer"])
def test_tags_that_are_not_marked_up_find_everything_denied(visit: Visit, tag: str) -> None:
    """Without a policy they run before any choice. A tag that is late has nobody to be first for."""
    page = visit("/made?" + urlencode({"head": CONFIG, "tag": tag}), host=MARKS)
    expect(accept_button(page)).to_be_visible()
    calls = page.evaluate("dataLayer.map(entry => [...entry].slice(0, 2).join(' ').slice(0, 15))")
    wanted = ["consent default", "js", "config G-1"]
    assert [call[:2] if call.startswith("js") else call for call in calls] == (
        wanted if tag == "first" else [*wanted[1:], wanted[0]]
    )
    page.evaluate("cookiegate.set({ analytics: true })")
    page.wait_for_function("cookiegate.allows('analytics')")
    assert [command[1] for command in consent_commands(page)] == ["default", "update"]
    page.evaluate("cookiegate.set({ marketing: true })")
    page.wait_for_function("cookiegate.allows('marketing')")
    assert [command[1] for command in consent_commands(page)] == ["default", "update", "update"]
    page.reload()
    assert [command[1] for command in consent_commands(page)] == ["default", "update"]


def test_analytics_alone_leaves_advertising_denied(visit: Visit) -> None:
    page = visit("/plain", host=MARKS)
    page.evaluate("cookiegate.set({ analytics: true })")
    page.wait_for_function("(self.dataLayer || []).length == 2")
    update = dict(consent_commands(page)[1][2])
    assert update.pop("analytics_storage") == "granted"
    assert set(update.values()) == {"denied"}
    page.evaluate("cookiegate.set({ marketing: true })")
    page.wait_for_function("self.dataLayer.length == 3")
    calls = page.evaluate("self.ttq.map(call => call[0])")
    assert calls == ["holdConsent", "revokeConsent", "grantConsent"], "one update for each choice"


SNIPPETS = """() => {
  const f = self.fbq = function () { f.callMethod ? 0 : f.queue.push(arguments); };
  f.push = f; f.queue = [];
  fbq('init', '1');
  self.pintrk = function () { self.pintrk.queue.push([].slice.call(arguments)); };
  const p = self.pintrk; p.queue = []; p.version = '3.0';
  pintrk('load', '2');
  return [fbq.queue.map(call => [...call]), pintrk.queue];
}"""


def test_vendors_whose_snippet_makes_its_own_queue_hear_it_first(visit: Visit) -> None:
    page = visit("/plain", host="shop.test")
    accept(page)
    assert page.evaluate(SNIPPETS) == [
        [["consent", "revoke"], ["consent", "grant"], ["init", "1"]],
        [["setconsent", False], ["setconsent", True], ["load", "2"]],
    ]


def test_each_page_is_told_once_without_a_cookie_until_statistics_are_off(visit: Visit) -> None:
    page = visit("/plain?tag=none", host="shop.test")
    seen: list[dict[str, str]] = []
    page.on("request", lambda request: seen.append(request.all_headers() | {"body": request.post_data or ""})
            if request.url.endswith("/seen") else None)  # fmt: skip
    page.goto("https://shop.test/plain?utm_source=letter&gclid=abc")
    page.wait_for_function("performance.getEntriesByType('resource').some(one => one.name.endsWith('/seen'))")
    page.evaluate("history.pushState({}, '', '/plain/more')")
    (first,) = seen
    assert "cookie" not in first
    assert "path=%2Fplain&" in first["body"]
    assert "utm_source%3Dletter" in first["body"]
    assert "abc" not in first["body"]
    page.evaluate("cookiegate.statistics(false)")
    page.wait_for_function("document.cookie.includes('~fns')")
    page.goto("https://shop.test/plain?again")
    page.wait_for_load_state("networkidle")
    assert len(seen) == 1
    expect(accept_button(page)).to_be_visible()
