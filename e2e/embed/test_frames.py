"""Held frames ask for themselves: once or always, without a reload, and nobody else can ask in their place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, FrameLocator, Locator, Page, Request, Route, expect

from ..conftest import Visit
from ..lab.lab import SAME
from ..lab.recorder import Recorder
from ..lab.visitor import accept, accept_button, reject_button
from ..lab.waiting import wait_until
from .test_smooth import SHIFTS, Keeping, listened

SHOP, MARKS, SECOND = "shop.test", "marks.test", "second.test"
GATE = "https://gate.test/_gate/embed"
VIDEO = "video.labvideo.example"


def films(visit: Visit, host: str = SHOP, query: str = "", **options: object) -> Page:
    """A page with held films, before the visitor has done anything in it."""
    page = visit(f"/films{query}", host=host, **options)
    page.evaluate("self.same = true")
    return page


def stir(page: Page) -> None:
    page.mouse.move(3, 3)
    page.mouse.move(5, 9)


def frame(page: Page, title: str) -> FrameLocator:
    return page.frame_locator(f"iframe[title='{title}']")


def button(page: Page, title: str, name: str) -> Locator:
    return frame(page, title).get_by_role("button", name=name)


def asking(page: Page, title: str = "First film") -> None:
    stir(page)
    expect(button(page, title, "Load once")).to_be_visible()


def press(page: Page, title: str, name: str) -> None:
    asking(page, title)
    button(page, title, name).click()


def shown(recorder: Recorder) -> list[str]:
    return [call.vector for call in recorder.requests if call.host == VIDEO]


def nothing_shown(page: Page, recorder: Recorder) -> None:
    recorder.settle(least=0.6)
    assert shown(recorder) == []


def test_nothing_more_is_loaded_until_the_visitor_does_something(visit: Visit) -> None:
    page = visit("/films?tag=none", host=SHOP)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/embed/")[2]))
    page.goto(f"https://{SHOP}/films")
    page.wait_for_timeout(800)
    assert not [url for url in asked if "frames" in url or "held" in url or "more" in url]
    asking(page)
    assert len([url for url in asked if "/frames." in url]) == 1


def test_page_without_held_frames_loads_nothing_for_them(visit: Visit) -> None:
    page = visit("/plain?tag=none", host=SHOP)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"https://{SHOP}/plain")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<iframe src=/vectors title=Own></iframe>')")
    stir(page)
    page.wait_for_timeout(500)
    assert not [url for url in asked if "frames." in url]


@pytest.mark.parametrize("how", ["keyboard", "scroll"])
def test_whoever_has_no_mouse_is_asked_too(visit: Visit, how: str) -> None:
    page = films(visit)
    if how == "scroll":
        page.evaluate("document.body.style.minHeight = '300vh'; scrollTo(0, 200)")
    else:
        page.keyboard.press("Tab")
    expect(button(page, "First film", "Load once")).to_be_visible()


def test_placeholder_says_what_is_held(visit: Visit, recorder: Recorder) -> None:
    page = films(visit)
    told = listened(page)
    asking(page)
    words = frame(page, "First film").locator("main")
    expect(words).to_contain_text("This content comes from labvideo.example")
    expect(words).to_contain_text("Preferences and embedded content")
    assert page.locator("iframe[title='First film']").bounding_box() == {
        **(page.locator("iframe[title='First film']").bounding_box() or {}), "width": 404, "height": 229,
    }  # fmt: skip
    nothing_shown(page, recorder)
    assert told == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_buttons_are_in_sight_in_a_small_frame(visit: Visit, scheme: str) -> None:
    page = films(visit, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    asking(page, "Second film")
    inner = page.locator("iframe[title='Second film']").content_frame.locator("html")
    assert inner.evaluate(
        "html => html.scrollHeight <= html.clientHeight && html.scrollWidth <= html.clientWidth"
    )
    for name in ("Load once", "Always load"):
        assert (button(page, "Second film", name).bounding_box() or {})["height"] >= 44


def test_once_shows_one_frame_in_this_page_alone(visit: Visit, recorder: Recorder) -> None:
    page = films(visit)
    before = page.evaluate("history.length")
    press(page, "First film", "Load once")
    recorder.wait_for(["one"])
    recorder.settle()
    assert shown(recorder) == ["one"]
    (call,) = [call for call in recorder.requests if call.host == VIDEO]
    assert call.referrer == "https://gate.test/"
    assert page.evaluate("self.same && !cookiegate.choice.decided && !cookiegate.allows('labvideo')")
    assert page.evaluate("history.length") == before
    expect(button(page, "Second film", "Load once")).to_be_visible()
    expect(accept_button(page)).to_be_visible()
    recorder.clear()
    page.reload()
    asking(page)
    nothing_shown(page, recorder)


def test_frame_keeps_what_the_page_gave_it(visit: Visit, recorder: Recorder) -> None:
    page = films(visit)
    for title in ("First film", "Second film", "Boxed film"):
        press(page, title, "Load once")
    recorder.wait_for(["one", "two", "boxed"])
    inner: list[Frame] = []

    def all_there() -> bool:
        inner[:] = [each for each in page.frames if each.url.startswith(f"https://{VIDEO}")]
        return len(inner) == 3

    wait_until(page, all_there, "three frames of the service")
    given = {
        each.frame_element().get_attribute("title"): [
            each.frame_element().get_attribute(name) for name in ("allow", "allowfullscreen")
        ]
        for each in inner
        if "boxed" not in each.url
    }
    assert given == {"First film": ["fullscreen; autoplay", None], "Second film": ["", ""]}
    (boxed,) = [each for each in inner if "boxed" in each.url]
    assert boxed.evaluate("self.origin") == "null"


def test_always_shows_all_of_the_service_now_and_in_every_later_page(
    visit: Visit, recorder: Recorder
) -> None:
    page = films(visit)
    press(page, "Second film", "Always load")
    recorder.wait_for(["one", "two", "boxed"])
    recorder.settle()
    assert sorted(shown(recorder)) == ["boxed", "one", "two"]
    assert page.evaluate("self.same && cookiegate.allows('labvideo') && !cookiegate.allows('preferences')")
    assert page.evaluate("cookiegate.choice.services") == ["labvideo"]
    expect(accept_button(page)).to_be_visible()
    recorder.clear()
    page.goto(f"https://{SHOP}/films")
    recorder.wait_for(["one", "two", "boxed"])
    assert {call.referrer for call in recorder.requests if call.host == VIDEO} == {f"https://{SHOP}/"}
    assert not [each.url for each in page.frames if "gate.test" in each.url]


def test_after_withdrawal_frames_ask_again(visit: Visit, recorder: Recorder) -> None:
    page = films(visit)
    press(page, "First film", "Always load")
    recorder.wait_for(["one"])
    with page.expect_navigation():
        reject_button(page).click()
    page.wait_for_load_state()
    recorder.settle()
    recorder.clear()
    page.goto(f"https://{SHOP}/films")
    asking(page)
    nothing_shown(page, recorder)


def test_refusal_on_its_way_outlasts_always(visit: Visit, recorder: Recorder) -> None:
    """A grant of before is not brought back by the one service that is allowed after it."""
    page = visit("/plain", host=SHOP)
    accept(page)
    page.route("**/consent", lambda route: route.abort())
    page.evaluate("void cookiegate.reject()")
    page.wait_for_function("document.cookie.includes('gate-no=')")
    page.wait_for_timeout(300)
    page.goto(f"https://{SHOP}/films")
    press(page, "First film", "Always load")
    expect(frame(page, "First film").get_by_role("alert")).to_have_text("Your choice could not be saved.")
    nothing_shown(page, recorder)
    page.unroute("**/consent")
    button(page, "First film", "Always load").click()
    recorder.wait_for(["one"])
    assert page.evaluate(
        "cookiegate.allows('labvideo') && !cookiegate.allows('marketing') && cookiegate.choice.decided"
    )
    assert "~w" not in page.evaluate("document.cookie"), "nothing waits to be sent"


@pytest.mark.parametrize("name", ["Load once", "Always load"])
def test_with_marks_alone_the_frame_itself_comes_back(visit: Visit, recorder: Recorder, name: str) -> None:
    page = films(visit, host=MARKS, query="?as=gate")
    page.wait_for_timeout(300)
    assert shown(recorder) == []
    press(page, "First film", name)
    recorder.wait_for(["one"])
    recorder.settle()
    assert sorted(shown(recorder)) == (["one"] if name == "Load once" else ["boxed", "one", "two"])
    assert page.evaluate("self.same")
    assert not [each.url for each in page.frames if "gate.test" in each.url]
    recorder.clear()
    page.reload()
    recorder.settle(least=0.8)
    assert sorted(shown(recorder)) == ([] if name == "Load once" else ["boxed", "one", "two"])


def test_other_managers_marks_are_asked_for_too(visit: Visit, recorder: Recorder) -> None:
    page = films(visit, host=MARKS, query="?as=cookiebot")
    press(page, "First film", "Load once")
    recorder.wait_for(["one"])
    recorder.settle()
    assert shown(recorder) == ["one"]


@pytest.mark.parametrize("how", ["nonce", "pinned", "inline", "late", "async"])
def test_each_form_of_the_tag(visit: Visit, recorder: Recorder, how: str) -> None:
    page = films(visit, query=f"?tag={how}")
    page.wait_for_function("self.cookiegate")
    told = listened(page)
    if how in ("late", "async"):
        # What stood before the tag is nobody's to hold any more.
        page.evaluate(INSERT, "later")
        stir(page)
        expect(button(page, "later", "Load once")).to_be_visible()
        return
    press(page, "First film", "Load once")
    recorder.wait_for(["one"])
    recorder.settle()
    assert shown(recorder) == ["one"]
    assert told == []


def test_where_the_sites_own_policy_keeps_our_page_out(visit: Visit, recorder: Recorder) -> None:
    page = films(visit, query="?frames=theirs")
    press(page, "First film", "Load once")
    expect(frame(page, "First film").get_by_role("alert")).to_contain_text(
        "This page does not let it be shown"
    )
    nothing_shown(page, recorder)
    with page.expect_navigation():
        button(page, "First film", "Always load").click()
    recorder.wait_for(["one", "two", "boxed"])


INSERT = """name => {
  const frame = document.createElement('iframe');
  Object.assign(frame, { title: name, width: 400, height: 225 });
  frame.src = `https://video.labvideo.example/${name}.html`;
  document.querySelector('main').append(frame);
}"""


def test_frames_that_come_later_and_those_that_change(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    page.evaluate("history.pushState({}, '', '/another')")
    page.evaluate(INSERT, "later")
    press(page, "later", "Load once")
    recorder.wait_for(["later"])
    page.evaluate(INSERT, "second")
    expect(button(page, "second", "Always load")).to_be_visible()
    page.evaluate(f"document.querySelector('[title=later]').src = 'https://{VIDEO}/changed.html'")
    expect(button(page, "later", "Load once")).to_be_visible()
    recorder.settle()
    assert shown(recorder) == ["later"]
    button(page, "second", "Always load").click()
    recorder.wait_for(["changed", "second"])
    page.evaluate(INSERT, "third")
    recorder.wait_for(["third"])
    page.evaluate(f"document.querySelector('[title=third]').src = 'https://{VIDEO}/fourth.html'")
    recorder.wait_for(["fourth"])


@pytest.mark.node
def test_page_that_hydrates_goes_on_working(visit: Visit, recorder: Recorder) -> None:
    page = visit("/hydrated", host=SHOP)
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    press(page, "A film", "Load once")
    recorder.wait_for(["film0"])
    page.locator("#more").click()
    expect(page.locator("#more")).to_have_text("More: 1")
    press(page, "A film", "Always load")
    recorder.wait_for(["film1"])
    page.locator("#more").click()
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.locator("#more")).to_have_text("More: 2")
    recorder.settle()
    assert shown(recorder) == ["film0", "film1"]
    assert failed + page.evaluate("self.mended") == []


def test_typed_input_is_kept_whatever_is_pressed(visit: Visit, recorder: Recorder) -> None:
    page = films(visit)
    page.locator("#name").press_sequentially("Ada")
    press(page, "First film", "Load once")
    recorder.wait_for(["one"])
    button(page, "Second film", "Always load").click()
    recorder.wait_for(["two"])
    assert page.locator("#name").input_value() == "Ada"
    assert page.evaluate("self.same")


def test_what_is_accepted_over_typed_input_is_shown_at_once(visit: Visit, recorder: Recorder) -> None:
    page = films(visit)
    page.locator("#name").press_sequentially("Ada")
    asking(page)
    accept_button(page).click()
    recorder.wait_for(["one", "two", "boxed"])
    assert page.locator("#name").input_value() == "Ada"


def refuse(route: Route) -> None:
    route.abort()


def fail(route: Route) -> None:
    route.fulfill(status=503, json={"error": "Not now."})


@pytest.mark.parametrize("what", ["more.*.js", "frames.*.js", "held?*"])
@pytest.mark.parametrize("how", [refuse, fail])
def test_without_the_service_the_box_stays_as_it_is(
    visit: Visit, recorder: Recorder, what: str, how: Callable[[Route], None]
) -> None:
    page = visit("/plain", host=SHOP)
    page.route(f"**/{what}", how)
    page.goto(f"https://{SHOP}/films")
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    stir(page)
    page.wait_for_timeout(500)
    stir(page)
    expect(page.locator("#end")).to_be_visible()
    assert page.frames[1].locator("main").count() == 0
    nothing_shown(page, recorder)
    assert failed == []


@pytest.mark.parametrize("name", ["Load once", "Always load"])
@pytest.mark.parametrize(("how", "words"), [(refuse, "Your choice could not be saved."), (fail, "Not now.")])
def test_what_is_not_recorded_is_not_shown(
    visit: Visit, recorder: Recorder, name: str, how: Callable[[Route], None], words: str
) -> None:
    page = films(visit)
    page.route("**/consent", how)
    press(page, "First film", name)
    expect(frame(page, "First film").get_by_role("alert")).to_have_text(words)
    nothing_shown(page, recorder)
    page.unroute("**/consent")
    button(page, "First film", name).click()
    recorder.wait_for(["one"])


def test_signal_lets_one_frame_be_shown_and_stays(visit: Visit, recorder: Recorder) -> None:
    page = visit("/films", host=SHOP, extra_http_headers={"Sec-GPC": "1"})
    page.context.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })")
    page.reload()
    page.evaluate("""document.querySelector('main').append(Object.assign(document.createElement('iframe'),
        { title: 'An advert', width: 400, height: 300, src: 'https://ads.labads.example/advert.html' }))""")
    press(page, "An advert", "Always load")
    recorder.wait_for(["advert"])
    assert page.evaluate("!cookiegate.allows('labads') && !document.cookie.includes('labads')")


# Hostile pages.


def own_frame(page: Page, address: str) -> None:
    page.evaluate(
        """address => new Promise(done => document.body.append(Object.assign(document.createElement('iframe'),
               { src: address, id: 'hostile', onload: done })))""",
        address,
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/evil.html",
        "https://video.labvideo.example.evil.example/evil.html",
        "https://notlabvideo.example/evil.html",
        "https://video.labvideo.example@evil.example/evil.html",
        "//evil.example/evil.html",
        "javascript:parent.document.title='evil'",
        "data:text/html,<script>top.postMessage('evil','*')</script>",
        "https://gate.test/_gate/embed/shop.test/settings",
        "https://ads.labads.example/evil.html",
        "",
    ],
)
def test_page_for_one_frame_shows_nothing_of_others(visit: Visit, recorder: Recorder, address: str) -> None:
    page = visit("/plain", host=SHOP)
    encoded = page.evaluate("encodeURIComponent", address) if address else ""
    own_frame(page, f"{GATE}/shop.test/frame/labvideo#src={encoded.replace('.', '%2E')}")
    inner = page.frames[1]
    assert inner.url.startswith(GATE)
    assert inner.locator("iframe").count() == 0
    recorder.settle(least=0.5)
    assert "evil" not in recorder.vectors


def test_policy_of_that_page_says_so_too(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    own_frame(page, f"{GATE}/shop.test/frame/labvideo")
    page.frames[1].evaluate("""() => document.body.append(
        Object.assign(document.createElement('iframe'), { src: 'https://evil.example/evil.html' }),
        Object.assign(document.createElement('img'), { src: 'https://evil.example/evil.png' }))""")
    recorder.settle(least=0.8)
    assert "evil" not in recorder.vectors


@pytest.mark.parametrize("address", ["shop.test/frame/labvideo", "second.test/frame/labvideo"])
def test_another_site_cannot_show_it(visit: Visit, recorder: Recorder, address: str) -> None:
    """Not even inside a page of the site itself: every page around it must be one of the site's."""
    page = visit("/plain?tag=none", host="strict.test")
    source = f"{GATE}/{address}#src=https%3A%2F%2F{VIDEO}%2Fevil.html"
    own_frame(page, source)
    within = f'<iframe src="{source}"></iframe>'
    page.context.route("**/within", lambda route: route.fulfill(content_type="text/html", body=within))
    own_frame(page, "https://shop.test/within")
    recorder.settle(least=0.8)
    assert "evil" not in recorder.vectors


