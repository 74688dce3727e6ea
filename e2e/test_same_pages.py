"""Pages that are the same for everyone (`cache = "shared"`): held for all, released by their own script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import Visit
from .lab.lab import OPEN, SAME, Lab
from .lab.recorder import Recorder
from .lab.visitor import ACCEPT, accept, accept_button, choose, ran, reject, reject_button
from .site.vectors import MORE, PEERS_17, WORKERS, XHTML
from .test_partial import CHOICES, HOSTS

JAVASCRIPT = pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])


@JAVASCRIPT
@pytest.mark.parametrize("path", ["/vectors", "/vectors?known=1", "/order"])
def test_nobody_is_reached_before_a_choice(visit: Visit, recorder: Recorder, path: str, js: bool) -> None:
    page = visit(path, host=SAME, js=js)
    recorder.settle(least=0.8)
    assert [str(call) for call in recorder.calls] == []
    if js:
        expect(accept_button(page)).to_be_visible()


@pytest.mark.parametrize("path", ["/vectors", "/vectors?known=1"])
def test_all_seventeen_run_after_accept(visit: Visit, recorder: Recorder, path: str) -> None:
    page = visit(path, host=SAME)
    accept(page)
    recorder.wait_for(PEERS_17)
    assert set(PEERS_17) - recorder.vectors == set()
    assert {"script", "async", "module", "injected"} <= set(ran(page))


def test_scripts_run_in_document_order_after_accept(visit: Visit) -> None:
    page = visit("/order", host=SAME)
    assert ran(page) == ["own"]
    accept(page)
    page.wait_for_function("self.ran.length == 10")
    held = [name for name in ran(page) if name != "own"]
    assert held == ["1", "2", "3", "4", "5", "6", "7", "8", "9"]


def test_nothing_runs_after_refusal_or_withdrawal(visit: Visit, recorder: Recorder) -> None:
    page = visit("/vectors", host=SAME)
    accept(page)
    recorder.wait_for(PEERS_17)
    page.get_by_role("link", name="Cookie settings").click()
    expect(page.get_by_role("button", name=ACCEPT)).to_be_visible()
    with page.expect_navigation():
        reject_button(page).click()
    page.wait_for_load_state()
    recorder.settle()
    recorder.clear()
    page.goto(f"https://{SAME}/vectors")
    recorder.settle(least=0.8)
    assert [str(call) for call in recorder.calls] == []
    assert ran(page) == []
    expect(accept_button(page)).to_have_count(0)


BARE = {"injectedframe.stranger.example", "iframe.stranger.example"}
"""As behind the gate's header: Chromium connects for a frame that script builds, or that no markup holds."""


@JAVASCRIPT
@pytest.mark.parametrize("path", ["/more", "/workers", "/page.xhtml", "/collect-page", "/utf16"])
def test_nobody_is_reached_by_further_vectors(visit: Visit, recorder: Recorder, path: str, js: bool) -> None:
    page = visit(path, host=SAME, js=js)
    if path == "/more":
        page.locator("#ping").click()
    recorder.settle(least=1.5)
    assert [str(call) for call in recorder.requests] == []
    assert recorder.hosts <= BARE


def test_every_further_vector_runs_after_accept(visit: Visit, recorder: Recorder) -> None:
    page = visit("/more", host=SAME)
    accept(page)
    page.wait_for_load_state()
    page.locator("#ping").click()
    recorder.wait_for([*MORE, "ping"])
    recorder.settle()
    assert {*MORE, "ping"} - recorder.vectors == STAY_HELD


STAY_HELD = {"importmap"}
"""A browser goes on with the first map that names a module: a later one cannot change it."""


@JAVASCRIPT
@pytest.mark.parametrize("chosen", CHOICES, ids="+".join)
def test_choice_releases_only_its_categories(
    visit: Visit, recorder: Recorder, chosen: list[str], js: bool
) -> None:
    page = visit("/partial", host=SAME, js=js)
    choose(page, *chosen)
    recorder.settle(least=0.8)
    wanted: set[str] = set().union(*(HOSTS[name] for name in chosen))
    assert recorder.hosts == (wanted if js else set())
    if js:
        expect(accept_button(page)).to_have_count(0)


def test_scripts_of_a_released_category_run_and_may_build_more(visit: Visit, recorder: Recorder) -> None:
    page = visit("/partial", host=SAME)
    choose(page, "analytics")
    recorder.wait_for(["analytics-late", "analytics"])
    page.wait_for_function("self.ran.length")
    assert ran(page) == ["analytics"]


@pytest.mark.parametrize("how", ["once", "always"])
def test_placeholder_loads_one_embed(visit: Visit, recorder: Recorder, how: str) -> None:
    page = visit("/partial", host=SAME)
    page.frame_locator("iframe[title='A film']").get_by_role("button", name=how).click()
    recorder.wait_for(["video"])
    recorder.settle()
    assert {call.host for call in recorder.requests} == {"video.labvideo.example"}
    recorder.clear()
    page.goto(f"https://{SAME}/partial")
    recorder.settle(least=0.8)
    assert recorder.hosts == ({"video.labvideo.example"} if how == "always" else set())
    expect(accept_button(page)).to_be_visible()