def test_opened_by_itself_it_is_no_page(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    answer = page.goto(f"{GATE}/shop.test/frame/labvideo#src=https%3A%2F%2F{VIDEO}%2Fevil.html")
    assert answer is not None
    assert answer.status == 404
    nothing_shown(page, recorder)


def test_messages_of_others_change_nothing(visit: Visit, recorder: Recorder) -> None:
    page = films(visit)
    asking(page)
    posts: list[Request] = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    page.evaluate(
        """for (const data of ['once', { once: 'labvideo' }, { name: 'always', id: 'labvideo', source: 'placeholder' }])
             for (const target of [self, frames[0], frames[1]]) target.postMessage(data, '*')"""
    )
    nothing_shown(page, recorder)
    assert posts == []


def test_address_that_is_none_of_the_web_is_asked_for_by_nobody(visit: Visit) -> None:
    page = visit("/plain", host=MARKS)
    page.evaluate(
        """document.querySelector('main').insertAdjacentHTML('beforeend',
             `<iframe title=Bad data-gate=labvideo data-gate-src="javascript:top.evil=1"></iframe>
              <iframe title=Good data-gate=labvideo data-gate-src="https://video.labvideo.example/x.html"></iframe>`)"""
    )
    asking(page, "Good")
    expect(button(page, "Bad", "Load once")).to_have_count(0)
    assert page.evaluate("self.evil") is None


# Everybody can use it.


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_moves(keeping: Keeping, scheme: str) -> None:
    context = keeping(color_scheme=scheme)
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.goto(f"https://{SHOP}/films")
    asking(page)
    page.wait_for_timeout(300)
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if "iframe" in str(each["nodes"])] == []
    for each in page.frames[1:3]:
        assert [found["id"] for found in Axe().run(each).response["violations"]] == []
    button(page, "First film", "Load once").click()
    page.wait_for_timeout(500)
    assert page.evaluate("self.shifts") == []


def test_keyboard_reaches_and_presses_the_buttons(visit: Visit, recorder: Recorder) -> None:
    page = films(visit)
    asking(page)
    page.locator("#name").focus()
    page.keyboard.press("Tab")
    expect(button(page, "First film", "Load once")).to_be_focused()
    page.keyboard.press("Enter")
    recorder.wait_for(["one"])
    assert page.evaluate("document.activeElement.title") == "First film"


def test_frame_that_nobody_sees_asks_nobody_until_it_is_seen(visit: Visit) -> None:
    page = films(visit)
    asking(page)
    hidden = page.locator("iframe[title='Nothing to see']")
    expect(frame(page, "Nothing to see").get_by_role("button")).to_have_count(0)
    hidden.evaluate("frame => { frame.hidden = false; frame.width = 320; frame.height = 180; }")
    expect(button(page, "Nothing to see", "Load once")).to_be_visible()


# A site behind the gate whose pages are the same for everyone.


@pytest.mark.parametrize("name", ["Load once", "Always load"])
def test_frames_that_come_later_in_a_page_for_everyone(visit: Visit, recorder: Recorder, name: str) -> None:
    page = visit("/partial", host=SAME)
    server = frame(page, "A film").get_by_role("button", name="Load once")
    expect(server).to_be_visible()
    page.evaluate(INSERT, "later")
    press(page, "later", name)
    recorder.wait_for(["later"] if name == "Load once" else ["later", "video"])
    recorder.settle()
    assert sorted(shown(recorder)) == (["later"] if name == "Load once" else ["later", "video"])
    recorder.clear()
    page.goto(f"https://{SAME}/partial")
    recorder.settle(least=0.8)
    assert shown(recorder) == ([] if name == "Load once" else ["video"])