def test_embed_that_nobody_has_named_is_released_by_its_host(visit: Visit, recorder: Recorder) -> None:
    page = visit("/vectors", host=SAME)
    page.frame_locator("iframe[title='A frame']").get_by_role("button", name="always").click()
    recorder.wait_for(["iframe"])
    recorder.settle()
    assert {call.host for call in recorder.requests} == {"iframe.stranger.example"}


def test_page_whose_script_does_not_come_stays_held(visit: Visit, recorder: Recorder) -> None:
    page = visit("/plain", host=SAME)
    accept(page)
    page.context.route("**/_gate/embed/**", lambda route: route.abort())
    page.goto(f"https://{SAME}/vectors")
    recorder.settle(least=0.8)
    assert [str(call) for call in recorder.calls] == []


def test_grant_without_script_releases_nothing(visit: Visit, recorder: Recorder) -> None:
    page = visit("/vectors", host=SAME, js=False)
    choose(page, "preferences", "analytics", "marketing")
    recorder.settle(least=0.8)
    assert [str(call) for call in recorder.calls] == []
    expect(page.get_by_role("link", name="Cookie settings")).to_have_count(1)


@pytest.mark.parametrize("decide", [accept, reject])
def test_choice_is_set_by_the_server_and_read_by_script(visit: Visit, decide: object) -> None:
    page = visit("/plain", host=SAME)
    decide(page)  # type: ignore[operator]
    page.wait_for_function("cookiegate.choice.decided && /gate-no=[^;~]*~[^;w]*(;|$)/.test(document.cookie)")
    (kept,) = [one for one in page.context.cookies() if one.get("name") == "__Host-gate"]
    assert (kept.get("httpOnly"), kept.get("secure"), kept.get("sameSite")) == (False, True, "Lax")


def test_signal_is_honoured_and_said(visit: Visit, recorder: Recorder) -> None:
    page = visit("/vectors", host=SAME, extra_http_headers={"DNT": "1"})
    page.context.add_init_script("Object.defineProperty(navigator, 'doNotTrack', { value: '1' })")
    page.reload()
    expect(page.get_by_text("Opt-out signal honoured:")).to_be_visible()
    expect(accept_button(page)).to_have_count(0)
    recorder.settle(least=0.8)
    assert [str(call) for call in recorder.calls] == []


def test_bytes_are_equal_whatever_was_chosen(visit: Visit) -> None:
    page = visit("/vectors", host=SAME)
    read = "fetch('/vectors').then(answer => answer.text())"
    before = page.evaluate(read)
    reject(page)
    assert page.evaluate(read) == before
    with page.expect_navigation():
        page.evaluate("void cookiegate.accept()")
    page.wait_for_load_state()
    assert page.evaluate(read) == before


@pytest.mark.parametrize(("path", "wanted"), [("/workers", WORKERS), ("/page.xhtml", XHTML)])
def test_what_is_no_html_page_runs_after_accept(
    visit: Visit, recorder: Recorder, path: str, wanted: list[str]
) -> None:
    page = visit("/plain", host=SAME)
    accept(page)
    page.goto(f"https://{SAME}{path}")
    recorder.wait_for(wanted)
    assert set(wanted) - recorder.vectors == set()


def test_banner_moves_nothing(visit: Visit) -> None:
    page = visit("/plain", host=SAME)
    expect(accept_button(page)).to_be_visible()
    shift = """new Promise(done => new PerformanceObserver(list => done(list.getEntries()
        .reduce((sum, one) => sum + one.value, 0))).observe({ type: "layout-shift", buffered: true }))"""
    assert page.evaluate(f"Promise.race([{shift}, new Promise(done => setTimeout(done, 500, 0))])") == 0


AHEAD = {"script", "async", "module", "stylesheet", "preload", "img", "srcset"}
"""What Chromium asks for ahead of its parser, while the page's script is on its way."""


@JAVASCRIPT
def test_what_no_markup_holds_is_left_to_the_policy(
    visit: Visit, recorder: Recorder, lab: Lab, js: bool
) -> None:
    """As if the rewriter had missed all of it: how far the page's own policy carries by itself."""
    page = visit("/plain", host=SAME, js=js)
    gated = lab.fetch("/vectors", host=SAME, headers={"Sec-Fetch-Dest": "document"}).text
    begin, rest = gated[: gated.index("<head>") + 6], gated[gated.index("<head>") + 6 :]
    head = rest[: rest.index("</script>", rest.index("self.cookiegate||")) + 9]
    raw = lab.fetch("/vectors", host=OPEN).text.partition("<head>")[2]
    page.context.route(
        "**/vectors", lambda route: route.fulfill(body=begin + head + raw, content_type="text/html")
    )
    page.goto(f"https://{SAME}/vectors")
    recorder.settle(least=0.8)
    assert recorder.vectors <= (AHEAD if js else set())
    assert ran(page) == [] if js else True