MARKED = """new MutationObserver(changes => changes.forEach(({ addedNodes }) => addedNodes.forEach(node => {
  if (node.localName != 'iframe') return;
  self.first = node.contentDocument;
  node.contentWindow.marked = node.src;
}))).observe(document, { childList: true, subtree: true })"""
"""What a frame has before ours takes its address away."""
LATE_TIMERS = "const timer = setTimeout; self.setTimeout = (what, after = 0) => timer(what, after + 300);"
"""Chromium holds timers back while a page loads, on a busy machine for as long as a frame takes to go elsewhere."""


@pytest.mark.parametrize("timers", ["", LATE_TIMERS], ids=["", "late timers"])
def test_held_frame_keeps_its_first_document_and_the_page_ends_loading(
    visit: Visit, recorder: Recorder, timers: str
) -> None:
    page = visit("/plain?tag=none", host=SHOP)
    page.context.add_init_script(MARKED + ";" + timers)
    gone: list[str] = []
    page.on("framenavigated", lambda frame: gone.append(frame.url) if frame.parent_frame else None)
    page.goto(f"https://{SHOP}/vectors", wait_until="load")
    page.wait_for_timeout(500)
    held = page.locator("iframe")
    expect(held).to_have_attribute("data-gate-src", "https://iframe.stranger.example/iframe.html")
    assert held.evaluate("frame => frame.contentDocument.URL") == "about:blank"
    assert held.evaluate("frame => frame.contentDocument === self.first")
    assert held.evaluate("frame => frame.contentWindow.marked") == held.get_attribute("data-gate-src")
    assert gone == []
    assert "iframe" not in recorder.vectors


def test_frame_that_is_given_another_address_at_once_goes_there(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SHOP)
    page.evaluate(
        """async () => {
          const frame = Object.assign(document.createElement('iframe'), { src: 'https://video.labvideo.example/x' });
          document.body.append(frame);
          await Promise.resolve();
          self.held = frame.getAttribute('src') === null;
          frame.src = '/vectors?tag=none';
        }"""
    )
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
    assert page.evaluate("self.held")
